"""Figures of practical work for the people. Those that sound alike count different ledgers and may never be added up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.zones.livelihood.figures.ledgers import (
    CHECKS,
    CLAIMS,
    DEEDS,
    DISPUTES,
    DUTIES,
    HELPS,
    ISSUES,
    MEDIATIONS,
    SETTLEMENTS,
)

LOCAL = _("地方口径,待核")
MEMBERS = _("与其他台账的党员人数可能重合,不可相加")

declare = Declaring("livelihood", period=Period.CAMPAIGN)
issues = declare.over(ISSUES)
duties = declare.over(DUTIES)
settlements = declare.over(SETTLEMENTS)
claims = declare.over(CLAIMS)
checks = declare.over(CHECKS, period=Period.THIS_YEAR, dimensions=("所在层级",))
disputes = declare.over(DISPUTES, period=Period.ALL, dimensions=("纠纷类型", "风险等级"))
mediations = declare.over(MEDIATIONS, period=Period.ALL, norm=_("人民调解法第二十八条"))
helps = declare.over(HELPS)
deeds = declare.over(DEEDS, period=Period.THIS_YEAR, dimensions=("服务去向",))

# fmt: off
# --- issues and duties: 问题清单, 履职清单, 销号 --------------------------------------------------------------------

issues.count(
    "issues", _("列入清单问题数"), ("问题清单", "收集群众诉求", "收集问题", "群众反映问题", "梳理群众急难愁盼问题", "征集问题"),
    _("活动开展以来列入问题清单的群众问题个数,不论是否办结。"), unit="个", dimensions=("问题来源", "问题领域"),
)
duties.count(
    "duties", _("履职事项数"), ("履职清单", "履职事项", "转为履职事项", "列入履职清单"),
    _("活动开展以来由问题清单转为履职清单的事项数,一项一个责任单位。"), unit="个", dimensions=("责任层级", "问题领域"),
)
duties.distinct(
    "levels", _("联动层级数"), ("市、县、乡形成协同联动", "级协同联动", "级联动", "市县乡联动"),
    _("活动开展以来履职清单中出现的责任层级数(市级、县级、乡级)。"), of="level", unit="级",
)
settlements.count(
    "settled", _("履职销号数"), ("履职事项销号", "销号", "完成履职事项", "销号清零", "解决群众急难愁盼问题", "解决群众反映问题", "问题清单销号"),
    _("活动开展以来经群众确认完成并销号的履职事项数,按销号日期统计。"), unit="个", dimensions=("责任层级", "问题领域"), parent="duties",
)
settlements.count(
    "settled_in_time", _("按期销号数"), ("按期销号", "按期完成履职事项"),
    _("履职销号数中销号日期不晚于完成时限的项数。"), unit="个", where="发生日期 <= 完成时限", dimensions=("责任层级",), parent="settled", norm=LOCAL,
)
declare.ratio(
    "settled_share", _("履职销号率"), ("销号率", "履职事项完成率", "履职清单完成率"),
    _("履职销号数除以履职事项数。"), of=("settled", "duties"), unit="%", decimals=2,
)

# --- claims: 党员认领民生实事 ---------------------------------------------------------------------------------------

claims.count(
    "claims", _("党员认领民生实事件数"), ("认领民生实事", "党员认领民生实事", "认领实事", "认领微心愿", "领办民生实事", "认领群众实事"),
    _("活动开展以来党员认领的民生实事件数。认领不等于办成,与好事实事难事、帮助基层解难分属不同台账,不可相加。"), unit="件", dimensions=("实事领域", "党组织层级"),
)
claims.distinct(
    "claimants", _("认领民生实事党员数"), ("党员认领", "认领民生实事的党员", "名党员认领民生实事", "参与认领党员"),
    _("活动开展以来至少认领一件民生实事的党员人数,一人认领多件只计一次。"), of="member", unit="名", dimensions=("党组织层级",), norm=MEMBERS,
)
declare.ratio(
    "claims_each", _("党员人均认领件数"), ("人均认领",),
    _("认领民生实事件数除以认领党员数。"), of=("claims", "claimants"), unit="件", decimals=2,
)

# --- disputes: 下访排查, 矛盾纠纷, 化解 -----------------------------------------------------------------------------

checks.distinct(
    "checkers", _("下访排查党员干部数"), ("党员干部变上访为下访", "党员干部下访", "党员干部排查矛盾纠纷", "参与排查的党员干部", "下访党员干部", "名干部下访排查"),
    _("今年以来至少下访排查一次矛盾纠纷的党员干部人数,一人多次只计一次。"), of="member", unit="名", norm=MEMBERS,
)
checks.count(
    "checks", _("下访排查人次"), ("下访排查", "下访排查人次", "开展下访"),
    _("今年以来党员干部下访排查的人次,一人一次计一人次。"), unit="人次",
)
checks.sum(
    "households_checked", _("下访走访户数"), ("下访走访群众", "走访群众户次"),
    _("今年以来下访排查中走访的户次合计,同一户多次走访分别计数。"), of="households", unit="户次",
)
disputes.count(
    "disputes", _("排查矛盾纠纷数"), ("排查问题", "排查矛盾纠纷", "排查矛盾纠纷问题", "排查出问题", "摸排矛盾纠纷", "排查各类矛盾纠纷", "已排查问题"),
    _("截至统计日排查出并登记的矛盾纠纷问题件数,不论是否化解。"), unit="件",
)
mediations.count(
    "disputes_solved", _("解决矛盾纠纷数"), ("解决矛盾纠纷", "化解矛盾纠纷", "成功化解矛盾纠纷", "调处矛盾纠纷", "解决排查问题", "排查问题解决", "化解纠纷"),
    _("截至统计日排查出的矛盾纠纷问题中已经化解的件数,与帮助基层解难、企业诉求解决分属不同台账。"), unit="件", dimensions=("纠纷类型", "协议形式"), parent="disputes",
)
declare.ratio(
    "dispute_rate", _("矛盾纠纷化解率"), ("化解率", "矛盾纠纷化解率", "矛盾纠纷解决率", "调处成功率", "排查问题解决率"),
    _("解决矛盾纠纷数除以排查矛盾纠纷数。"), of=("disputes_solved", "disputes"), unit="%", decimals=2,
)
disputes.count(
    "disputes_high_risk", _("高风险矛盾纠纷数"), ("高风险矛盾纠纷", "重大矛盾纠纷", "红橙色矛盾纠纷"),
    _("截至统计日排查出的矛盾纠纷问题中风险等级为红、橙的件数。"), unit="件", where='风险等级 in ("red","orange")', parent="disputes", norm=LOCAL,
)

# --- help: 帮助基层解决困难和问题 -----------------------------------------------------------------------------------

helps.count(
    "helps", _("帮助基层办理困难和问题数"), ("帮助基层办理困难和问题", "收集基层困难和问题", "受理基层困难问题"),
    _("活动开展以来党员干部帮助基层办理的实际困难和问题件数,不论结果。"), unit="件", dimensions=("困难领域", "帮办层级", "帮办结果"),
)
helps.count(
    "helps_solved", _("帮助基层解决困难和问题数"),
    ("帮助基层解决实际困难和问题", "帮助基层解决困难问题", "帮助基层解决问题", "为基层解决实际困难", "帮助基层解难", "解决基层实际困难和问题"),
    _("活动开展以来帮助基层办理并已经解决的实际困难和问题件数。与党员认领民生实事、好事实事难事、矛盾纠纷分属不同台账,不可相加。"),
    unit="件", where='帮办结果 = "solved"', dimensions=("困难领域", "帮办层级"), parent="helps",
)
declare.ratio(
    "help_rate", _("帮助基层解难解决率"), ("基层困难解决率", "帮办解决率"),
    _("帮助基层解决困难和问题数除以帮助基层办理困难和问题数。"), of=("helps_solved", "helps"), unit="%", decimals=2,
)

# --- deeds: 好事、实事、难事 ----------------------------------------------------------------------------------------

deeds.count(
    "deeds", _("好事实事难事件数"), ("为群众办好事、办实事、解难事", "办好事、办实事、解难事", "办好事实事难事", "办好事办实事", "为群众办实事", "为民办实事好事", "办实事好事"),
    _("今年以来党员干部进企业、进社区、进学校、进农村为群众办好事、办实事、解难事的件数,三类合计。"), unit="件", dimensions=("事项类别", "服务去向"),
)
deeds.count(
    "deeds_good", _("办好事件数"), ("其中办好事", "办好事件数"),
    _("好事实事难事件数中该类事项的件数。"), unit="件", where='事项类别 = "good"', parent="deeds",
)
deeds.count(
    "deeds_practical", _("办实事件数"), ("其中办实事", "办实事件数"),
    _("好事实事难事件数中该类事项的件数。"), unit="件", where='事项类别 = "practical"', parent="deeds",
)
deeds.count(
    "deeds_difficult", _("解难事件数"), ("其中解难事", "解难事件数"),
    _("好事实事难事件数中该类事项的件数。"), unit="件", where='事项类别 = "difficult"', parent="deeds",
)
deeds.distinct(
    "doers", _("办好事实事难事党员干部数"), ("党员干部进企业、进社区、进学校、进农村", "发动党员干部", "发动党员干部进企业", "党员干部为群众办好事", "党员干部办实事"),
    _("今年以来为群众至少办过一件好事、实事或难事的党员干部人数,一人只计一次。"), of="member", unit="名", norm=MEMBERS,
)
# fmt: on
