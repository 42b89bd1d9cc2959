"""Figures of practical work for the people. Those that sound alike count different ledgers and may never be added up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, register

LOCAL = _("地方口径,待核")
MEMBERS = _("与其他台账的党员人数可能重合,不可相加")

# --- issues and duties: 问题清单, 履职清单, 销号 ------------------------------------------------------------------------

register(
    Figure(
        code="livelihood.issues", label=_("列入清单问题数"), ledger="livelihood.issue", measure=Count(), unit="个",
        period=Period.CAMPAIGN,
        phrases=("问题清单", "收集群众诉求", "收集问题", "群众反映问题", "梳理群众急难愁盼问题", "征集问题"),
        definition=_("活动开展以来列入问题清单的群众问题个数,不论是否办结。"),
        dimensions=("问题来源", "问题领域"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.duties", label=_("履职事项数"), ledger="livelihood.duty", measure=Count(), unit="个",
        period=Period.CAMPAIGN,
        phrases=("履职清单", "履职事项", "转为履职事项", "列入履职清单"),
        definition=_("活动开展以来由问题清单转为履职清单的事项数,一项一个责任单位。"),
        dimensions=("责任层级", "问题领域"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.levels", label=_("联动层级数"), ledger="livelihood.duty", measure=Distinct("level"), unit="级",
        period=Period.CAMPAIGN,
        phrases=("市、县、乡形成协同联动", "级协同联动", "级联动", "市县乡联动"),
        definition=_("活动开展以来履职清单中出现的责任层级数(市级、县级、乡级)。"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.settled", label=_("履职销号数"), ledger="livelihood.settlement", measure=Count(), unit="个",
        period=Period.CAMPAIGN,
        phrases=(
            "履职事项销号", "销号", "完成履职事项", "销号清零", "解决群众急难愁盼问题", "解决群众反映问题", "问题清单销号",
        ),
        definition=_("活动开展以来经群众确认完成并销号的履职事项数,按销号日期统计。"),
        dimensions=("责任层级", "问题领域"), parent="livelihood.duties",
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.settled_in_time", label=_("按期销号数"), ledger="livelihood.settlement", measure=Count(),
        unit="个", where="发生日期 <= 完成时限", period=Period.CAMPAIGN,
        phrases=("按期销号", "按期完成履职事项"),
        definition=_("履职销号数中销号日期不晚于完成时限的项数。"),
        dimensions=("责任层级",), parent="livelihood.settled", norm=LOCAL,
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.settled_share", label=_("履职销号率"), unit="%", decimals=2,
        measure=Ratio("livelihood.settled", "livelihood.duties"),
        phrases=("销号率", "履职事项完成率", "履职清单完成率"),
        definition=_("履职销号数除以履职事项数。"),
    )
)  # fmt: skip

# --- claims: 党员认领民生实事 -----------------------------------------------------------------------------------------

register(
    Figure(
        code="livelihood.claims", label=_("党员认领民生实事件数"), ledger="livelihood.claim", measure=Count(), unit="件",
        period=Period.CAMPAIGN,
        phrases=("认领民生实事", "党员认领民生实事", "认领实事", "认领微心愿", "领办民生实事", "认领群众实事"),
        definition=_("活动开展以来党员认领的民生实事件数。认领不等于办成,与好事实事难事、帮助基层解难分属不同台账,不可相加。"),
        dimensions=("实事领域", "党组织层级"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.claimants", label=_("认领民生实事党员数"), ledger="livelihood.claim", measure=Distinct("member"),
        unit="名", period=Period.CAMPAIGN,
        phrases=("党员认领", "认领民生实事的党员", "名党员认领民生实事", "参与认领党员"),
        definition=_("活动开展以来至少认领一件民生实事的党员人数,一人认领多件只计一次。"),
        dimensions=("党组织层级",), norm=MEMBERS,
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.claims_each", label=_("党员人均认领件数"), unit="件", decimals=2,
        measure=Ratio("livelihood.claims", "livelihood.claimants", percent=False),
        phrases=("人均认领",),
        definition=_("认领民生实事件数除以认领党员数。"),
    )
)  # fmt: skip

# --- disputes: 下访排查, 矛盾纠纷, 化解 ----------------------------------------------------------------------------------

register(
    Figure(
        code="livelihood.checkers", label=_("下访排查党员干部数"), ledger="livelihood.check", measure=Distinct("member"),
        unit="名", period=Period.THIS_YEAR,
        phrases=(
            "党员干部变上访为下访", "党员干部下访", "党员干部排查矛盾纠纷", "参与排查的党员干部", "下访党员干部", "名干部下访排查",
        ),
        definition=_("今年以来至少下访排查一次矛盾纠纷的党员干部人数,一人多次只计一次。"),
        dimensions=("所在层级",), norm=MEMBERS,
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.checks", label=_("下访排查人次"), ledger="livelihood.check", measure=Count(), unit="人次",
        period=Period.THIS_YEAR,
        phrases=("下访排查", "下访排查人次", "开展下访"),
        definition=_("今年以来党员干部下访排查的人次,一人一次计一人次。"),
        dimensions=("所在层级",),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.households_checked", label=_("下访走访户数"), ledger="livelihood.check",
        measure=Sum("households"), unit="户次", period=Period.THIS_YEAR,
        phrases=("下访走访群众", "走访群众户次"),
        definition=_("今年以来下访排查中走访的户次合计,同一户多次走访分别计数。"),
        dimensions=("所在层级",),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.disputes", label=_("排查矛盾纠纷数"), ledger="livelihood.dispute", measure=Count(), unit="件",
        phrases=("排查问题", "排查矛盾纠纷", "排查矛盾纠纷问题", "排查出问题", "摸排矛盾纠纷", "排查各类矛盾纠纷", "已排查问题"),
        definition=_("截至统计日排查出并登记的矛盾纠纷问题件数,不论是否化解。"),
        dimensions=("纠纷类型", "风险等级"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.disputes_solved", label=_("解决矛盾纠纷数"), ledger="livelihood.mediation", measure=Count(),
        unit="件",
        phrases=(
            "解决矛盾纠纷", "化解矛盾纠纷", "成功化解矛盾纠纷", "调处矛盾纠纷", "解决排查问题", "排查问题解决", "化解纠纷",
        ),
        definition=_("截至统计日排查出的矛盾纠纷问题中已经化解的件数,与帮助基层解难、企业诉求解决分属不同台账。"),
        dimensions=("纠纷类型", "协议形式"), parent="livelihood.disputes", norm=_("人民调解法第二十八条"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.dispute_rate", label=_("矛盾纠纷化解率"), unit="%", decimals=2,
        measure=Ratio("livelihood.disputes_solved", "livelihood.disputes"),
        phrases=("化解率", "矛盾纠纷化解率", "矛盾纠纷解决率", "调处成功率", "排查问题解决率"),
        definition=_("解决矛盾纠纷数除以排查矛盾纠纷数。"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.disputes_high_risk", label=_("高风险矛盾纠纷数"), ledger="livelihood.dispute", measure=Count(),
        unit="件", where='风险等级 in ("red","orange")',
        phrases=("高风险矛盾纠纷", "重大矛盾纠纷", "红橙色矛盾纠纷"),
        definition=_("截至统计日排查出的矛盾纠纷问题中风险等级为红、橙的件数。"),
        dimensions=("纠纷类型", "风险等级"), parent="livelihood.disputes", norm=LOCAL,
    )
)  # fmt: skip

# --- help: 帮助基层解决困难和问题 ----------------------------------------------------------------------------------------

register(
    Figure(
        code="livelihood.helps", label=_("帮助基层办理困难和问题数"), ledger="livelihood.help", measure=Count(), unit="件",
        period=Period.CAMPAIGN,
        phrases=("帮助基层办理困难和问题", "收集基层困难和问题", "受理基层困难问题"),
        definition=_("活动开展以来党员干部帮助基层办理的实际困难和问题件数,不论结果。"),
        dimensions=("困难领域", "帮办层级", "帮办结果"),
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.helps_solved", label=_("帮助基层解决困难和问题数"), ledger="livelihood.help", measure=Count(),
        unit="件", where='帮办结果 = "solved"', period=Period.CAMPAIGN,
        phrases=(
            "帮助基层解决实际困难和问题", "帮助基层解决困难问题", "帮助基层解决问题", "为基层解决实际困难", "帮助基层解难",
            "解决基层实际困难和问题",
        ),
        definition=_(
            "活动开展以来帮助基层办理并已经解决的实际困难和问题件数。与党员认领民生实事、好事实事难事、矛盾纠纷分属不同台账,不可相加。"
        ),
        dimensions=("困难领域", "帮办层级"), parent="livelihood.helps",
    )
)  # fmt: skip

register(
    Figure(
        code="livelihood.help_rate", label=_("帮助基层解难解决率"), unit="%", decimals=2,
        measure=Ratio("livelihood.helps_solved", "livelihood.helps"),
        phrases=("基层困难解决率", "帮办解决率"),
        definition=_("帮助基层解决困难和问题数除以帮助基层办理困难和问题数。"),
    )
)  # fmt: skip

# --- deeds: 好事、实事、难事 -------------------------------------------------------------------------------------------

register(
    Figure(
        code="livelihood.deeds", label=_("好事实事难事件数"), ledger="livelihood.deed", measure=Count(), unit="件",
        period=Period.THIS_YEAR,
        phrases=(
            "为群众办好事、办实事、解难事", "办好事、办实事、解难事", "办好事实事难事", "办好事办实事", "为群众办实事", "为民办实事好事",
            "办实事好事",
        ),
        definition=_("今年以来党员干部进企业、进社区、进学校、进农村为群众办好事、办实事、解难事的件数,三类合计。"),
        dimensions=("事项类别", "服务去向"),
    )
)  # fmt: skip

for code, name, phrases in (
    ("good", _("办好事件数"), ("其中办好事", "办好事件数")),
    ("practical", _("办实事件数"), ("其中办实事", "办实事件数")),
    ("difficult", _("解难事件数"), ("其中解难事", "解难事件数")),
):
    register(
        Figure(
            code=f"livelihood.deeds_{code}", label=name, ledger="livelihood.deed", measure=Count(), unit="件",
            where=f'事项类别 = "{code}"', period=Period.THIS_YEAR, phrases=phrases,
            definition=_("好事实事难事件数中该类事项的件数。"),
            dimensions=("服务去向",), parent="livelihood.deeds",
        )
    )  # fmt: skip

register(
    Figure(
        code="livelihood.doers", label=_("办好事实事难事党员干部数"), ledger="livelihood.deed",
        measure=Distinct("member"), unit="名", period=Period.THIS_YEAR,
        phrases=(
            "党员干部进企业、进社区、进学校、进农村", "发动党员干部", "发动党员干部进企业", "党员干部为群众办好事", "党员干部办实事",
        ),
        definition=_("今年以来为群众至少办过一件好事、实事或难事的党员干部人数,一人只计一次。"),
        dimensions=("服务去向",), norm=MEMBERS,
    )
)  # fmt: skip
