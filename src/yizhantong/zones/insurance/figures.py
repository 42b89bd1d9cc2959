"""Ledgers and figures of the insurance of rural houses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.insurance.models import Assessment, Claim, Cover, Disaster, Payment, Policy

HOUSEHOLD = Field("户代码", "household", personal=True, public=False)

COVERS = register(
    Ledger(
        code="insurance.cover",
        label=_("承保险种登记"),
        model=Cover,
        fields=(Field("保险年度", "year"), Field("险种", "kind"), Field("分项限额", "limit_fen", unit="元")),
        key=("year", "kind"),
        register=True,
        description=_("每个保险年度每个险种一条及其每户限额;总保额在各险种间的分配未见公开,待核。"),
        date_label=_("生效日期"),
    )
)
POLICIES = register(
    Ledger(
        code="insurance.policy",
        label=_("参保农户登记"),
        model=Policy,
        fields=(
            HOUSEHOLD,
            Field("保险年度", "year"),
            Field("保障类型", "group"),
            Field("承保机构", "insurer_id"),
            Field("保费", "premium_fen", unit="元"),
            Field("农户自缴", "farmer_fen", unit="元"),
            Field("财政承担", "subsidy_fen", unit="元"),
            Field("保额", "insured_fen", unit="元"),
            Field("到期日", "ends_on"),
        ),
        key=("household", "year"),
        register=True,
        description=_("每户每个保险年度只有一份有效保单,一户一条;户以代码登记,不含姓名和证件号。"),
        date_label=_("起保日期"),
    )
)
DISASTERS = register(
    Ledger(
        code="insurance.disaster",
        label=_("灾害事件登记"),
        model=Disaster,
        fields=(Field("灾害编号", "disaster"), Field("灾害名称", "name"), Field("灾因", "cause")),
        key=("disaster",),
        description=_("每次灾害一条,按开始之日登记。"),
        date_label=_("开始日期"),
    )
)
CLAIMS = register(
    Ledger(
        code="insurance.claim",
        label=_("报案台账"),
        model=Claim,
        fields=(
            Field("报案号", "claim"),
            HOUSEHOLD,
            Field("保险年度", "year"),
            Field("灾害编号", "disaster"),
            Field("险种", "cover"),
            Field("出险日期", "lost_on"),
        ),
        key=("claim",),
        description=_("农户每报一次案一条。"),
        date_label=_("报案日期"),
    )
)
ASSESSMENTS = register(
    Ledger(
        code="insurance.assessment",
        label=_("定损台账"),
        model=Assessment,
        fields=(
            Field("报案号", "claim"),
            Field("核定结论", "verdict"),
            Field("定损额", "assessed_fen", unit="元"),
            Field("拒赔理由", "reason", public=False),
        ),
        key=("claim",),
        description=_("每个报案核定一次:予以赔付及定损额,或不予赔付及理由(保险法第二十三、二十四条)。"),
        date_label=_("核定日期"),
    )
)
PAYMENTS = register(
    Ledger(
        code="insurance.payment",
        label=_("赔付台账"),
        model=Payment,
        fields=(
            Field("赔付号", "payment"),
            Field("报案号", "claim"),
            HOUSEHOLD,
            Field("保险年度", "year"),
            Field("灾害编号", "disaster"),
            Field("灾因", "cause"),
            Field("赔付额", "paid_fen", unit="元"),
            Field("报案到赔付天数", "days"),
        ),
        key=("payment",),
        description=_("每笔赔付一条;赔付额不超过定损额,也不超过该户剩余保额。"),
        date_label=_("赔付日期"),
    )
)

LAW = _("《中华人民共和国保险法》第二十三条")

declare = Declaring("insurance", period=Period.THIS_YEAR, norm=_("市农房保险实施办法口径,待核"))
policies = declare.over(POLICIES)
covers = declare.over(COVERS)
disasters = declare.over(DISASTERS)
claims = declare.over(CLAIMS, norm=LAW)
assessments = declare.over(ASSESSMENTS, norm=LAW)
payments = declare.over(PAYMENTS, norm=LAW)

# fmt: off
policies.distinct(
    "households", _("参保农户数"), ("农村特困人员购买农房保险", "户农村特困人员", "参保农户", "购买农房保险", "农房保险参保户", "农房保险承保农户"),
    _("今年起保的农房保险参保户数,含农村低保户和分散供养特困人员,同一户只算一户。"), of="household", unit="户", dimensions=("保障类型",),
)
policies.distinct(
    "allowance_households", _("参保低保户数"), ("参保低保户", "低保户参加农房保险"),
    _("今年起保的农房保险参保户中农村低保户的户数。"), of="household", unit="户", where='保障类型 = "allowance"', parent="households",
)
policies.distinct(
    "supported_households", _("参保分散供养特困户数"), ("参保分散供养特困人员", "参保特困户"),
    _("今年起保的农房保险参保户中分散供养特困人员的户数。"), of="household", unit="户", where='保障类型 = "supported"', parent="households",
)
policies.sum(
    "premium", _("农房保险保费总额"), ("保费总额", "保费合计", "农房保险保费", "投入保费"),
    _("今年起保的农房保险保费合计。"), of="premium_fen", unit="元",
)
policies.sum(
    "subsidy", _("财政承担保费"), ("财政承担保费", "政府承担保费", "财政补贴保费", "政府兜底保费"),
    _("今年起保的农房保险保费中由财政承担的合计。"), of="subsidy_fen", unit="元", parent="premium",
)
policies.sum(
    "farmers_paid", _("农户自缴保费"), ("农户自缴", "农户不花一分钱", "农户自付保费", "个人缴费"),
    _("今年起保的农房保险保费中由农户自己缴纳的合计;政府兜底时为 0。"), of="farmer_fen", unit="元", parent="premium",
)
policies.sum(
    "insured", _("农房保险总保额"), ("总保额", "风险保障总额", "提供风险保障", "保额合计"),
    _("今年起保的农房保险各户保额合计。"), of="insured_fen", unit="万元", decimals=1,
)
declare.ratio(
    "premium_per_household", _("每户保费"), ("保费", "每户保费", "户均保费", "每户缴费标准"),
    _("今年起保的农房保险保费总额除以参保户数。"), of=("premium", "households"), unit="元",
)
declare.ratio(
    "insured_per_household", _("每户保额"), ("保额", "每户保额", "户均保额", "每户最高赔付"),
    _("今年起保的农房保险总保额除以参保户数;为农村房屋、地震财产损失、家庭财产损失三个险种的限额之和,待核。"), of=("insured", "households"), unit="万元", decimals=1,
)
covers.count(
    "covers", _("承保险种数"), ("承保险种", "农村房屋保险、地震财产损失保险、家庭财产损失保险", "保险险种"),
    _("今年农房保险承保的险种个数。"), unit="种",
)
disasters.count(
    "disasters", _("灾害次数"), ("自然灾害", "灾害事件"),
    _("今年以来登记的灾害次数,不限灾因。"), unit="次", dimensions=("灾因",),
)
disasters.count(
    "floods", _("洪涝灾害次数"), ("洪涝灾害", "两次洪涝灾害", "次洪涝灾害", "洪涝灾害次数"),
    _("今年以来登记的洪涝灾害次数。"), unit="次", where='灾因 = "flood"', parent="disasters",
)
claims.count(
    "claims", _("报案件数"), ("农房保险报案", "接到报案", "受理报案"),
    _("今年以来农房保险报案件数。"), unit="件", dimensions=("险种",),
)
assessments.count(
    "refused", _("拒赔件数"), ("拒赔", "不予赔付"),
    _("今年以来核定为不予赔付的报案件数。"), unit="件", where='核定结论 = "refused"',
)
assessments.sum(
    "assessed", _("定损金额"), ("定损金额", "核定损失"),
    _("今年以来核定予以赔付的定损额合计。"), of="assessed_fen", unit="万元", decimals=2,
)
payments.sum(
    "paid", _("赔付金额"), ("赔付金额", "累计赔付", "农房保险赔付", "支付赔款", "赔款", "农房保险理赔"),
    _("今年以来农房保险实际赔付的金额合计,不限灾因。"), of="paid_fen", unit="万元", decimals=2, dimensions=("灾因",),
)
payments.sum(
    "flood_paid", _("洪涝灾害赔付金额"), ("洪涝灾害理赔", "为农村特困人员理赔", "洪涝灾害赔付", "理赔", "受灾群众理赔", "农村特困人员理赔"),
    _("今年以来各次洪涝灾害中农房保险实际赔付的金额合计。"), of="paid_fen", unit="万元", where='灾因 = "flood"', decimals=2, parent="paid",
)
payments.count(
    "payments", _("赔付笔数"), ("赔付笔数", "支付赔款笔数"),
    _("今年以来农房保险赔付的笔数。"), unit="笔",
)
payments.distinct(
    "paid_households", _("获赔农户数"), ("获赔农户", "受益农户", "获得赔付农户"),
    _("今年以来获得过农房保险赔付的户数,同一户只算一户。"), of="household", unit="户",
)
payments.sum(
    "days_to_pay", _("报案到赔付总天数"), (),
    _("今年以来各笔赔付从报案到赔付的自然日合计,用于计算平均天数。"), of="days", unit="天",
)
declare.ratio(
    "loss_ratio", _("简单赔付率"), ("赔付率", "简单赔付率"),
    _("今年以来洪涝灾害赔付金额除以今年起保的保费总额;未计已赚保费和未决赔款,不同于会计口径的赔付率。"), of=("flood_paid", "premium"), unit="%", decimals=2,
)
declare.ratio(
    "mean_payment", _("平均每笔赔付"), ("平均每笔赔付", "户均赔付", "件均赔款"),
    _("今年以来赔付金额除以赔付笔数。"), of=("paid", "payments"), unit="元", norm=LAW,
)
declare.ratio(
    "mean_days", _("平均赔付天数"), ("平均赔付天数", "平均理赔时效"),
    _("今年以来从报案到赔付的平均自然日数。"), of=("days_to_pay", "payments"), unit="天", decimals=1, norm=LAW,
)
# fmt: on
