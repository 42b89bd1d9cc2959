"""The rooms of the talent service on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("talent", "talent:desk", _("人才服务"), "talent.manage")
desk_tab("talent", "talent:scoring", _("现场评审"), "experts.score")
