"""Ledgers and figures of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Count, Distinct, Figure, Period, Ratio, Sum, figure, register
from yizhantong.kernel.ledger import Field, Ledger
from yizhantong.kernel.ledger import register as register_ledger
from yizhantong.zones.training.models import Graduation, Play, Session, Share, Video

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SESSIONS = register_ledger(
    Ledger(
        code="training.session",
        label=_("培训场次台账"),
        model=Session,
        fields=(
            Field("场次编号", "session"),
            Field("培训主题", "title"),
            Field("培训类型", "kind"),
            Field("时长", "seconds", unit="小时"),
            Field("参训人次", "attendance"),
        ),
        key=("session",),
        description=_("每举办一场培训一条。"),
        date_label=_("举办日期"),
    )
)
GRADUATIONS = register_ledger(
    Ledger(
        code="training.graduation",
        label=_("结业台账"),
        model=Graduation,
        fields=(
            Field("学员代码", "trainee", personal=True, public=False),
            Field("年度", "year"),
            Field("班级", "course"),
            Field("学时完成率", "attended_percent", help=_("百分数,如 95")),
            Field("结业证号", "certificate", public=False),
        ),
        key=("trainee", "year"),
        description=_("每名学员每年结业一次,一人一条;以代码登记,不含姓名和证件号。"),
        date_label=_("结业日期"),
    )
)
VIDEOS = register_ledger(
    Ledger(
        code="training.video",
        label=_("专题视频登记"),
        model=Video,
        fields=(
            Field("视频编号", "video"),
            Field("视频标题", "title"),
            Field("专题", "topic"),
            Field("时长", "seconds", unit="分钟"),
        ),
        key=("video",),
        register=True,
        description=_("每期上线的专题视频一条。"),
        date_label=_("上线日期"),
    )
)
PLAYS = register_ledger(
    Ledger(
        code="training.play",
        label=_("观看台账"),
        model=Play,
        fields=(
            Field("视频编号", "video"),
            Field("观看人代码", "viewer", personal=True, public=False),
            Field("观看时长", "seconds", unit="分钟"),
        ),
        description=_("每观看一次一条(人次)。"),
        date_label=_("观看日期"),
    )
)
SHARES = register_ledger(
    Ledger(
        code="training.share",
        label=_("传播台账"),
        model=Share,
        fields=(Field("视频编号", "video"), Field("传播渠道", "channel")),
        description=_("视频每转发或分享一次一条。"),
        date_label=_("传播日期"),
    )
)

PLATFORM = _("乡村人才平台统计口径,待核")


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
    period: Period = Period.THIS_YEAR,
    parent: str = "",
    dimensions: tuple[str, ...] = (),
) -> None:
    """Declare a figure over one ledger."""
    register(
        Figure(
            code=f"training.{code}",
            label=label,
            ledger=f"training.{ledger}",
            measure=measure,
            unit=unit,
            where=where,
            period=period,
            phrases=phrases,
            definition=definition,
            dimensions=dimensions,
            parent=f"training.{parent}" if parent else "",
            norm=PLATFORM,
        )
    )


_declare(
    "all_sessions", _("各类培训场次"), "session", Count(), "场",
    ("举办各类培训", "组织各类培训"),
    _("今年以来举办的各类培训场次,含科技培训、高素质农民培训和田间指导。"), dimensions=("培训类型",),
)  # fmt: skip
_declare(
    "sessions", _("科技培训场次"), "session", Count(), "场",
    ("组织科技培训", "科技培训", "开展科技培训", "举办科技培训", "农业科技培训", "农业技术培训"),
    _("今年以来组织的科技培训场次。"), where='培训类型 = "technical"', parent="all_sessions",
)  # fmt: skip
_declare(
    "farmer_sessions", _("高素质农民培训场次"), "session", Count(), "场",
    ("高素质农民培训班", "举办高素质农民培训班", "新农人培训班"),
    _("今年以来高素质农民培训班开课的场次。"), where='培训类型 = "farmers"', parent="all_sessions",
)  # fmt: skip
_declare(
    "attendance", _("参训人次"), "session", Sum("attendance"), "人次",
    ("培训农民", "参训人次", "培训人次", "参加培训"),
    _("今年以来各场培训的参训人次合计,同一人参加两场算两人次。"), dimensions=("培训类型",),
)  # fmt: skip
_declare(
    "graduates", _("培养高素质农民人数"), "graduation", Distinct("trainee"), "名",
    ("培养高素质“新农人”", "高素质新农人", "培养高素质农民", "高素质农民", "新农人", "培育高素质农民", "培训高素质农民"),
    _("今年以来高素质农民培训班结业的人数,同一人只算一名。"),
)  # fmt: skip
_declare(
    "videos", _("专题视频期数"), "video", Count(), "期",
    ("专题视频", "录制专题视频", "视频课程", "制作教学视频", "录制教学视频"),
    _("今年以来上线的专题视频期数。"), dimensions=("专题",),
)  # fmt: skip
_declare(
    "plays", _("累计观看"), "play", Count(), "人次",
    ("累计观看", "观看人次", "视频观看", "点击观看", "播放量"),
    _("专题视频累计观看的人次,同一人看两次算两人次。"), period=Period.ALL,
)  # fmt: skip
_declare(
    "viewers", _("观看人数"), "play", Distinct("viewer"), "人",
    ("观看人数",),
    _("看过专题视频的人数,同一人只算一人。"), period=Period.ALL,
)  # fmt: skip
_declare(
    "shares", _("平台传播次数"), "share", Count(), "次",
    ("平台传播", "转发分享", "传播次数", "转发量", "视频传播"),
    _("专题视频累计被转发、分享的次数。"), period=Period.ALL, dimensions=("传播渠道",),
)  # fmt: skip


def _ratio(
    code: str, label: StrOrPromise, parts: tuple[str, str], unit: str, phrases: tuple[str, ...], definition: StrOrPromise
) -> None:  # fmt: skip
    """Declare the mean of one figure of this zone over another, with the period of the first."""
    register(
        Figure(
            code=f"training.{code}", label=label, unit=unit, decimals=1, phrases=phrases, definition=definition,
            measure=Ratio(f"training.{parts[0]}", f"training.{parts[1]}", percent=False),
            period=figure(f"training.{parts[0]}").period, norm=PLATFORM,
        )
    )  # fmt: skip


_ratio(
    "plays_per_video", _("每期平均观看"), ("plays", "videos"), "人次", ("每期平均观看", "平均每期观看"),
    _("累计观看人次除以今年上线的专题视频期数。"),
)  # fmt: skip
_ratio(
    "attendance_per_session", _("每场平均参训"), ("attendance", "all_sessions"), "人次", ("每场平均参训",),
    _("今年以来参训人次除以各类培训场次。"),
)  # fmt: skip
