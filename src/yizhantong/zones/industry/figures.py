"""Ledgers and figures of industry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.industry.models import Cloud, Node, Platform, Registration, Resolution

PLATFORMS = register(
    Ledger(
        code="industry.platform",
        label=_("工业互联网平台登记"),
        model=Platform,
        fields=(
            Field("平台编号", "platform"),
            Field("平台名称", "name"),
            Field("平台类型", "kind"),
            Field("建设单位", "builder_id"),
            Field("宣称", "claim", help=_("如“国内首个”;只作文字登记,须附佐证,不作为数字统计")),
            Field("佐证", "evidence"),
        ),
        key=("platform",),
        register=True,
        description=_("建成的标识解析二级节点和工业互联网平台,每个一条。"),
        date_label=_("建成日期"),
    )
)
NODES = register(
    Ledger(
        code="industry.node",
        label=_("企业节点登记"),
        model=Node,
        fields=(Field("企业前缀", "prefix"), Field("企业", "enterprise_id"), Field("行业代码", "industry_id")),
        key=("prefix",),
        register=True,
        description=_("接入二级节点并分配前缀的企业,每个前缀一条;注销的红字冲销。"),
        date_label=_("启用日期"),
        earliest="2018-01-01",
    )
)
REGISTRATIONS = register(
    Ledger(
        code="industry.registration",
        label=_("标识注册台账"),
        model=Registration,
        fields=(
            Field("标识", "handle"),
            Field("比对形式", "key"),
            Field("企业前缀", "prefix"),
            Field("标识载体", "carrier"),
        ),
        key=("key",),
        description=_("每个标识注册一条;注销的红字冲销。"),
        date_label=_("注册日期"),
        earliest="2018-01-01",
    )
)
RESOLUTIONS = register(
    Ledger(
        code="industry.resolution",
        label=_("标识解析日志汇总"),
        model=Resolution,
        fields=(
            Field("企业前缀", "prefix"),
            Field("解析次数", "asked"),
            Field("成功次数", "found"),
            Field("应答毫秒", "milliseconds"),
        ),
        key=("prefix", "occurred_on"),
        description=_("每个企业前缀每天一条:当天被解析的次数、成功次数和应答时间合计。"),
        date_label=_("解析日期"),
        earliest="2018-01-01",
    )
)
CLOUDS = register(
    Ledger(
        code="industry.cloud",
        label=_("企业上云台账"),
        model=Cloud,
        fields=(
            Field("合同编号", "contract"),
            Field("企业", "enterprise_id"),
            Field("云服务商", "vendor"),
            Field("服务类别", "service"),
            Field("合同额", "contract_fen", unit="万元"),
            Field("云服务券号", "voucher", public=False),
            Field("核销额", "redeemed_fen", unit="万元"),
        ),
        key=("contract",),
        description=_("企业每签一份云服务合同一条;云服务券一券一用。"),
        date_label=_("上云日期"),
    )
)

CLOUD = _("《推动企业上云实施指南(2018-2020年)》(工信部信软〔2018〕135号)")

declare = Declaring("industry", norm=_("《工业互联网标识管理办法》(工信部信管〔2020〕204号)"))
platforms = declare.over(PLATFORMS)
nodes = declare.over(NODES)
registrations = declare.over(REGISTRATIONS)
resolutions = declare.over(RESOLUTIONS)
clouds = declare.over(CLOUDS, period=Period.THIS_YEAR, norm=CLOUD)

# fmt: off
platforms.count(
    "platforms", _("工业互联网平台数"), ("工业互联网平台", "建成工业互联网平台"),
    _("已建成的行业和企业工业互联网平台个数,不含二级节点。"), unit="个", where='平台类型 != "node"', dimensions=("平台类型",), norm="",
)
platforms.count(
    "second_level_nodes", _("标识解析二级节点数"), ("标识解析二级节点", "工业互联网标识解析二级节点", "二级节点"),
    _("已建成的工业互联网标识解析二级节点个数。"), unit="个", where='平台类型 = "node"',
)
nodes.count(
    "nodes", _("接入企业节点数"), ("接入企业", "企业节点", "接入企业节点", "二级节点接入企业"),
    _("接入标识解析二级节点并启用前缀的企业家数。"), unit="家",
)
registrations.count(
    "registrations", _("标识注册量"), ("标识注册量", "累计标识注册量", "注册标识", "标识注册总量"),
    _("累计注册且未注销的标识个数。"), unit="个", dimensions=("标识载体", "企业前缀"),
)
registrations.count(
    "registrations_year", _("今年标识注册量"), ("今年标识注册量", "新增标识注册", "新增标识"),
    _("今年以来注册且未注销的标识个数。"), unit="个", period=Period.THIS_YEAR, parent="registrations",
)
resolutions.sum(
    "resolutions", _("标识解析量"), ("标识解析量", "累计标识解析量", "标识解析次数", "解析量"),
    _("累计标识解析次数,含未成功的。"), of="asked", unit="次", dimensions=("企业前缀",),
)
resolutions.sum(
    "resolutions_found", _("标识解析成功次数"), ("解析成功次数",),
    _("累计成功返回信息的标识解析次数。"), of="found", unit="次", parent="resolutions",
)
resolutions.sum(
    "milliseconds", _("标识解析应答毫秒合计"), (),
    _("累计标识解析应答时间合计,用于计算平均时延。"), of="milliseconds", unit="毫秒",
)
clouds.distinct(
    "cloud_enterprises", _("上云企业数"), ("上云企业", "企业上云", "推动企业上云", "新增上云企业", "实现上云企业"),
    _("累计签订云服务合同的企业家数,同一企业只算一家。"), of="enterprise_id", unit="家", period=Period.ALL, dimensions=("服务类别",),
)
clouds.distinct(
    "cloud_enterprises_year", _("今年上云企业数"), ("今年上云企业", "今年新增上云企业"),
    _("今年以来签订云服务合同的企业家数,同一企业只算一家。"), of="enterprise_id", unit="家", dimensions=("服务类别",),
)
clouds.sum(
    "cloud_amount", _("企业上云合同额"), ("上云合同额", "云服务合同金额"),
    _("今年以来企业签订的云服务合同金额合计。"), of="contract_fen", unit="万元", decimals=1,
)
clouds.sum(
    "vouchers", _("云服务券核销额"), ("云服务券核销", "发放云服务券", "兑付云服务券"),
    _("今年以来核销的云服务券金额合计。"),
    of="redeemed_fen", unit="万元", decimals=1, parent="cloud_amount", norm=_("工信部信软〔2018〕135号;核销比例待核"),
)
declare.ratio(
    "success_rate", _("标识解析成功率"), ("标识解析成功率", "解析成功率"),
    _("累计标识解析成功次数占解析次数的百分比。"), of=("resolutions_found", "resolutions"), unit="%", decimals=1,
)
declare.ratio(
    "mean_latency", _("标识解析平均时延"), ("标识解析平均时延", "解析时延"),
    _("累计标识解析应答时间除以解析次数。"), of=("milliseconds", "resolutions"), unit="毫秒", decimals=1,
)
declare.ratio(
    "registrations_per_node", _("企业节点平均标识注册量"), ("平均每家企业注册标识",),
    _("累计标识注册量除以接入企业家数。"), of=("registrations", "nodes"), unit="个", decimals=1,
)
# fmt: on
