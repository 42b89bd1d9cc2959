"""Ledgers and figures of the policies for enterprises."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.policies.models import BudgetEntry, Payment, Policy

POLICIES = register(
    Ledger(
        code="policies.policy",
        label=_("惠企政策名录"),
        model=Policy,
        fields=(
            Field("政策编号", "number"),
            Field("政策名称", "title"),
            Field("发文字号", "document"),
            Field("发文机关", "issuer_id"),
            Field("政策层级", "level"),
            Field("政策领域", "area"),
            Field("类别", "policy_class"),
            Field("在线申报", "online_apply"),
            Field("在线审批", "online_approve"),
            Field("有效期至", "valid_until"),
        ),
        key=("number",),
        register=True,
        guarded=True,
        description=_("在平台发布的惠企政策,发布时登记,废止或失效时撤销。"),
        date_label=_("发布日期"),
    )
)

PAYMENTS = register(
    Ledger(
        code="policies.payment",
        label=_("政策兑现台账"),
        model=Payment,
        fields=(
            Field("政策编号", "policy_number"),
            Field("类别", "policy_class"),
            Field("企业", "enterprise_id"),
            Field("兑现年度", "year"),
            Field("兑现金额", "amount_fen", unit="万元"),
        ),
        key=("policy_number", "enterprise_id", "year"),
        guarded=True,
        description=_("惠企政策资金拨付到企业的记录,同一企业、同一政策、同一年度只登记一次。"),
        date_label=_("拨付日期"),
    )
)

BUDGETS = register(
    Ledger(
        code="policies.budget",
        label=_("政策资金变动台账"),
        model=BudgetEntry,
        fields=(
            Field("资金代码", "budget_code"),
            Field("预算年度", "year"),
            Field("变动", "kind"),
            Field("金额", "amount_fen", unit="万元"),
            Field("政策编号", "policy_number"),
            Field("办件编号", "case_number", public=False),
            Field("企业", "enterprise_id", public=False),
        ),
        guarded=True,
        description=_("政策资金的下达、预留、承诺、支付与追回,每次变动一条,由办件环节写入,余额可随时由此重算。"),
        date_label=_("变动日期"),
    )
)

declare = Declaring("policies")
policies = declare.over(POLICIES, dimensions=("政策层级", "政策领域"))
payments = declare.over(PAYMENTS, period=Period.THIS_YEAR, dimensions=("类别",))
budgets = declare.over(BUDGETS, period=Period.THIS_YEAR, dimensions=("资金代码",))

# fmt: off
policies.count(
    "in_force", _("在册惠企政策数"), ("惠企政策", "发布惠企政策", "上线惠企政策", "归集惠企政策", "在线发布政策"),
    _("截至统计日平台名录中未撤销的惠企政策项数,含申报类、免申即享类和普惠告知类。"), unit="项", dimensions=("类别", "政策层级", "政策领域"),
)
policies.count(
    "apply_class", _("申报类政策数"), ("申报类政策", "申报类惠企政策", "需申报的政策"),
    _("在册惠企政策中需要企业申报的项数,不论能否在线办理。"), unit="项", where='类别 = "apply"', parent="in_force",
)
policies.count(
    "online", _("在线申报审批政策数"),
    ("申报类政策实现在线申报、在线审批", "申报类政策实现在线申报在线审批", "政策实现在线申报、在线审批", "政策在线申报审批", "政策全程在线办理", "申报类政策网上申报、网上审批", "政策网上申报审批"),
    _("在册申报类政策中,既能在线申报又能在线审批的项数;只具备其中一项的不计入。"),
    unit="项", where='类别 = "apply" and 在线申报 = true and 在线审批 = true', parent="apply_class",
)
policies.count(
    "automatic", _("免申即享政策数"), ("免申即享政策", "免申即享", "政策免申即享"),
    _("在册惠企政策中不需企业申报、由数据比对直接兑现的项数。"), unit="项", where='类别 = "automatic"', parent="in_force",
)
policies.count(
    "notice", _("普惠告知类政策数"), ("普惠告知类政策", "普惠政策", "告知类政策"),
    _("在册惠企政策中面向所有企业、只需告知的项数。"), unit="项", where='类别 = "notice"', parent="in_force",
)
declare.ratio(
    "online_share", _("申报类政策在线办理率"), ("政策在线办理率", "申报类政策在线办理率", "政策网办率"),
    _("在线申报审批政策数除以申报类政策数。"), of=("online", "apply_class"), unit="%", decimals=1,
)
payments.count(
    "payments", _("政策兑现笔数"), ("兑现政策资金笔数", "政策兑现笔数", "拨付笔数"),
    _("今年以来拨付到企业的政策资金笔数,按拨付日期统计。"), unit="笔",
)
payments.sum(
    "paid", _("政策兑现金额"), ("兑现政策资金", "兑现惠企资金", "拨付惠企资金", "兑付奖补资金", "政策兑现金额"),
    _("今年以来拨付到企业的政策资金合计,按拨付日期统计。"), of="amount_fen", unit="万元", decimals=2,
)
payments.sum(
    "automatic_paid", _("免申即享兑现金额"), ("免申即享兑现资金", "免申即享资金", "免申即享兑现金额"),
    _("今年以来政策兑现金额中由免申即享类政策兑现的部分。"),
    of="amount_fen", unit="万元", where='类别 = "automatic"', decimals=2, dimensions=(), parent="paid",
)
payments.distinct(
    "benefiting", _("受益企业数"), ("受益企业", "惠及企业", "政策惠及企业", "享受政策企业"),
    _("今年以来至少收到一笔政策资金的企业数,一家企业只计一次。"), of="enterprise_id", unit="家",
)
budgets.sum(
    "budget_granted", _("政策资金下达额度"), ("下达政策资金", "政策资金预算"),
    _("今年以来下达到各政策资金的额度合计。"), of="amount_fen", unit="万元", where='变动 = "grant"', decimals=2,
)
budgets.sum(
    "budget_paid", _("政策资金支付额"), ("政策资金支出",),
    _("今年以来通过平台批次支付的政策资金合计,不含平台上线前已兑现的部分。"), of="amount_fen", unit="万元", where='变动 = "pay"', decimals=2,
)
budgets.sum(
    "budget_recovered", _("政策资金追回额"), ("追回政策资金",),
    _("今年以来追回并缴回国库的政策资金合计。"), of="amount_fen", unit="万元", where='变动 = "recover"', decimals=2,
)
declare.ratio(
    "budget_executed", _("政策资金执行率"), ("政策资金执行率", "预算执行率"),
    _("今年以来政策资金支付额除以下达额度。"), of=("budget_paid", "budget_granted"), unit="%", decimals=1,
)
# fmt: on
