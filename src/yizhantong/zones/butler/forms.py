"""The forms of the butler service's pages."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.parties.models import Organisation
from yizhantong.web.forms import day_input
from yizhantong.zones.butler.actions.visits import MOST_PROBLEMS, Problem, VisitGiven
from yizhantong.zones.butler.config import settings
from yizhantong.zones.butler.models import Answer, Assignment, Butler, Visit, VisitPlan
from yizhantong.zones.butler.queries.butlers import enterprises_of

SELECT = forms.Select({"class": "form-select"})
TEXT = forms.Textarea({"rows": 4, "class": "form-control"})


def select() -> forms.Select:
    """Return a select in the house's look."""
    return forms.Select({"class": "form-select"})


def area(rows: int = 4) -> forms.Textarea:
    """Return a text area in the house's look."""
    return forms.Textarea({"rows": rows, "class": "form-control"})


def line(**attributes: Any) -> forms.TextInput:
    """Return a text line in the house's look."""
    return forms.TextInput({"class": "form-control", **attributes})


def kind_choices(first: Any = None) -> list[tuple[str, Any]]:
    """Return the kinds of appeals as choices, after an empty one when ``first`` gives its label."""
    kinds = [(kind.code, kind.label) for kind in settings().kinds.values()]
    return [("", first), *kinds] if first is not None else kinds


class VisitForm(forms.Form):
    """A visit as its butler writes it; works without scripts, with the first problem's fields shown."""

    uuid = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid.uuid4)
    enterprise = forms.ChoiceField(label=_("企业"), widget=select())
    day = forms.DateField(label=_("走访日期"), widget=day_input(), initial=clock.today)
    mode = forms.ChoiceField(label=_("走访方式"), choices=Visit.Mode.choices, widget=select())
    summary = forms.CharField(label=_("走访情况"), max_length=2000, widget=area(5))

    def __init__(self, butler: Butler, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        firms = [(firm.pk, firm.name) for firm in enterprises_of(butler)]
        self.fields["enterprise"].choices = [("", _("请选择")), *firms]  # type: ignore[attr-defined]
        for number in range(MOST_PROBLEMS):
            prefix = f"problem_{number}"
            self.fields[f"{prefix}_kind"] = forms.ChoiceField(
                label=_("种类"), required=False, choices=kind_choices(), widget=select()
            )
            self.fields[f"{prefix}_text"] = forms.CharField(
                label=_("问题"), required=False, max_length=1000, widget=area(3)
            )
            self.fields[f"{prefix}_appeal"] = forms.BooleanField(label=_("转为诉求,由责任单位办理"), required=False)

    @property
    def problems(self) -> list[dict[str, Any]]:
        """Return the fields of each problem, bound, for the template."""
        return [
            {
                "number": number + 1,
                "kind": self[f"problem_{number}_kind"],
                "text": self[f"problem_{number}_text"],
                "appeal": self[f"problem_{number}_appeal"],
            }
            for number in range(MOST_PROBLEMS)
        ]

    def given(self) -> VisitGiven:
        """Return the visit; the form is valid."""
        data = self.cleaned_data
        problems = tuple(
            Problem(data[f"problem_{n}_kind"], data[f"problem_{n}_text"].strip(), data[f"problem_{n}_appeal"])
            for n in range(MOST_PROBLEMS)
            if data[f"problem_{n}_text"].strip()
        )
        return VisitGiven(
            data["uuid"], data["enterprise"], data["day"], data["mode"], data["summary"].strip(), problems
        )


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A plan of visits over enterprises, one credit code or name's part in each line."""

    enterprises = forms.CharField(label=_("企业"), widget=area(6), help_text=_("每行一户:统一社会信用代码,或企业全称"))

    class Meta:
        model = VisitPlan
        fields = ["name", "purpose", "mode", "every", "unit", "starts_on", "ends_on"]
        widgets = {
            "name": line(), "purpose": line(), "mode": SELECT, "unit": SELECT, "starts_on": day_input(), "ends_on": day_input(),
            "every": forms.NumberInput({"class": "form-control", "min": 1, "max": 52}),
        }  # fmt: skip

    def clean_enterprises(self) -> list[str]:
        """Return the credit codes; a line that names no enterprise is an error that says which."""
        lines = [text.strip() for text in self.cleaned_data["enterprises"].splitlines() if text.strip()]
        known = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE)
        by_code = set(known.filter(pk__in=lines).values_list("pk", flat=True))
        by_name = dict(known.filter(name__in=lines).values_list("name", "pk"))
        strange = [text for text in lines if text not in by_code and text not in by_name]
        if strange:
            raise forms.ValidationError(_("没有找到:%(names)s") % {"names": "、".join(strange[:5])})
        return [text if text in by_code else by_name[text] for text in lines]


class ButlerForm(forms.Form):
    """A new butler, or a change of one."""

    username = forms.CharField(label=_("账号"), required=False, widget=line(), help_text=_("还没有账号可留空"))
    level = forms.ChoiceField(label=_("管家层级"), choices=Assignment.Level.choices, widget=select())
    agency = forms.ModelChoiceField(
        Organisation.objects.filter(kind=Organisation.Kind.AGENCY).order_by("name"),
        label=_("所属单位"),
        widget=select(),
    )
    capacity = forms.IntegerField(
        label=_("最多服务企业数"),
        min_value=1,
        max_value=200,
        initial=10,
        widget=forms.NumberInput({"class": "form-control"}),
    )
    office_phone = forms.CharField(label=_("办公电话"), required=False, max_length=24, widget=line())
    hours = forms.CharField(label=_("接待时间"), required=False, max_length=60, widget=line())


class CarryForm(forms.Form):
    """How a butler is reached and how much he carries."""

    capacity = forms.IntegerField(
        label=_("最多服务企业数"), min_value=1, max_value=200, widget=forms.NumberInput({"class": "form-control"})
    )
    office_phone = forms.CharField(label=_("办公电话"), required=False, max_length=24, widget=line())
    hours = forms.CharField(label=_("接待时间"), required=False, max_length=60, widget=line())
    active = forms.BooleanField(label=_("在岗"), required=False)


class AppealForm(forms.Form):
    """An appeal as an enterprise writes it (or a butler, hotline or window for it)."""

    enterprise = forms.ChoiceField(label=_("企业"), widget=select())
    kind = forms.ChoiceField(label=_("诉求种类"), widget=select())
    subject = forms.CharField(label=_("诉求事项"), max_length=80, min_length=4, widget=line(autocomplete="off"))
    text = forms.CharField(label=_("具体情况"), max_length=2000, min_length=4, widget=area(6))
    is_secret = forms.BooleanField(
        label=_("要求保密:除责任单位外隐去企业名称"), required=False, help_text=_("查看企业名称须说明理由,并留下记录")
    )

    def __init__(self, firms: list[Organisation], *args: Any, channels: Any = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["enterprise"].choices = [(firm.pk, firm.name) for firm in firms]  # type: ignore[attr-defined]
        self.fields["kind"].choices = kind_choices(_("请选择"))  # type: ignore[attr-defined]
        if channels is not None:
            self.fields["channel"] = forms.ChoiceField(label=_("受理渠道"), choices=channels, widget=select())


class AnswerForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the knowledge base; links one in a line: title, a space, address."""

    links_text = forms.CharField(
        label=_("政策链接"), required=False, widget=area(3), help_text=_("每行一条:标题 空格 网址或站内路径")
    )

    class Meta:
        model = Answer
        fields = ["question", "answer", "kind", "visibility", "valid_until"]
        widgets = {"question": line(), "answer": area(8), "visibility": SELECT, "valid_until": day_input()}

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["kind"] = forms.ChoiceField(label=_("诉求种类"), choices=kind_choices(), widget=select())

    def clean_links_text(self) -> list[dict[str, str]]:
        """Return the links; only https addresses and paths of this platform are taken."""
        made = []
        for text in self.cleaned_data["links_text"].splitlines():
            title, _space, url = text.strip().rpartition(" ")
            if not text.strip():
                continue
            if not title or not (url.startswith("https://") or (url.startswith("/") and not url.startswith("//"))):
                raise forms.ValidationError(_("“%(text)s”不是“标题 网址”的写法") % {"text": text.strip()[:40]})
            made.append({"title": title.strip()[:80], "url": url[:300]})
        return made
