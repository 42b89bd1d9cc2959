"""Asking: a draft is kept, changed, thrown away, submitted; or filed at once at a counter, on behalf, in a batch, by matching."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import checks, materials, numbers, people, rules, store
from yizhantong.kernel.cases.actions.accepting import ask_intake, begin_handling
from yizhantong.kernel.cases.engine import Change, Event, State, change, creation
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import Case, CaseMaterial
from yizhantong.kernel.cases.pinned import Pinned, pinned
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.items.sealed import open_data, seal_data
from yizhantong.kernel.parties.models import Organisation, Person

Applicant = Organisation | Person
Channel = Case.Channel
_TRIES = 3


def draft(item: Item, *, applicant: Applicant, account: policy.Account | None, channel: str = Channel.ONLINE,
          data: Mapping[str, Any] | None = None, agent: str = "") -> Case:  # fmt: skip
    """Begin a case: a draft that only the asker (or the agent who files it) sees; it can be taken up on another device.

    ``agent`` names who comes to the counter for the asker. Raises :class:`CaseError` (``cases.suspended``,
    ``cases.not_published``, ``cases.not_the_applicant``) or ``Refused``.
    """
    made = _new(item, applicant, account, channel, agent)
    made.data = seal_data(pinned(made.version_id).ready, checks.known(pinned(made.version_id), data or {}))
    with transaction.atomic():
        store.insert(made)
    return made


def save_draft(case: Case, data: Mapping[str, Any], account: policy.Account | None) -> Case:
    """Keep the form as far as it is filled in; nothing is checked but that the fields are the form's."""
    with change(case, "save_draft", account) as work:
        work.set(data=seal_data(work.version.ready, checks.known(work.version, data)))
        for one in work.hooks:
            one.on_draft_saved(work.case)
    return case


def discard(case: Case, account: policy.Account | None) -> None:
    """Throw a draft away, with what was attached to it."""
    with transaction.atomic():
        held = store.locked(case.pk)
        rules.check(account, "discard", held)
        CaseMaterial.objects.filter(case_id=held.pk).delete()
        Case.objects.filter(pk=held.pk).delete()


def submit(case: Case, *, account: policy.Account | None, idempotency_key: str | None = None, source: str = "") -> Case:
    """Submit a draft: from now on an office answers for it. ``case.query_password`` is shown once, with the receipt.

    The same key again returns the case as it stands. Raises :class:`CaseError`: ``cases.form`` (``details["errors"]`` by
    data element), ``cases.materials`` (``details["missing"]``), ``cases.wrong_state``, or what a zone refuses.
    """
    if idempotency_key is not None:
        earlier = _filed_with(idempotency_key, account)
        if earlier is not None:
            return earlier
    if rules.may(account, "submit", case).ok:
        _still_in_force(case)
    try:
        with change(case, "submit", account, source) as work:
            _submit(work, open_data(work.version.ready, work.case.data), idempotency_key, materials.given(work.case))
    except CaseError:
        earlier = _filed_with(idempotency_key, account)
        if earlier is None or earlier.pk != case.pk:
            raise
        return earlier
    return case


def file(item: Item, *, applicant: Applicant, data: Mapping[str, Any], account: policy.Account | None,
         channel: str = Channel.ONLINE, materials: Iterable[Mapping[str, Any]] = (), idempotency_key: str | None = None,
         source: str = "", agent: str = "", details: Mapping[str, Any] | None = None) -> Case:  # fmt: skip
    """Draft and submit in one. ``materials``: ``{"code", "mode", "file"?, "remark"?, "trust"?}``; ``details`` are the zone's own.

    The same idempotency key again returns the case that it made, however often and at once it is repeated.
    """
    for attempt in range(_TRIES):
        earlier = _filed_with(idempotency_key, account)
        if earlier is not None:
            return earlier
        made = _new(item, applicant, account, channel, agent)
        made.details = made.details | dict(details or {})
        try:
            with creation(made, account, source) as work:
                _submit(work, dict(data), idempotency_key, _given(work, list(materials)))
            return made
        except IntegrityError as error:
            taken = "number" in str(error) or "idempotency_key" in str(error) or "case_filed_once" in str(error)
            if not taken or connection.in_atomic_block or attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _new(item: Item, applicant: Applicant, account: policy.Account | None, channel: str, agent: str) -> Case:
    version = _in_force(item)
    organisation = applicant if isinstance(applicant, Organisation) else None
    person = applicant if isinstance(applicant, Person) else None
    _may_file(account, version, organisation, person, channel)
    now = clock.now()
    return Case(
        number=numbers.draw(clock.today()), item_id=version.item, version_id=version.version, zone=version.zone,
        title=version.name, organisation=organisation, person=person, channel=channel, division_id=applicant.division_id,
        filed_by_id=account.pk if isinstance(account, User) else None, created_at=now,
        details={"agent": agent} if agent else {},
    )  # fmt: skip


def _in_force(item: Item) -> Pinned:
    if item.current_id is None:
        raise CaseError("cases.not_published", f"“{item.name}”尚未发布或已停用,不能申请")
    if item.suspended:
        raise CaseError("cases.suspended", f"“{item.name}”已暂停办理:{item.suspended}")
    return pinned(item.current_id)


def _still_in_force(case: Case) -> None:
    """Refuse a draft whose item was suspended or has changed since: it must be looked at again with the new form."""
    item = Item.objects.get(pk=case.item_id)
    version = _in_force(item)
    if version.version != case.version_id:
        text = f"“{item.name}”已发布新版本,请按新的表单和材料核对草稿后再提交"
        raise CaseError("cases.version_changed", text, current=version.version)


def renew_draft(case: Case, account: policy.Account | None) -> Case:
    """Take a draft over to the version now in force, keeping what is still asked."""
    with change(case, "save_draft", account) as work:
        version = _in_force(Item.objects.get(pk=case.item_id))
        kept = {code: value for code, value in work.case.data.items() if code in version.ready.fields}
        work.set(version_id=version.version, data=kept, title=version.name)
        CaseMaterial.objects.filter(case_id=case.pk).exclude(code__in=version.materials).delete()
    return case


def _may_file(account: policy.Account | None, version: Pinned, organisation: Organisation | None, person: Person | None,
              channel: str) -> None:  # fmt: skip
    if account is None:
        return
    if channel == Channel.ONLINE:
        if not people.acts_for(
            account, organisation.pk if organisation else None, person.pk if person else None, version.zone
        ):
            name = organisation.name if organisation else person.name if person else ""
            text = f"当前账号不能代表“{name}”申请;请由本人或经其授权的经办人登录办理"
            raise CaseError("cases.not_the_applicant", text)
        return
    if channel == Channel.MATCH:
        raise CaseError("cases.channel", "免申即享的办件由系统按数据比对生成,不能手工申请", field="channel")
    if not (isinstance(account, User) and account.is_staff and policy.may(account, rules.INTAKE, zone=version.zone)):
        raise policy.Refused(rules.INTAKE)


def _filed_with(key: str | None, account: policy.Account | None) -> Case | None:
    if key is None:
        return None
    by = account.pk if isinstance(account, User) else None
    return Case.objects.filter(filed_by_id=by, idempotency_key=key).exclude(state=State.DRAFT).first()


def _given(work: Change, listed: list[Mapping[str, Any]]) -> list[CaseMaterial]:
    """Return the rows of materials that come with the filing; they are written with the case."""
    made = [materials.row(work, **entry) for entry in listed]
    for each in made:
        work.add(each)
    return made


def _submit(work: Change, data: dict[str, Any], key: str | None, given: list[CaseMaterial]) -> None:
    version, case = work.version, work.case
    clean = checks.form(version, data, work.account)
    checks.materials(version, clean, given)
    for each in work.hooks:
        each.check_submit(case, clean)
    password = numbers.draw_password()
    work.set(
        data=seal_data(version.ready, clean), state=State.SUBMITTED, submitted_at=work.now, office_id=version.agency,
        office_since=work.now, idempotency_key=key, query_digest=numbers.digest_of(case.number, password),
    )  # fmt: skip
    case.query_password = password
    work.event(Event.SUBMITTED)
    if version.options.intake:
        ask_intake(work)
        work.paper("receipt")
        days = version.ready.limits.acceptance_days
        said = f"办件编号 {case.number},由受理单位在 {days} 个工作日内告知是否受理。"
        work.tell(f"已收到您的申请:{case.title}", said)
    work.hooked("on_submitted", case)
    if not version.options.intake:
        begin_handling(work, accepted_at=work.now, event=Event.ACCEPTED)
