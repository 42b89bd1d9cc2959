"""The rooms of one thing, once on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("onething", "onething:enrolment-desk", _("入学报名"), "enrolment.manage")
