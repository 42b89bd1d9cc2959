"""Ledgers and figures of the talent service."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.talent.models import Post, Recognition, Subsidy

RECOGNITIONS = register(
    Ledger(
        code="talent.recognition",
        label=_("人才认定台账"),
        model=Recognition,
        fields=(
            Field("认定编号", "number"),
            Field("人才代码", "talent", public=False),
            Field("人才类别", "category"),
            Field("用人单位", "employer_id"),
            Field("有效期至", "valid_until"),
        ),
        key=("number",),
        guarded=True,
        description=_("人才认定一人一号,人员以代码出现。"),
        date_label=_("认定日期"),
    )
)

SUBSIDIES = register(
    Ledger(
        code="talent.subsidy",
        label=_("人才补贴台账"),
        model=Subsidy,
        fields=(
            Field("人才代码", "talent", public=False),
            Field("人才类别", "category"),
            Field("补贴种类", "kind"),
            Field("期次", "instalment"),
            Field("补贴金额", "amount_fen", unit="元"),
        ),
        key=("talent", "kind", "instalment"),
        guarded=True,
        description=_("已发放的人才补贴,一期一条。"),
        date_label=_("发放日期"),
    )
)

POSTS = register(
    Ledger(
        code="talent.post",
        label=_("岗位发布台账"),
        model=Post,
        fields=(
            Field("岗位编号", "number"),
            Field("用人单位", "employer_id"),
            Field("岗位名称", "title"),
            Field("学历要求", "education"),
            Field("招聘人数", "openings"),
            Field("月薪下限", "pay_fen", unit="元"),
        ),
        key=("number",),
        guarded=True,
        description=_("用人单位在平台发布的岗位,一个岗位可招多人。"),
        date_label=_("发布日期"),
    )
)

declare = Declaring("talent", period=Period.THIS_YEAR)
recognitions = declare.over(
    RECOGNITIONS, period=Period.ALL, dimensions=("人才类别",), norm=_("A 至 F 类的划分为地方口径,待核")
)
subsidies = declare.over(SUBSIDIES)
posts = declare.over(POSTS, dimensions=("学历要求",))

# fmt: off
recognitions.distinct(
    "recognised", _("认定人才数"), ("认定人才", "累计认定人才", "认定各类人才", "人才认定"),
    _("累计获得认定的人才人数,一人多次认定只计一次。"), of="talent", unit="名",
)
recognitions.distinct(
    "high_level", _("高层次人才数"), ("高层次人才", "认定高层次人才", "引进高层次人才"),
    _("累计获得 A、B、C 三类认定的人才人数,一人只计一次。"), of="talent", unit="名", where='人才类别 in ("A","B","C")', parent="recognised",
)
recognitions.distinct(
    "recognised_this_year", _("今年认定人才数"), ("新认定人才", "今年认定人才", "新增认定人才"),
    _("今年以来获得认定的人才人数,一人只计一次。"), of="talent", unit="名", period=Period.THIS_YEAR, parent="recognised",
)
subsidies.sum(
    "subsidies_paid", _("人才补贴发放金额"), ("发放人才补贴", "兑现人才补贴", "人才补贴资金", "人才补贴金额"),
    _("今年以来发放到位的人才补贴合计,按发放日期统计,不含已批未发。"), of="amount_fen", unit="万元", decimals=2, dimensions=("补贴种类", "人才类别"),
)
subsidies.distinct(
    "subsidised", _("享受补贴人才数"), ("享受补贴人才", "人才补贴惠及", "领取补贴人才"),
    _("今年以来至少领到一期补贴的人才人数,一人只计一次。"), of="talent", unit="名", dimensions=("补贴种类",),
)
declare.ratio(
    "subsidy_each", _("人均补贴金额"), ("人均补贴", "人均人才补贴"),
    _("今年以来人才补贴发放金额除以享受补贴人才数。"), of=("subsidies_paid", "subsidised"), unit="元",
)
posts.count(
    "posts", _("发布岗位数"), ("发布岗位", "发布招聘岗位", "提供岗位", "发布就业岗位"),
    _("今年以来用人单位在平台发布的岗位条数;一个岗位招多人仍计一条。"), unit="个",
)
posts.sum(
    "openings", _("计划招聘人数"), ("计划招聘", "招聘人数", "招聘需求", "用工需求"),
    _("今年以来发布的岗位计划招聘人数合计。"), of="openings", unit="人",
)
# fmt: on
