"""Ledgers of practical work for the people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel import ledger
from yizhantong.kernel.ledger import Field, Ledger
from yizhantong.zones.livelihood.models import Check, Claim, Deed, Dispute, Duty, Help, Issue, Mediation, Settlement

ISSUES = ledger.register(
    Ledger(
        code="livelihood.issue",
        label=_("问题清单"),
        model=Issue,
        fields=(
            Field("问题编号", "number"),
            Field("问题来源", "origin"),
            Field("问题领域", "topic"),
            Field("问题摘要", "subject"),
        ),
        key=("number",),
        description=_("群众反映、列入清单的问题,不含反映人信息。"),
        date_label=_("列入日期"),
    )
)

DUTIES = ledger.register(
    Ledger(
        code="livelihood.duty",
        label=_("履职清单"),
        model=Duty,
        fields=(
            Field("履职编号", "number"),
            Field("问题编号", "issue_number"),
            Field("责任层级", "level"),
            Field("问题领域", "topic"),
            Field("责任单位", "agency_id"),
            Field("完成时限", "due_on"),
        ),
        key=("number",),
        description=_("由问题清单转来的履职事项,一项一个责任单位。"),
        date_label=_("转办日期"),
    )
)

SETTLEMENTS = ledger.register(
    Ledger(
        code="livelihood.settlement",
        label=_("履职销号台账"),
        model=Settlement,
        fields=(
            Field("履职编号", "number"),
            Field("责任层级", "level"),
            Field("问题领域", "topic"),
            Field("完成时限", "due_on"),
        ),
        key=("number",),
        description=_("经群众确认完成、从履职清单销号的事项。"),
        date_label=_("销号日期"),
    )
)

CLAIMS = ledger.register(
    Ledger(
        code="livelihood.claim",
        label=_("民生实事认领台账"),
        model=Claim,
        fields=(
            Field("实事编号", "number"),
            Field("党员代码", "member", public=False),
            Field("实事领域", "topic"),
            Field("党组织层级", "level"),
            Field("承诺完成日期", "promised_on"),
        ),
        key=("number",),
        description=_("党员认领的民生实事,认领不等于办成。"),
        date_label=_("认领日期"),
    )
)

CHECKS = ledger.register(
    Ledger(
        code="livelihood.check",
        label=_("下访排查台账"),
        model=Check,
        fields=(
            Field("党员代码", "member", public=False),
            Field("所在层级", "level"),
            Field("走访户数", "households"),
            Field("发现问题数", "found"),
        ),
        description=_("党员干部下访排查矛盾纠纷,一人一次一条。"),
        date_label=_("下访日期"),
    )
)

DISPUTES = ledger.register(
    Ledger(
        code="livelihood.dispute",
        label=_("矛盾纠纷排查台账"),
        model=Dispute,
        fields=(Field("纠纷编号", "number"), Field("纠纷类型", "kind"), Field("风险等级", "risk")),
        key=("number",),
        description=_("排查出的矛盾纠纷问题,不含当事人信息。"),
        date_label=_("排查日期"),
    )
)

MEDIATIONS = ledger.register(
    Ledger(
        code="livelihood.mediation",
        label=_("矛盾纠纷化解台账"),
        model=Mediation,
        fields=(Field("纠纷编号", "number"), Field("纠纷类型", "kind"), Field("协议形式", "agreement")),
        key=("number",),
        description=_("已化解的矛盾纠纷问题。"),
        date_label=_("化解日期"),
    )
)

HELPS = ledger.register(
    Ledger(
        code="livelihood.help",
        label=_("帮助基层解难台账"),
        model=Help,
        fields=(
            Field("帮办编号", "number"),
            Field("困难领域", "topic"),
            Field("帮办层级", "level"),
            Field("帮办结果", "result"),
        ),
        key=("number",),
        description=_("党员干部帮助基层办理的实际困难和问题及其结果。"),
        date_label=_("帮办日期"),
    )
)

DEEDS = ledger.register(
    Ledger(
        code="livelihood.deed",
        label=_("好事实事难事台账"),
        model=Deed,
        fields=(
            Field("事项编号", "number"),
            Field("党员代码", "member", public=False),
            Field("事项类别", "kind"),
            Field("服务去向", "place"),
        ),
        key=("number",),
        description=_("党员干部进企业、进社区、进学校、进农村所办的好事、实事、难事。"),
        date_label=_("办理日期"),
    )
)
