"""The rooms of cross-region handling on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("crossregion", "crossregion:cases", _("跨区通办"), "crossregion.handle")
