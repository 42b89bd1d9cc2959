"""Ledgers and figures of training."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.figures import Period
from yizhantong.kernel.figures.declaring import Declaring
from yizhantong.kernel.ledger import Field, Ledger, register
from yizhantong.zones.training.models import Graduation, Play, Session, Share, Video

SESSIONS = register(
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
GRADUATIONS = register(
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
VIDEOS = register(
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
PLAYS = register(
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
SHARES = register(
    Ledger(
        code="training.share",
        label=_("传播台账"),
        model=Share,
        fields=(Field("视频编号", "video"), Field("传播渠道", "channel")),
        description=_("视频每转发或分享一次一条。"),
        date_label=_("传播日期"),
    )
)

declare = Declaring("training", period=Period.THIS_YEAR, norm=_("乡村人才平台统计口径,待核"))
sessions = declare.over(SESSIONS)
graduations = declare.over(GRADUATIONS)
videos = declare.over(VIDEOS)
plays = declare.over(PLAYS, period=Period.ALL)
shares = declare.over(SHARES, period=Period.ALL)

# fmt: off
sessions.count(
    "all_sessions", _("各类培训场次"), ("举办各类培训", "组织各类培训"),
    _("今年以来举办的各类培训场次,含科技培训、高素质农民培训和田间指导。"), unit="场", dimensions=("培训类型",),
)
sessions.count(
    "sessions", _("科技培训场次"), ("组织科技培训", "科技培训", "开展科技培训", "举办科技培训", "农业科技培训", "农业技术培训"),
    _("今年以来组织的科技培训场次。"), unit="场", where='培训类型 = "technical"', parent="all_sessions",
)
sessions.count(
    "farmer_sessions", _("高素质农民培训场次"), ("高素质农民培训班", "举办高素质农民培训班", "新农人培训班"),
    _("今年以来高素质农民培训班开课的场次。"), unit="场", where='培训类型 = "farmers"', parent="all_sessions",
)
sessions.sum(
    "attendance", _("参训人次"), ("培训农民", "参训人次", "培训人次", "参加培训"),
    _("今年以来各场培训的参训人次合计,同一人参加两场算两人次。"), of="attendance", unit="人次", dimensions=("培训类型",),
)
graduations.distinct(
    "graduates", _("培养高素质农民人数"), ("培养高素质“新农人”", "高素质新农人", "培养高素质农民", "高素质农民", "新农人", "培育高素质农民", "培训高素质农民"),
    _("今年以来高素质农民培训班结业的人数,同一人只算一名。"), of="trainee", unit="名",
)
videos.count(
    "videos", _("专题视频期数"), ("专题视频", "录制专题视频", "视频课程", "制作教学视频", "录制教学视频"),
    _("今年以来上线的专题视频期数。"), unit="期", dimensions=("专题",),
)
plays.count(
    "plays", _("累计观看"), ("累计观看", "观看人次", "视频观看", "点击观看", "播放量"),
    _("专题视频累计观看的人次,同一人看两次算两人次。"), unit="人次",
)
plays.distinct(
    "viewers", _("观看人数"), ("观看人数",),
    _("看过专题视频的人数,同一人只算一人。"), of="viewer", unit="人",
)
shares.count(
    "shares", _("平台传播次数"), ("平台传播", "转发分享", "传播次数", "转发量", "视频传播"),
    _("专题视频累计被转发、分享的次数。"), unit="次", dimensions=("传播渠道",),
)
declare.ratio(
    "plays_per_video", _("每期平均观看"), ("每期平均观看", "平均每期观看"),
    _("累计观看人次除以今年上线的专题视频期数。"), of=("plays", "videos"), unit="人次", decimals=1,
)
declare.ratio(
    "attendance_per_session", _("每场平均参训"), ("每场平均参训",),
    _("今年以来参训人次除以各类培训场次。"), of=("attendance", "all_sessions"), unit="人次", decimals=1,
)
# fmt: on
