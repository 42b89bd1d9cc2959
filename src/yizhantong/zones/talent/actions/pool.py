"""The pool of experts: entered, retired, conflicts declared, drawn by weighted lot with a seed that is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent import drawing
from yizhantong.zones.talent.actions.common import SCORE, check_manages, needs, user
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Conflict, Draw, PoolExpert, StationReview


@transaction.atomic
def enlist(
    account_of: User, fields: Sequence[str], *, employer: Organisation | None = None, weight: int = 1, account: Account | None
) -> PoolExpert:  # fmt: skip
    """Enter an expert, or change what the pool says of him; who handles the matters he would judge cannot be one."""
    check_manages(account)
    named = [one.strip()[:40] for one in fields if one.strip()]
    if not named:
        raise TalentError("talent.expert_field", "请至少填写一个专业领域", field="fields")
    if not 1 <= weight <= 10:
        raise TalentError("talent.expert_weight", "抽取权重应在 1 到 10 之间", field="weight")
    if account is not None and not policy.may(account_of, SCORE, zone="talent"):
        raise TalentError("talent.expert_rights", f"账号 {account_of.username} 没有“专家评分”权限", field="username")
    if policy.may(account_of, "talent.manage", zone="talent"):
        text = f"账号 {account_of.username} 经办人才事项,不能同时作为评审专家"
        raise TalentError("talent.expert_official", text, field="username")
    expert, _made = PoolExpert.objects.update_or_create(
        account=account_of, defaults={"fields": named, "employer": employer, "weight": weight, "active": True},
        create_defaults={"fields": named, "employer": employer, "weight": weight, "active": True, "since": clock.today()},
    )  # fmt: skip
    return expert


@transaction.atomic
def retire(expert: PoolExpert, *, account: Account | None) -> PoolExpert:
    """Take an expert out of the pool; what he said stays. Who owes a review is replaced there first."""
    check_manages(account)
    locked = PoolExpert.objects.select_for_update().get(pk=expert.pk)
    if owed := locked.reviews.filter(state=StationReview.State.ASKED).count():
        raise TalentError("talent.expert_busy", f"该专家还有 {owed} 件待评审,请先补抽替换")
    locked.active = False
    locked.save(update_fields=["active"])
    return locked


@transaction.atomic
def declare(expert: PoolExpert, organisation: Organisation, reason: str, *, account: Account | None) -> Conflict:
    """Declare an interest in an organisation: the expert himself, or who manages the pool."""
    if account is None or account.pk != expert.account_id:
        check_manages(account)
    reason = needs(reason, "reason", "请写明需要回避的原因")
    made, _new = Conflict.objects.get_or_create(
        expert=expert, organisation=organisation, defaults={"reason": reason[:200], "declared_at": clock.now()}
    )
    return made


@transaction.atomic
def draw(
    purpose: str, subject: str, field: str, wanted: int, *, organisation: Organisation, account: Account | None,
    passed_over: Sequence[int] = (), seed: str = "",
) -> Draw:  # fmt: skip
    """Draw experts of a field for something of an organisation; those in conflict are left out, with the reason on record.

    ``seed`` is drawn too unless a public one is given (a lottery number of the day). Raises ``talent.pool_small``.
    """
    check_manages(account)
    pool: dict[str, int] = {}
    excluded: list[dict[str, object]] = []
    declared = dict(Conflict.objects.filter(organisation=organisation).values_list("expert", "reason"))
    for expert in PoolExpert.objects.filter(active=True, account__is_active=True).order_by("pk"):
        reason = _excluded(expert, field, organisation, declared, passed_over)
        if reason:
            excluded.append({"expert": expert.pk, "reason": reason})
        elif reason is None:
            pool[str(expert.pk)] = expert.weight
    seed = seed.strip()[:64] or drawing.new_seed()
    chosen = drawing.draw(pool, wanted, seed=seed)
    return Draw.objects.create(
        purpose=purpose, subject=subject, field=field, wanted=wanted, seed=seed, pool=pool, excluded=excluded, chosen=chosen,
        drawn_at=clock.now(), drawn_by=user(account),
    )  # fmt: skip


def drawn_again(made: Draw) -> bool:
    """Tell whether the record of a draw gives its result when it is drawn again."""
    return list(made.chosen) == drawing.draw(made.pool, made.wanted, seed=made.seed)


def _excluded(
    expert: PoolExpert, field: str, organisation: Organisation, declared: dict[int, str], passed_over: Sequence[int]
) -> str | None:
    """Return why an expert cannot be drawn ("" for another field, which needs no reason on record), or None."""
    if field not in expert.fields and "通用" not in expert.fields:
        return ""
    if expert.employer_id == organisation.pk:
        return "受聘于申报单位"
    if expert.pk in declared:
        return f"申报回避:{declared[expert.pk]}"
    return "已参加或回避本次评审" if expert.pk in passed_over else None
