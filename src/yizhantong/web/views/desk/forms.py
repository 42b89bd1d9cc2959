"""The forms of the desk: what an official says when doing something with a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.cases.models import Case, CaseMaterial, SpecialProcedure, SupervisionOrder
from yizhantong.kernel.cases.pinned import pinned
from yizhantong.kernel.files.kinds import TAKEN
from yizhantong.kernel.parties.models import Organisation

REASONS = (
    ("not_needed", _("申请事项依法不需要取得许可"), "行政许可法第三十二条第一款第(一)项"),
    ("not_ours", _("申请事项不属于本机关职权范围,请向有权机关申请"), "行政许可法第三十二条第一款第(二)项"),
    ("not_qualified", _("申请人不具备申请该事项的主体资格"), "行政许可法第三十二条"),
    ("not_supplemented", _("告知补正后逾期未补正,申请材料仍不齐全"), "行政许可法第三十二条第一款第(四)项"),
    ("closed_window", _("不在该事项的申报期内"), ""),
)
"""Common reasons for not accepting, each with its law; an official may write another one."""
RESULTS = Case.Result.choices


def text(label: Any, most: int, rows: int = 3, required: bool = True, **more: Any) -> forms.CharField:
    """Return a field for a longer text."""
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.Textarea({"rows": rows}), **more
    )


class Doing(forms.Form):
    """Base of the desk's forms: several of them stand on one page, so each has its own prefix of ids."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.__class__.__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.case = case
        self.arrange()

    def arrange(self) -> None:
        """Adapt the fields to the case."""


class Nothing(Doing):
    """Nothing is to be said."""


class Accept(Doing):
    """Accept, with materials that may come later or are stood for by a commitment."""

    deferred = forms.MultipleChoiceField(
        label=_("容缺受理,以后补交"), required=False, widget=forms.CheckboxSelectMultiple
    )
    committed = forms.MultipleChoiceField(
        label=_("以告知承诺代替"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def arrange(self) -> None:
        """Offer the materials that are not there yet and for which the item allows it."""
        version = pinned(self.case.version_id)
        rows = self.case.materials.filter(replaced=False).exclude(state=CaseMaterial.State.REJECTED)
        there = set(rows.values_list("code", flat=True))
        open_ones = [spec for spec in version.ready.content.materials if spec.code not in there and not spec.register]
        self._offer(
            "deferred", [(s.code, s.name) for s in open_ones if s.need == "deferrable" and version.options.deferral]
        )
        self._offer("committed", [(s.code, s.name) for s in open_ones if s.commitment])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]


class Refuse(Doing):
    """Refuse to accept: reason and law, from a template or in one's own words."""

    template = forms.ChoiceField(
        label=_("常用理由"),
        required=False,
        choices=[("", _("自己写")), *((code, said) for code, said, _law in REASONS)],
    )
    reason = text(_("理由"), 500, required=False)
    law = forms.CharField(label=_("依据"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        """Take reason and law of the template where none was written."""
        data = super().clean() or {}
        chosen = next((row for row in REASONS if row[0] == data.get("template")), None)
        if chosen is not None:
            data["reason"] = data.get("reason") or str(chosen[1])
            data["law"] = data.get("law") or chosen[2]
        return data


class Complete(Doing):
    """Complete a step: outcome, opinion, and the law where it refuses."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=32)
    outcome = forms.ChoiceField(label=_("结果"), widget=forms.RadioSelect)
    opinion = text(_("意见"), 1000, required=False)
    law = forms.CharField(label=_("依据(不予时必填)"), max_length=200, required=False)


class Decide(Doing):
    """Decide the case."""

    outcome = forms.ChoiceField(
        label=_("决定"),
        widget=forms.RadioSelect,
        choices=[(Case.Outcome.GRANTED, _("准予")), (Case.Outcome.REFUSED, _("不予"))],
    )
    reason = text(_("理由(不予时必填)"), 500, required=False)
    law = forms.CharField(label=_("依据(不予时必填)"), max_length=200, required=False)


class Answer(Doing):
    """Close with an answer: solved, explained, or no help was possible."""

    result = forms.ChoiceField(label=_("解决情况"), choices=RESULTS, widget=forms.RadioSelect)
    reason = text(_("答复"), 500)


class OpenProcedure(Doing):
    """Start a special procedure; its time is not counted."""

    kind = forms.ChoiceField(label=_("种类"), choices=SpecialProcedure.Kind.choices)
    reason = text(_("原因(书面告知申请人)"), 300, 2)
    expected_days = forms.IntegerField(label=_("预计天数"), min_value=1, max_value=365, required=False)


class EndProcedure(Doing):
    """End the special procedure that runs."""

    result = text(_("结果"), 300, 2)


class Extend(Doing):
    """Extend the limit, once."""

    amount = forms.IntegerField(label=_("延长(工作日)"), min_value=1, max_value=60)
    reason = text(_("理由"), 300, 2)


class OpenNotice(Doing):
    """Publish a notice."""

    title = forms.CharField(label=_("标题"), max_length=160)
    body = text(_("内容(个人只写姓名、区划和金额)"), 4000, 5)
    days = forms.IntegerField(label=_("公示天数"), min_value=1, max_value=60, initial=5)

    def arrange(self) -> None:
        """Suggest title and days."""
        self.fields["title"].initial = _("关于%(title)s的公示") % {"title": self.case.title}
        self.fields["days"].initial = pinned(self.case.version_id).options.public_notice_days or 5


class EndNotice(Doing):
    """End a notice; where an objection was upheld, opinion and law of what follows."""

    opinion = text(_("意见"), 1000, 2, required=False)
    law = forms.CharField(label=_("依据(异议成立而不予时必填)"), max_length=200, required=False)


class AnswerObjection(Doing):
    """Answer an objection."""

    objection = forms.IntegerField(widget=forms.HiddenInput)
    upheld = forms.ChoiceField(
        label=_("处理"), choices=[("no", _("不成立")), ("yes", _("成立"))], widget=forms.RadioSelect
    )
    answer = text(_("处理意见"), 500, 2)


class Office(Doing):
    """Ask another office to take the case over."""

    receiver = forms.ModelChoiceField(Organisation.objects.none(), label=_("接收单位"))
    reason = text(_("理由"), 300, 2)

    def arrange(self) -> None:
        """Offer the other agencies."""
        self.fields["receiver"].queryset = agencies(self.case)  # type: ignore[attr-defined]


class Joint(Doing):
    """Ask other offices to handle the case together."""

    offices = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("协办单位"), widget=forms.SelectMultiple({"size": 6})
    )
    text = text(_("要协办什么"), 300, 2, required=False)

    def arrange(self) -> None:
        """Offer the other agencies."""
        self.fields["offices"].queryset = agencies(self.case)  # type: ignore[attr-defined]


class Settle(Doing):
    """Answer a transfer."""

    consent = forms.ChoiceField(
        label=_("答复"), choices=[("yes", _("同意接收")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    reason = text(_("理由"), 300, 2, required=False)


class Rule(Settle):
    """Rule over a transfer, as the superior."""

    consent = forms.ChoiceField(
        label=_("裁定"), choices=[("yes", _("由接收单位办理")), ("no", _("仍由原单位办理"))], widget=forms.RadioSelect
    )


class Reasoned(Doing):
    """A reason."""

    reason = text(_("理由"), 500, 2)


class Terminate(Reasoned):
    """End a case that cannot be decided."""

    law = forms.CharField(label=_("依据"), max_length=200)


class Remark(Doing):
    """A remark, if any."""

    remark = forms.CharField(label=_("说明"), max_length=200, required=False)


class Message(Doing):
    """A message to the asker, or within the offices."""

    text = text(_("内容"), 1000, 2)
    internal = forms.BooleanField(label=_("只给办理单位看"), required=False)


class Add(Doing):
    """Something added to the papers of a closed case."""

    text = text(_("内容"), 1000, 2)
    file = forms.FileField(label=_("文件(%(taken)s)") % {"taken": TAKEN}, required=False)


class Order(Doing):
    """A supervision order by hand."""

    light = forms.ChoiceField(label=_("灯"), choices=SupervisionOrder.Light.choices)
    text = text(_("督办要求"), 500, 2)


def agencies(case: Case) -> Any:
    """Return the agencies other than the one that answers for the case."""
    return Organisation.objects.filter(kind=Organisation.Kind.AGENCY).exclude(pk=case.office_id).order_by("name")
