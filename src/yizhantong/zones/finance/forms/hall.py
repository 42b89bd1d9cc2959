"""Forms of enterprises: what they authorise, whom they send their need to, filters of products."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.config import GUARANTOR, settings
from yizhantong.zones.finance.models import Authorisation, Listing, Need

EVERY_BANK = "*"


class AuthorisationForm(forms.Form):
    """What is let seen, to whom, for what, how long."""

    purpose = forms.ChoiceField(label=_("用途"), choices=Authorisation.Purpose.choices, widget=forms.RadioSelect)
    groups = forms.MultipleChoiceField(label=_("数据范围"), widget=forms.CheckboxSelectMultiple)
    banks = forms.MultipleChoiceField(label=_("被授权银行"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("有效期"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, firms: Iterable[Organisation], listings: Iterable[Listing], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        city = settings()
        chosen: Any = self.fields
        chosen["groups"].choices = [(one.code, one.label) for one in city.groups.values() if one.code != GUARANTOR]
        every = gettext("所有与本企业对接的银行")
        banks = Organisation.objects.filter(kind=Organisation.Kind.BANK).order_by("name")
        chosen["banks"].choices = [(EVERY_BANK, every), *banks.values_list("uscc", "name")]
        chosen["days"].choices = [(days, gettext("%(days)d 天") % {"days": days}) for days in city.authorisation_days]
        needs = [(one.pk, one.case.title) for one in listings]
        firms = list(firms)
        lead: dict[str, forms.Field] = {}
        if len(firms) > 1:
            lead["firm"] = forms.ChoiceField(label=_("授权企业"), choices=[(one.pk, one.name) for one in firms])
        lead["listing"] = forms.TypedChoiceField(
            label=_("用于哪笔需求"), coerce=int, empty_value=None, required=False, choices=[("", gettext("全部融资需求")), *needs]
        )  # fmt: skip
        self.fields = {**lead, **self.fields}

    def clean_banks(self) -> list[str]:
        """Refuse named banks beside all of them."""
        chosen: list[str] = self.cleaned_data["banks"]
        if EVERY_BANK in chosen and len(chosen) > 1:
            raise forms.ValidationError(gettext("已选“所有对接银行”,不必再选具体银行"))
        return chosen


class GuarantorForm(forms.Form):
    """Who stands surety for a need, as the register has him."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    identity = forms.CharField(label=_("身份证号"), max_length=18, help_text=_("只用于核对本人,不会显示给银行。"))
    relation = forms.CharField(label=_("与企业的关系"), max_length=40, help_text=_("如法定代表人、股东、配偶"))


class GuaranteeForm(forms.Form):
    """To which banks a guarantor shows himself, for what, how long."""

    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=[one for one in Authorisation.Purpose.choices if one[0] != "after"],
        widget=forms.RadioSelect,
        initial="approval",
    )
    banks = forms.MultipleChoiceField(label=_("被授权银行"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(label=_("有效期"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields
        banks = Organisation.objects.filter(kind=Organisation.Kind.BANK).order_by("name")
        chosen["banks"].choices = [(EVERY_BANK, gettext("所有与本企业对接的银行")), *banks.values_list("uscc", "name")]
        length = settings().authorisation_days
        chosen["days"].choices = [(days, gettext("%(days)d 天") % {"days": days}) for days in length]
        chosen["days"].initial = length[0]

    clean_banks = AuthorisationForm.clean_banks


class ProductFilter(forms.Form):
    """Which products to show; amounts in 万元, terms in months."""

    amount = forms.DecimalField(label=_("金额(万元)"), min_value=0, max_digits=9, decimal_places=2, required=False)
    months = forms.IntegerField(label=_("期限(月)"), min_value=1, max_value=360, required=False)
    guarantee = forms.ChoiceField(
        label=_("担保方式"), choices=[("", _("不限")), *Need.Guarantee.choices], required=False
    )
    purpose = forms.ChoiceField(label=_("资金用途"), choices=[("", _("不限")), *Need.Purpose.choices], required=False)
    bank = forms.ChoiceField(label=_("银行"), required=False)

    def __init__(self, banks: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].choices = [("", gettext("全部")), *banks]  # type: ignore[attr-defined]
