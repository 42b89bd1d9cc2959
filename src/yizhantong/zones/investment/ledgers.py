"""The ledgers of investment."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.investment.models import Activity, Contact, Duty, FundReceipt, Signing, Stage

SIGNINGS = register(
    Ledger(
        code="investment.signing",
        label=_("签约台账"),
        model=Signing,
        fields=(
            Field("项目编号", "project"),
            Field("项目名称", "name"),
            Field("投资方", "investor_id"),
            Field("合同额", "contract_fen", unit="万元"),
            Field("总投资", "investment_fen", unit="万元"),
            Field("三篇大文章", "chapter"),
            Field("行业代码", "industry_id", help=_("GB/T 4754-2017 的代码,如 3985")),
            Field("工业项目", "industrial", help=_("行业门类为采矿业、制造业、电力热力燃气及水的为是")),
            Field("协议类型", "agreement"),
            Field("资金来源地", "origin"),
        ),
        key=("project",),
        description=_("每个招商项目签约一条。框架协议登记在册,但不计入签约项目和签约额。"),
        date_label=_("签约日期"),
    )
)
STAGES = register(
    Ledger(
        code="investment.stage",
        label=_("项目阶段台账"),
        model=Stage,
        fields=(
            Field("项目编号", "project"),
            Field("阶段", "stage"),
            Field("签约日期", "signed_on"),
            Field("佐证编号", "proof", public=False, help=_("营业执照、施工许可证或首张销售发票的编号")),
        ),
        key=("project", "stage"),
        description=_("项目每到一个阶段一条:注册、开工、投产或终止,各凭证件登记。"),
        date_label=_("到达日期"),
    )
)
RECEIPTS = register(
    Ledger(
        code="investment.receipt",
        label=_("到位资金台账"),
        model=FundReceipt,
        fields=(
            Field("项目编号", "project"),
            Field("认定月份", "month", help=_("如 2021-06")),
            Field("申报额", "claimed_fen", unit="万元"),
            Field("认定额", "recognised_fen", unit="万元"),
            Field("凭证类型", "proof_kind"),
            Field("凭证号", "proof", public=False),
            Field("资金来源地", "origin"),
        ),
        key=("proof",),
        description=_("每张到位资金凭证一条,一证一用;认定额不超过申报额。市内资金不认定。"),
        date_label=_("到位日期"),
    )
)
ACTIVITIES = register(
    Ledger(
        code="investment.activity",
        label=_("招商活动台账"),
        model=Activity,
        fields=(
            Field("活动编号", "activity"),
            Field("活动名称", "title"),
            Field("活动方式", "mode"),
            Field("领导级别", "rank"),
        ),
        key=("activity",),
        description=_("一次外出、接待、视频或展会招商为一批次,一批次一条。"),
        date_label=_("活动日期"),
    )
)
CONTACTS = register(
    Ledger(
        code="investment.contact",
        label=_("企业对接台账"),
        model=Contact,
        fields=(
            Field("活动编号", "activity"),
            Field("对接企业", "enterprise_id"),
            Field("领导级别", "rank"),
            Field("对接结果", "result"),
        ),
        key=("activity", "enterprise_id"),
        description=_("每批次活动中每对接一家企业一条(家次);同一企业多次对接只算一家。"),
        date_label=_("对接日期"),
    )
)
DUTIES = register(
    Ledger(
        code="investment.duty",
        label=_("AB制排班台账"),
        model=Duty,
        fields=(Field("周次", "week", help=_("如 2021-W26")), Field("外出角色", "away")),
        key=("division_id", "week"),
        description=_("每个县(市)区每周一条:党政主要领导一人外出招商、一人在家主持工作。"),
        date_label=_("周一日期"),
    )
)
