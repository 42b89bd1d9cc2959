"""The rooms of the policies zone on the desk."""

from django.utils.translation import gettext_lazy as _

from yizhantong.web.desk_tabs import desk_tab

desk_tab(
    "policies", "policies:desk", _("惠企政策"), "policies.edit", "policies.publish", "policies.budget", "policies.pay"
)
desk_tab("policies", "policies:scoring", _("政策评审"), "experts.score")
