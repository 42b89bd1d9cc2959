"""Ledgers and figures of the insurance of rural houses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, figure, register
from yizhantong.kernel.ledger import Field, Ledger
from yizhantong.kernel.ledger import register as register_ledger
from yizhantong.zones.insurance.models import Assessment, Claim, Cover, Disaster, Payment, Policy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HOUSEHOLD = Field("户代码", "household", personal=True, public=False)

COVERS = register_ledger(
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
POLICIES = register_ledger(
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
DISASTERS = register_ledger(
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
CLAIMS = register_ledger(
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
ASSESSMENTS = register_ledger(
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
PAYMENTS = register_ledger(
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

PLAN = _("市农房保险实施办法口径,待核")
LAW = _("《中华人民共和国保险法》第二十三条")


def _declare(
    code: str,
    label: StrOrPromise,
    ledger: str,
    measure: Count | Sum | Distinct,
    unit: str,
    phrases: tuple[str, ...],
    definition: StrOrPromise,
    *,
    where: str = "",
    decimals: int = 0,
    parent: str = "",
    dimensions: tuple[str, ...] = (),
    norm: StrOrPromise = PLAN,
) -> None:
    """Declare a figure over one ledger, this year to date."""
    register(
        Figure(
            code=f"insurance.{code}",
            label=label,
            ledger=f"insurance.{ledger}",
            measure=measure,
            unit=unit,
            where=where,
            period=Period.THIS_YEAR,
            decimals=decimals,
            phrases=phrases,
            definition=definition,
            dimensions=dimensions,
            parent=f"insurance.{parent}" if parent else "",
            norm=norm,
        )
    )


def _ratio(
    code: str, label: StrOrPromise, parts: tuple[str, str], unit: str, decimals: int, phrases: tuple[str, ...],
    definition: StrOrPromise, norm: StrOrPromise = PLAN,
) -> None:  # fmt: skip
    """Declare one figure of this zone over another, with the period of the first; a share when the unit is %."""
    register(
        Figure(
            code=f"insurance.{code}", label=label, unit=unit, decimals=decimals, phrases=phrases, definition=definition,
            measure=Ratio(f"insurance.{parts[0]}", f"insurance.{parts[1]}", percent=unit == "%"),
            period=figure(f"insurance.{parts[0]}").period, norm=norm,
        )
    )  # fmt: skip


_declare(
    "households", _("参保农户数"), "policy", Distinct("household"), "户",
    ("农村特困人员购买农房保险", "户农村特困人员", "参保农户", "购买农房保险", "农房保险参保户", "农房保险承保农户"),
    _("今年起保的农房保险参保户数,含农村低保户和分散供养特困人员,同一户只算一户。"), dimensions=("保障类型",),
)  # fmt: skip
_declare(
    "allowance_households", _("参保低保户数"), "policy", Distinct("household"), "户",
    ("参保低保户", "低保户参加农房保险"),
    _("今年起保的农房保险参保户中农村低保户的户数。"), where='保障类型 = "allowance"', parent="households",
)  # fmt: skip
_declare(
    "supported_households", _("参保分散供养特困户数"), "policy", Distinct("household"), "户",
    ("参保分散供养特困人员", "参保特困户"),
    _("今年起保的农房保险参保户中分散供养特困人员的户数。"), where='保障类型 = "supported"', parent="households",
)  # fmt: skip
_declare(
    "premium", _("农房保险保费总额"), "policy", Sum("premium_fen"), "元",
    ("保费总额", "保费合计", "农房保险保费", "投入保费"),
    _("今年起保的农房保险保费合计。"),
)  # fmt: skip
_declare(
    "subsidy", _("财政承担保费"), "policy", Sum("subsidy_fen"), "元",
    ("财政承担保费", "政府承担保费", "财政补贴保费", "政府兜底保费"),
    _("今年起保的农房保险保费中由财政承担的合计。"), parent="premium",
)  # fmt: skip
_declare(
    "farmers_paid", _("农户自缴保费"), "policy", Sum("farmer_fen"), "元",
    ("农户自缴", "农户不花一分钱", "农户自付保费", "个人缴费"),
    _("今年起保的农房保险保费中由农户自己缴纳的合计;政府兜底时为 0。"), parent="premium",
)  # fmt: skip
_declare(
    "insured", _("农房保险总保额"), "policy", Sum("insured_fen"), "万元",
    ("总保额", "风险保障总额", "提供风险保障", "保额合计"),
    _("今年起保的农房保险各户保额合计。"), decimals=1,
)  # fmt: skip
_ratio(
    "premium_per_household", _("每户保费"), ("premium", "households"), "元", 0,
    ("保费", "每户保费", "户均保费", "每户缴费标准"),
    _("今年起保的农房保险保费总额除以参保户数。"),
)  # fmt: skip
_ratio(
    "insured_per_household", _("每户保额"), ("insured", "households"), "万元", 1,
    ("保额", "每户保额", "户均保额", "每户最高赔付"),
    _("今年起保的农房保险总保额除以参保户数;为农村房屋、地震财产损失、家庭财产损失三个险种的限额之和,待核。"),
)  # fmt: skip
_declare(
    "covers", _("承保险种数"), "cover", Count(), "种",
    ("承保险种", "农村房屋保险、地震财产损失保险、家庭财产损失保险", "保险险种"),
    _("今年农房保险承保的险种个数。"),
)  # fmt: skip
_declare(
    "disasters", _("灾害次数"), "disaster", Count(), "次",
    ("自然灾害", "灾害事件"),
    _("今年以来登记的灾害次数,不限灾因。"), dimensions=("灾因",),
)  # fmt: skip
_declare(
    "floods", _("洪涝灾害次数"), "disaster", Count(), "次",
    ("洪涝灾害", "两次洪涝灾害", "次洪涝灾害", "洪涝灾害次数"),
    _("今年以来登记的洪涝灾害次数。"), where='灾因 = "flood"', parent="disasters",
)  # fmt: skip
_declare(
    "claims", _("报案件数"), "claim", Count(), "件",
    ("农房保险报案", "接到报案", "受理报案"),
    _("今年以来农房保险报案件数。"), dimensions=("险种",), norm=LAW,
)  # fmt: skip
_declare(
    "refused", _("拒赔件数"), "assessment", Count(), "件",
    ("拒赔", "不予赔付"),
    _("今年以来核定为不予赔付的报案件数。"), where='核定结论 = "refused"', norm=LAW,
)  # fmt: skip
_declare(
    "assessed", _("定损金额"), "assessment", Sum("assessed_fen"), "万元",
    ("定损金额", "核定损失"),
    _("今年以来核定予以赔付的定损额合计。"), decimals=2, norm=LAW,
)  # fmt: skip
_declare(
    "paid", _("赔付金额"), "payment", Sum("paid_fen"), "万元",
    ("赔付金额", "累计赔付", "农房保险赔付", "支付赔款", "赔款", "农房保险理赔"),
    _("今年以来农房保险实际赔付的金额合计,不限灾因。"), decimals=2, dimensions=("灾因",), norm=LAW,
)  # fmt: skip
_declare(
    "flood_paid", _("洪涝灾害赔付金额"), "payment", Sum("paid_fen"), "万元",
    ("洪涝灾害理赔", "为农村特困人员理赔", "洪涝灾害赔付", "理赔", "受灾群众理赔", "农村特困人员理赔"),
    _("今年以来各次洪涝灾害中农房保险实际赔付的金额合计。"), where='灾因 = "flood"', decimals=2, parent="paid",
    norm=LAW,
)  # fmt: skip
_declare(
    "payments", _("赔付笔数"), "payment", Count(), "笔",
    ("赔付笔数", "支付赔款笔数"),
    _("今年以来农房保险赔付的笔数。"), norm=LAW,
)  # fmt: skip
_declare(
    "paid_households", _("获赔农户数"), "payment", Distinct("household"), "户",
    ("获赔农户", "受益农户", "获得赔付农户"),
    _("今年以来获得过农房保险赔付的户数,同一户只算一户。"), norm=LAW,
)  # fmt: skip
_declare(
    "days_to_pay", _("报案到赔付总天数"), "payment", Sum("days"), "天",
    (),
    _("今年以来各笔赔付从报案到赔付的自然日合计,用于计算平均天数。"), norm=LAW,
)  # fmt: skip
_ratio(
    "loss_ratio", _("简单赔付率"), ("flood_paid", "premium"), "%", 2,
    ("赔付率", "简单赔付率"),
    _("今年以来洪涝灾害赔付金额除以今年起保的保费总额;未计已赚保费和未决赔款,不同于会计口径的赔付率。"),
)  # fmt: skip
_ratio(
    "mean_payment", _("平均每笔赔付"), ("paid", "payments"), "元", 0,
    ("平均每笔赔付", "户均赔付", "件均赔款"),
    _("今年以来赔付金额除以赔付笔数。"), norm=LAW,
)  # fmt: skip
_ratio(
    "mean_days", _("平均赔付天数"), ("days_to_pay", "payments"), "天", 1,
    ("平均赔付天数", "平均理赔时效"),
    _("今年以来从报案到赔付的平均自然日数。"), norm=LAW,
)  # fmt: skip
