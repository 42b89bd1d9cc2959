"""Ledgers and figures of bank and enterprise matching; needs, credit and drawdowns stay apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.finance.models import Credit, Drawdown, Need

NEEDS = register(
    Ledger(
        code="finance.need",
        label=_("融资需求台账"),
        model=Need,
        fields=(
            Field("需求编号", "number"),
            Field("企业", "enterprise_id", public=False),
            Field("需求金额", "amount_fen", unit="万元"),
            Field("期限月数", "term_months"),
            Field("资金用途", "purpose"),
            Field("担保方式", "guarantee"),
            Field("首贷", "first_loan"),
        ),
        key=("number",),
        description=_("企业发布的融资需求,只是需求,不是贷款。"),
        date_label=_("发布日期"),
        guarded=True,
    )
)

CREDITS = register(
    Ledger(
        code="finance.credit",
        label=_("授信台账"),
        model=Credit,
        fields=(
            Field("授信编号", "number"),
            Field("需求编号", "need_number"),
            Field("企业", "enterprise_id", public=False),
            Field("银行", "bank_id"),
            Field("授信金额", "amount_fen", unit="万元"),
            Field("年利率", "rate_bp", help=_("基点,435 即 4.35%")),
            Field("期限月数", "term_months"),
        ),
        key=("number",),
        description=_("银行针对融资需求批准的授信,批准不等于放款。"),
        date_label=_("授信日期"),
        guarded=True,
    )
)

DRAWDOWNS = register(
    Ledger(
        code="finance.drawdown",
        label=_("放款台账"),
        model=Drawdown,
        fields=(
            Field("放款凭证号", "reference", public=False),
            Field("授信编号", "credit_number"),
            Field("需求编号", "need_number"),
            Field("企业", "enterprise_id", public=False),
            Field("银行", "bank_id"),
            Field("放款金额", "amount_fen", unit="万元"),
            Field("年利率", "rate_bp", help=_("基点,435 即 4.35%")),
            Field("年利息", "interest_fen", unit="元", help=_("放款金额 × 年利率,四舍五入到分")),
            Field("担保方式", "guarantee"),
            Field("首贷", "first_loan"),
        ),
        key=("bank_id", "reference"),
        description=_("银行实际放出的款项,以银行放款凭证号为准,同一凭证只登记一次。"),
        date_label=_("放款日期"),
        guarded=True,
    )
)

READING = _("“解决资金”理解为实际放款,待核")

declare = Declaring("finance")
needs = declare.over(NEEDS, dimensions=("资金用途", "担保方式"))
credits = declare.over(CREDITS)
drawdowns = declare.over(DRAWDOWNS)

# fmt: off
needs.count(
    "needs", _("融资需求数"), ("融资需求", "发布融资需求", "收集融资需求", "企业融资需求"),
    _("企业累计发布的融资需求个数。"), unit="个",
)
needs.sum(
    "need_amount", _("融资需求金额"), ("融资需求金额", "融资需求总额", "资金需求"),
    _("企业累计发布的融资需求金额合计,不是授信,也不是放款。"), of="amount_fen", unit="亿元", decimals=2,
)
credits.sum(
    "credit_amount", _("授信金额"), ("授信", "授信金额", "达成授信", "授信总额", "获得授信"),
    _("银行累计批准的授信金额合计,不论是否放款。"), of="amount_fen", unit="亿元", decimals=2, dimensions=("银行",),
)
credits.distinct(
    "credited_enterprises", _("获得授信企业数"), ("获得授信企业", "授信企业", "授信惠及企业"),
    _("累计至少获得一笔授信的企业数,一家企业只计一次。"), of="enterprise_id", unit="家",
)
drawdowns.sum(
    "drawn", _("放款金额"),
    ("协调对接金融机构解决资金", "对接金融机构解决资金", "解决资金", "解决企业资金", "发放贷款", "放款", "放款金额", "帮助企业融资", "落实贷款", "撮合贷款"),
    _("经平台对接的金融机构累计实际放款金额合计,按放款凭证统计;需求金额和授信金额不计入。"),
    of="amount_fen", unit="亿元", decimals=2, dimensions=("银行", "担保方式"), norm=READING,
)
drawdowns.sum(
    "drawn_this_year", _("今年放款金额"), ("今年发放贷款", "今年以来放款", "新增放款", "当年放款"),
    _("今年以来经平台对接的金融机构实际放款金额合计,按放款日期统计。"),
    of="amount_fen", unit="亿元", period=Period.THIS_YEAR, decimals=2, dimensions=("银行", "担保方式"), parent="drawn",
    norm=READING,
)
drawdowns.count(
    "loans", _("放款笔数"), ("放款笔数", "发放贷款笔数"),
    _("累计放款笔数,一张放款凭证计一笔。"), unit="笔", dimensions=("担保方式",),
)
drawdowns.distinct(
    "funded_enterprises", _("获得贷款企业数"),
    ("获得贷款企业", "贷款企业", "获贷企业", "解决资金企业", "发放贷款惠及企业", "贷款惠及企业", "放款惠及企业", "帮助企业获得贷款"),
    _("累计至少获得一笔放款的企业数,一家企业只计一次。"), of="enterprise_id", unit="家", dimensions=("担保方式",),
)
drawdowns.distinct(
    "first_loan_enterprises", _("首贷企业数"), ("首贷户", "首贷企业", "首次获得贷款企业"),
    _("累计获得放款的企业中首次从银行获得贷款的企业数。"), of="enterprise_id", unit="家", where="首贷 = true", parent="funded_enterprises",
)
drawdowns.sum(
    "drawn_on_credit", _("信用贷款金额"), ("信用贷款", "信用贷", "纯信用贷款"),
    _("累计放款金额中无担保的信用贷款部分。"), of="amount_fen", unit="亿元", where='担保方式 = "credit"', decimals=2, parent="drawn",
)
declare.ratio(
    "credit_share", _("信用贷款占比"), ("信用贷款占比", "信用贷占比"),
    _("信用贷款金额除以放款金额。"), of=("drawn_on_credit", "drawn"), unit="%", decimals=2,
)
drawdowns.sum(
    "yearly_interest", _("放款年利息"), ("年利息",),
    _("每笔放款按其年利率计算的一年利息合计,用于计算加权平均利率。"), of="interest_fen", unit="万元", decimals=2,
)
declare.ratio(
    "average_rate", _("平均贷款利率"), ("平均贷款利率", "平均利率", "贷款平均利率", "加权平均利率"),
    _("各笔放款金额与年利率乘积之和除以放款金额之和,即按金额加权的平均年利率。"), of=("yearly_interest", "drawn"), unit="%", decimals=2,
)
drawdowns.distinct(
    "needs_met", _("获得放款的需求数"), ("对接成功需求", "满足融资需求", "解决融资需求"),
    _("累计至少获得一笔放款的融资需求个数。"), of="need_number", unit="个", parent="needs",
)
declare.ratio(
    "success_rate", _("融资对接成功率"), ("对接成功率", "融资对接成功率", "融资满足率"),
    _("获得放款的需求数除以融资需求数。"), of=("needs_met", "needs"), unit="%", decimals=2, norm=_("地方口径,待核"),
)
# fmt: on
