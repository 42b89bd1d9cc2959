"""The kinds of messages that this zone sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.notices import declare_kind

declare_kind("talent.mine", _("人才服务"), mandatory=True)
declare_kind("talent.hiring", _("招聘与应聘"))
declare_kind("talent.expert", _("现场评审任务"))
