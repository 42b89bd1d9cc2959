"""The rooms of one thing, once on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("onething", "onething:desk", _("一件事一次办"), "cases.decide", "cases.assign")
desk_tab("onething", "onething:editor", _("一件事编排"), "items.edit", "items.publish")
desk_tab("onething", "onething:enrolment-desk", _("入学报名"), "enrolment.manage")
