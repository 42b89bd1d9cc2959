"""What changes: publishing figures, each an append-only :class:`~yizhantong.kernel.figures.models.Snapshot`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import translation

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.figures import queries, snapshots, sources
from yizhantong.kernel.figures.declare import Figure
from yizhantong.kernel.figures.errors import FigureError
from yizhantong.kernel.figures.models import Snapshot
from yizhantong.kernel.figures.snapshots import Check
from yizhantong.kernel.figures.sources import State
from yizhantong.kernel.figures.values import rounded, text_of
from yizhantong.kernel.ledger import Ledger, ledger, segments


def publish(
    codes: Sequence[str],
    as_of: dt.date | None = None,
    account: policy.Account | None = None,
    *,
    division: str | None = None,
    note: str = "",
) -> list[Snapshot]:
    """Publish figures as of a day: seal their ledgers, count the sealed facts, keep value, definition and seals.

    An ``account`` of None is the platform itself. Raises ``Refused`` (permission ``figures.publish`` over the division, in the
    figure's zone) and :class:`FigureError`: a wrong question, or ``figures.unsealed`` when a fact that counts cannot be
    sealed yet. Not to be called within a transaction: a seal holds only what is committed.
    """
    asked = [queries.find(code) for code in dict.fromkeys(codes)]
    day = queries.day_of(as_of)
    queries.divisions_of(division)
    if len(note) > 200:
        raise FigureError("figures.note_too_long", "发布备注最多 200 字")
    _allowed(asked, account, division)
    held = {item.ledger: ledger(item.ledger) for figure in asked for item in queries.parts_of(figure)}
    states = _sealed(held)
    moment = clock.now()
    author = account if isinstance(account, User) else None
    with transaction.atomic():
        made = [_snapshot(figure, day, division, states) for figure in asked]
        for snapshot in made:
            snapshot.published_at, snapshot.published_by, snapshot.note = moment, author, note
            snapshot.save(force_insert=True)
    return made


def check_snapshot(number: int) -> Check:
    """Count a published figure again from the segments it names; :class:`FigureError` ``figures.unknown_snapshot``."""
    snapshot = Snapshot.objects.filter(pk=number).first()
    if snapshot is None:
        raise FigureError("figures.unknown_snapshot", f"没有编号为 {number} 的数据快照")
    return snapshots.check(snapshot)


def _allowed(asked: Sequence[Figure], account: policy.Account | None, division: str | None) -> None:
    if account is None:
        return
    for zone in sorted({figure.zone for figure in asked}):
        if not policy.reach(account, "figures.publish", zone).covers(division):
            raise policy.Refused("figures.publish", division)


def _sealed(held: Mapping[str, Ledger]) -> dict[str, State]:
    """Seal what is not sealed yet, and return the states after it."""
    for code, state in sources.states(held.values()).items():
        if state.last_id > state.sealed_to:
            segments.seal(held[code])
    return sources.states(held.values())


def _snapshot(figure: Figure, day: dt.date, division: str | None, states: Mapping[str, State]) -> Snapshot:
    parts = queries.parts_of(figure)
    named = {item.ledger: states[item.ledger] for item in parts}
    _refuse_unsealed(named, day)
    figures = [figure, *parts] if parts != [figure] else [figure]
    raw = snapshots.count(figures, day, division, snapshots.sealed_only(named))
    period = queries.span_of(figure, day)
    with translation.override("zh-hans"):
        label, definition = str(figure.label), str(figure.definition)
    return Snapshot(
        figure=figure.code, label=label, raw=snapshots.as_text(raw), shown=text_of(rounded(raw, figure)),
        unit=figure.unit, as_of=day, period_start=period.start, period_end=period.end, division_id=division,
        definition_version=queries.definition_version(figure), definition=definition,
        declaration=snapshots.declaration_of(figure),
        seal={
            code: {"number": len(state.segments), "seal": state.seal, "head": state.head, "last_id": state.sealed_to}
            for code, state in named.items()
        },
    )  # fmt: skip


def _refuse_unsealed(states: Mapping[str, State], day: dt.date) -> None:
    for code, state in states.items():
        left = ledger(code).model._base_manager.filter(id__gt=state.sealed_to, recorded_at__lt=clock.end_of(day))
        if left.exists():
            raise FigureError("figures.unsealed", f"台账 {code} 有记录正在登记、尚不能封存,请稍后再发布")
