"""The rooms of the market on the desk: the finance office's and the banks'."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab("finance", "finance:listings", _("银企撮合"), "finance.manage")
desk_tab("finance", "finance:desk", _("银行工作台"), "finance.bank")
