"""The programme of an event on paper: who meets whom, when and where."""

from __future__ import annotations

import datetime as dt

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files import programmes
from yizhantong.zones.finance import access
from yizhantong.zones.finance.events import queries
from yizhantong.zones.finance.models import MatchEvent, Talk


def programme(event: MatchEvent, talks: list[Talk], account: Account) -> bytes:
    """Return the PDF of an event's meetings: with the grid for the office, for others only their own sheets."""
    tables: list[str] = []
    rows: list[programmes.Slot] = []
    if access.manages(account):
        board = queries.board(event, talks)
        tables = board.tables
        rows = [programmes.Slot(_time(row.begins, row.ends), [_cell(talk) for talk in row.cells]) for row in board.rows]
    sheets = [_sheet(event, sheet) for sheet in queries.sheets(event, talks, account)]
    host = event.host.name if event.host else ""
    made = programmes.Programme(
        title=event.title, about=f"{event.day:%Y-%m-%d}  {event.place}", host=host, sheets=sheets, tables=tables, rows=rows,
        demonstration=clock.demonstration_day() is not None,
    )  # fmt: skip
    return programmes.typeset(made, clock.now())


def _sheet(event: MatchEvent, sheet: queries.Sheet) -> programmes.Sheet:
    own = sheet.invitation
    rows = []
    for talk in sheet.talks:
        other = talk.bank if talk.enterprise_id == own.pk else talk.enterprise
        rows.append((_time(*event.times(talk.slot)), other.organisation.name, event.table_name(talk.table)))
    return programmes.Sheet(own.organisation.name, rows, own.who)


def _cell(talk: Talk | None) -> programmes.Cell:
    return None if talk is None else (talk.enterprise.organisation.name, talk.bank.organisation.name)


def _time(begins: dt.time, ends: dt.time) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}"
