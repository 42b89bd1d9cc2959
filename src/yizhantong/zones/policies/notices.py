"""The kinds of messages that this zone sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.notices import declare_kind

declare_kind("policies.match", _("政策匹配推送"))
declare_kind("policies.automatic", _("免申即享确认"), mandatory=True)
declare_kind("policies.payment", _("资金拨付"), mandatory=True)
declare_kind("policies.recovery", _("资金追回"), mandatory=True)
declare_kind("policies.overdue", _("追回逾期"))
declare_kind("policies.results", _("绩效填报提醒"))
declare_kind("policies.expert", _("专家评审任务"))
declare_kind("policies.review", _("专家评审进展"))
