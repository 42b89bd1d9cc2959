"""Why an account sees a case: reasons, each of them with the index by which its cases are found, newest first.

Asked all at once ("his own, or his office's, or with a step of his office …") a database walks the whole table; so a list is made
of the newest of each reason, each found by its own index in order of ids, of which the newest of all are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people, rules
from yizhantong.kernel.cases.models import Case, CaseStep, Transfer

SEEING = (rules.VIEW,)
WATCHING = (rules.SUPERVISE, rules.RULE)
WORKING = (rules.INTAKE, rules.HANDLE, rules.DECIDE)
AGENT = ("counter", "behalf", "batch")
STEP, TRANSFER, ALL = "step", "transfer", ""
_TERMS = 200
"""Values of one reason that are asked in one statement (SQLite takes 500)."""
_VALUE = "\ufdd0"
"""Stands for the value of a reason in a statement that is made once for many."""
_SENT = ~Q(state=Case.State.DRAFT)
_INDEXES = {
    "filed_by_id": "case_by_account", "person_id": "case_by_person", "organisation_id": "case_by_organisation",
    "office_id": "case_by_office", "division_id": "case_by_division", STEP: "case_step_by_office",
}  # fmt: skip
"""The index of each reason. SQLite is told: by what it knows of a column it may prefer to walk the table in order of ids."""
_PRECISE = ("number", "pk", "id")
"""Conditions that find few cases by themselves, for which an index need not be named."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Cases are seen whose ``column`` has one of ``values``, as far as ``further`` holds of them.

    ``column``: one of the case that is indexed with its id; ``step`` (an office that has or had a step in it); ``transfer``
    (an office that is asked to take it); or empty: all.
    """

    column: str
    values: tuple[Any, ...] = ()
    further: Q = field(default_factory=Q)

    @property
    def condition(self) -> Q:
        """Return the reason as a condition on cases."""
        if self.column == ALL:
            return Q(pk__isnull=False) & self.further  # an empty Q, joined by "or" with others, would say nothing
        if self.column == STEP:
            rows: QuerySet[Any] = CaseStep.objects.filter(case_id=OuterRef("pk"), office_id__in=self.values)
            return Q(Exists(rows)) & self.further
        if self.column == TRANSFER:
            asked = Q(receiver_id__in=self.values, state=Transfer.State.ASKED)
            return Q(Exists(Transfer.objects.filter(asked, case_id=OuterRef("pk")))) & self.further
        return Q(**{f"{self.column}__in": self.values}) & self.further

    def newest(self, value: Any, narrowed: Q, size: int) -> QuerySet[Any, tuple[int]]:
        """Return the ids of the newest cases for one of the values, as one index gives them."""
        if self.column in (STEP, TRANSFER):
            narrowed = _beside(self.further & narrowed)
            rows: QuerySet[Any] = (
                CaseStep.objects.filter(narrowed, office_id=value) if self.column == STEP
                else Transfer.objects.filter(narrowed, receiver_id=value, state=Transfer.State.ASKED)
            )  # fmt: skip
            return rows.order_by("-case_id").values_list("case_id").distinct()[:size]
        own = Q() if self.column == ALL else Q(**{self.column: value})
        return Case.objects.filter(own & self.further & narrowed).order_by("-id").values_list("id")[:size]


def _beside(condition: Q) -> Q:
    """Return a condition on cases as one on rows that belong to a case."""
    children = [
        _beside(each) if isinstance(each, Q) else (f"case__{each[0]}", each[1])  # type: ignore[index]
        for each in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def reasons(account: User) -> list[Reason]:
    """Return why the account sees cases; none for whom there is nothing to see. Values of like reasons are put together."""
    merged: dict[tuple[str, Q], dict[Any, None]] = {}
    for each in (*own(account), *_official(account)):
        merged.setdefault((each.column, each.further), {}).update(dict.fromkeys(each.values))
    if (ALL, _SENT) in merged:
        merged = {key: values for key, values in merged.items() if key == (ALL, _SENT) or _SENT not in _parts(key[1])}
    return [Reason(column, tuple(values), further) for (column, further), values in merged.items()]


def _parts(condition: Q) -> list[Any]:
    return [condition, *condition.children]


def own(account: User) -> list[Reason]:
    """Return the reasons of one who asks: his own cases, those of organisations whose mandate he holds today, those he filed for others."""
    found = [Reason("filed_by_id", (account.pk,), Q(channel__in=AGENT))]
    if account.person_id is not None:
        found.append(Reason("person_id", (account.person_id,)))
        zones: dict[str, list[str]] = {}
        for firm, zone in sorted(people.mandates_of(account)):
            zones.setdefault(zone, []).append(firm)
        found += [
            Reason("organisation_id", tuple(firms), Q(zone=zone) if zone else Q()) for zone, firms in zones.items()
        ]
    return found


def asks(found: Sequence[Reason], case: Case) -> bool:
    """Tell whether, by these reasons, the account asks for the case or acts for who does."""
    column = "person_id" if case.organisation_id is None else "organisation_id"
    return any(
        reason.column == column
        and getattr(case, column) in reason.values
        and reason.further in (Q(), Q(zone=case.zone))
        for reason in found
    )


def _official(account: User) -> Iterator[Reason]:
    """Yield what an official sees; drafts never."""
    if not account.is_staff:
        return
    for permission in (*SEEING, *WATCHING, *WORKING):
        for zone in sorted(policy.zones_of(account, permission)):
            reach = policy.reach(account, permission, zone)
            for each in _within(account, reach, permission) if reach else ():
                further = _SENT & each.further & Q(zone=zone) if zone else _SENT & each.further
                yield Reason(each.column, each.values, further)


def _within(account: User, reach: policy.Reach, permission: str) -> Iterator[Reason]:
    """Yield the cases within a reach. Working permissions show what one's own office has to do with, and no more."""
    if permission in WORKING:
        inside = reach.everywhere or reach.includes(account.agency_id)
        further = Q() if inside else Q(division_id__in=sorted(reach.divisions))
        yield from _of_office((account.agency_id,) if account.agency_id else (), further)
        return
    if reach.everywhere:
        yield Reason(ALL)
        return
    if reach.divisions:
        yield Reason("division_id", tuple(sorted(reach.divisions)))
    if reach.agencies and permission == rules.SUPERVISE:
        yield Reason("office_id", tuple(sorted(reach.agencies)))
    elif permission == rules.VIEW:
        yield from _of_office(tuple(sorted(reach.agencies)))


def _of_office(offices: tuple[str, ...], further: Q = Q()) -> Iterator[Reason]:  # noqa: B008 - a Q is never changed
    if offices:
        yield Reason("office_id", offices, further)
        yield Reason(STEP, offices, further)
        yield Reason(TRANSFER, offices, further)


def newest(found: Sequence[Reason], narrowed: Mapping[str, Any], after: int | None, size: int) -> list[int]:
    """Return the ids of the newest ``size`` cases that are seen for any of the reasons, below the id ``after``.

    ``narrowed`` are further conditions, as for ``filter``. Each reason is one look into an index; together they are one
    statement (more where a reason has hundreds of values).
    """
    condition = Q(**narrowed) & (Q() if after is None else Q(pk__lt=after))
    named = connection.vendor == "sqlite" and not any(name.partition("__")[0] in _PRECISE for name in narrowed)
    statements: list[tuple[str, list[Any]]] = []
    for reason in found:
        statements += _statements(reason, condition, size, _INDEXES.get(reason.column) if named else None)
    ids: set[int] = set()
    with connection.cursor() as cursor:
        for place in range(0, len(statements), _TERMS):
            part = statements[place : place + _TERMS]
            union = " UNION ALL ".join(sql for sql, _params in part)
            cursor.execute(union, [value for _sql, params in part for value in params])
            ids.update(row[0] for row in cursor.fetchall())
    return sorted(ids, reverse=True)[:size]


def _statements(reason: Reason, condition: Q, size: int, index: str | None = None) -> list[tuple[str, list[Any]]]:
    """Return the statements of one reason: made once, and used with each of its values; by ``index`` where one is named."""
    many = len(reason.values) > 1
    value = _VALUE if many else next(iter(reason.values), None)
    try:
        sql, params = reason.newest(value, condition, size).query.sql_with_params()
    except EmptyResultSet:
        return []
    if index is not None:
        table = f'FROM "{(CaseStep if reason.column == STEP else Case)._meta.db_table}"'
        sql = sql.replace(table, f'{table} INDEXED BY "{index}"', 1)
    if not many:
        return [(f"SELECT * FROM ({sql}) AS newest", list(params))]
    place = params.index(_VALUE)
    before, behind = list(params[:place]), list(params[place + 1 :])
    if connection.vendor != "postgresql":
        return [(f"SELECT * FROM ({sql}) AS newest", [*before, each, *behind]) for each in reason.values]
    parts = sql.split("%s")  # planned once, for all values
    inner = "%s".join(parts[: place + 1]) + "given.value" + "%s".join(parts[place + 1 :])
    lateral = f"SELECT newest.* FROM unnest(%s::text[]) AS given(value) CROSS JOIN LATERAL ({inner}) AS newest"
    return [(lateral, [list(reason.values), *before, *behind])]
