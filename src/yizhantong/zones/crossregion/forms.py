"""The forms of this zone's pages: a partner's item as it told it, who asks, an introduction, an opening."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from yizhantong.foundation.codes import identity, uscc
from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.items.elements import Element
from yizhantong.kernel.items.fields import form_field, stored
from yizhantong.kernel.items.models import Item
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.models import Mode, Partner, PartnerItem

LINE = {"class": "form-control"}
MOST_PARTS = 4


def element_of(said: dict[str, Any]) -> Element:
    """Return a field of a partner's form as an element of ours."""
    choices = tuple((str(code), str(name)) for code, name in said.get("choices", []))
    return Element(str(said["code"]), str(said.get("name", "")), str(said.get("kind", "text")), choices=choices)


class PartForm(forms.Form):
    """One item of a partner's list: its form's fields, and a file for each material; ``needed`` False for a supplement."""

    def __init__(self, item: PartnerItem, *given: Any, needed: bool = True, **named: Any) -> None:
        super().__init__(*given, **named)
        self.item = item
        self.said = {str(each["code"]): each for each in item.fields}
        for code, said in self.said.items():
            field = form_field(element_of(said), str(said.get("help", "")))
            field.required = needed and bool(said.get("required"))
            if not isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("class", "form-control")
            self.fields[f"f_{code}"] = field
        for material in item.materials:
            self.fields[f"m_{material['code']}"] = forms.FileField(
                label=material["name"], required=needed and material.get("need") == "required",
                widget=forms.ClearableFileInput(LINE),
            )  # fmt: skip

    @property
    def document(self) -> dict[str, Any]:
        """Return the values by element, as messages carry them; what was left empty is left out."""
        found = {code: stored(element_of(said), self.cleaned_data.get(f"f_{code}")) for code, said in self.said.items()}
        return {code: value for code, value in found.items() if value not in (None, "", [])}

    def uploads(self) -> Iterator[tuple[str, Any]]:
        """Yield the files that were given, by the code of the material."""
        for material in self.item.materials:
            given = self.cleaned_data.get(f"m_{material['code']}")
            if isinstance(given, UploadedFile):
                yield str(material["code"]), given


class AskerForm(forms.Form):
    """Who asks at the counter: an organisation by its code, or a person with the identity card at hand."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[("person", _("个人")), ("organisation", _("单位"))],
        widget=forms.RadioSelect,
        initial="person",
    )
    name = forms.CharField(label=_("姓名或单位名称"), max_length=120, widget=forms.TextInput(LINE))
    identity = forms.CharField(
        label=_("身份证号或统一社会信用代码"), max_length=18, widget=forms.TextInput(LINE | {"autocomplete": "off"})
    )
    phone = forms.CharField(
        label=_("手机号"), max_length=20, required=False, widget=forms.TextInput(LINE | {"type": "tel"})
    )
    seen = forms.BooleanField(label=_("已核验身份证件原件,由本市为其身份担保"))

    def clean(self) -> dict[str, Any]:
        """Check the number by its kind."""
        data = super().clean() or {}
        check = uscc.validate if data.get("kind") == "organisation" else identity.validate
        try:
            data["identity"] = check(data.get("identity", ""))
        except CodeError as error:
            self.add_error("identity", str(error))
        return data


class PartnerForm(forms.Form):
    """The introduction that another city has handed over, and whom to call there."""

    introduction = forms.CharField(
        label=_("对方的介绍信"), widget=forms.Textarea(LINE | {"rows": 10, "spellcheck": "false"}),
        help_text=_("对方运行 yzt crossregion keys --json 所得的 JSON;请经可靠途径取得,并电话核对公钥"),
    )  # fmt: skip
    contact = forms.CharField(label=_("对方联系人及电话"), max_length=120, widget=forms.TextInput(LINE))

    def clean_introduction(self) -> dict[str, Any]:
        """Return the introduction as it was read."""
        try:
            found = json.loads(self.cleaned_data["introduction"])
        except ValueError as error:
            raise forms.ValidationError(_("这不是合法的 JSON,请整段粘贴")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("介绍信应是一个 JSON 对象"))
        return found


class OpeningForm(forms.Form):
    """An item to be opened to other cities."""

    item = forms.ModelChoiceField(Item.objects.none(), label=_("事项"), widget=forms.Select({"class": "form-select"}))
    partner = forms.ModelChoiceField(
        Partner.objects.none(), label=_("向哪个城市开放"), required=False, empty_label=_("全部已启用城市"),
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip
    modes = forms.MultipleChoiceField(label=_("通办模式"), choices=Mode.choices, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        items = Item.objects.filter(current__isnull=False, kind=Item.Kind.APPLICATION).exclude(
            pk__in=config.SEND.values()
        )
        self.fields["item"].queryset = items.order_by("name")  # type: ignore[attr-defined]
        self.fields["partner"].queryset = Partner.objects.order_by("code")  # type: ignore[attr-defined]


def part_forms(items: Sequence[PartnerItem], *given: Any) -> list[PartForm]:
    """Return a form for each part, told apart by prefix."""
    return [PartForm(item, *given, prefix=f"p{place}") for place, item in enumerate(items)]
