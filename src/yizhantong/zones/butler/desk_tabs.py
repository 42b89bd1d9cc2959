"""The rooms of the butler service on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("butler", "butler:home", _("管家服务"), "butler.serve", "butler.manage")
