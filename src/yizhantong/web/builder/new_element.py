"""A new data element made while a form is built: the dictionary lacks it, the officer says what it is."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yizhantong.foundation.rules import FeelError, parse
from yizhantong.foundation.rules import ast as rule_ast
from yizhantong.kernel.items.models import DataElement

SHARED = frozenset({DataElement.Kind.CHOICE, DataElement.Kind.CHOICES})


class NewElement(forms.Form):
    """Name, kind, choices (one a line) and whether it is personal; ``section`` is where the field is added."""

    name = forms.CharField(label=_("名称"), max_length=40)
    kind = forms.ChoiceField(label=_("类型"), choices=DataElement.Kind.choices)
    unit = forms.CharField(label=_("单位"), max_length=8, required=False)
    choices = forms.CharField(label=_("可选值"), required=False, max_length=2000)
    personal = forms.BooleanField(label=_("个人信息"), required=False)
    section = forms.IntegerField(min_value=0, max_value=200, required=False)

    def clean_name(self) -> str:
        """Take names only that a rule can use and nobody has yet."""
        name: str = self.cleaned_data["name"].strip()
        if DataElement.objects.filter(name=name).exists():
            raise forms.ValidationError(_("数据字典里已有“%(name)s”,请搜索后添加") % {"name": name})
        try:
            readable = isinstance(parse(name), rule_ast.Name)
        except FeelError:
            readable = False
        if not readable:
            raise forms.ValidationError(_("名称要能写进规则:请不要用标点、空格开头或纯数字"))
        return name

    def clean_section(self) -> int:
        """Default to the first section."""
        return int(self.cleaned_data.get("section") or 0)

    def clean(self) -> dict[str, Any]:
        """Ask for choices where there is something to choose."""
        data = super().clean() or {}
        lines = str(data.get("choices", "")).replace("、", "\n").splitlines()
        data["choices"] = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
        if data.get("kind") in SHARED and len(data["choices"]) < 2:
            self.add_error("choices", _("请至少写两个可选值,用顿号或换行隔开"))
        return data

    def save(self) -> DataElement:
        """Enter the element under a code of its own; its source says that it was made here."""
        data = self.cleaned_data
        code = f"local_{hashlib.sha256(data['name'].encode()).hexdigest()[:12]}"
        choices = data["choices"] if data["kind"] in SHARED else []
        return DataElement.objects.create(
            code=code, name=data["name"], kind=data["kind"], unit=data["unit"], choices=choices,
            personal=data["personal"], source=str(_("本市新增")),
        )  # fmt: skip
