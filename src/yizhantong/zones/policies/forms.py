"""Forms of the officers: documents, cards with their standard, budgets, payments back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.policies.errors import PolicyError
from yizhantong.zones.policies.models import (
    Budget,
    Policy,
    PolicyCard,
    PolicyClass,
    PolicyDocument,
    StackingGroup,
)

DAY: dict[str, Any] = {"widget": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}
SHORTAGES = (("first", _("先到先得")), ("proportional", _("按比例压缩")), ("best", _("择优")))
KINDS = (("", _("无")), ("fixed", _("定额")), ("ratio", _("按比例")), ("ladder", _("分档")), ("cap", _("据实")))


def _agencies() -> Any:
    return Organisation.objects.filter(kind="agency").order_by("division_id", "name")


def _text(label: Any, rows: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), max_length=100_000, **options)


class DocumentForm(forms.Form):
    """A document; its number only while it is new."""

    document = forms.CharField(label=_("发文字号"), max_length=40, help_text=_("年份用六角括号,如 某政发〔2021〕5号"))
    title = forms.CharField(label=_("标题"), max_length=120)
    issuer = forms.ModelChoiceField(label=_("主要发文机关"), queryset=Organisation.objects.none())
    level = forms.ChoiceField(label=_("政策层级"), choices=Policy.Level.choices, initial="city")
    area = forms.ChoiceField(label=_("政策领域"), choices=Policy.Area.choices)
    signed_on = forms.DateField(label=_("成文日期"), **DAY)
    published_on = forms.DateField(label=_("发布日期"), **DAY)
    effective_on = forms.DateField(label=_("施行日期"), **DAY)
    valid_until = forms.DateField(label=_("有效期至"), required=False, **DAY)
    supersedes = forms.ModelChoiceField(label=_("替代的文件"), queryset=PolicyDocument.objects.none(), required=False)
    original = _text(_("原文"), 10, required=False)
    interpretation = _text(_("解读"), 4, required=False)
    guide = _text(_("申兑指南"), 4, required=False)

    def __init__(self, *args: Any, existing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].queryset = _agencies()  # type: ignore[attr-defined]
        self.fields["supersedes"].queryset = PolicyDocument.objects.filter(state="effective")  # type: ignore[attr-defined]
        if existing:
            del self.fields["document"], self.fields["issuer"]


class CardForm(forms.Form):
    """A card with its benefit, which officers write line by line."""

    title = forms.CharField(label=_("兑现事项"), max_length=120)
    target = forms.CharField(label=_("惠及对象"), max_length=300)
    policy_class = forms.ChoiceField(label=_("类别"), choices=PolicyClass.choices)
    unit = forms.ModelChoiceField(label=_("责任单位"), queryset=Organisation.objects.none())
    contact = forms.CharField(label=_("咨询电话"), max_length=40, required=False)
    budget = forms.ModelChoiceField(label=_("资金"), queryset=Budget.objects.none(), required=False)
    fund = forms.ChoiceField(label=_("资金级次"), choices=PolicyCard.Fund.choices, initial="city")
    stacking = forms.ModelChoiceField(label=_("不重复享受组"), queryset=StackingGroup.objects.none(), required=False)
    window_start = forms.DateField(label=_("申报开始"), required=False, **DAY)
    window_end = forms.DateField(label=_("申报截止"), required=False, **DAY)
    kind = forms.ChoiceField(label=_("兑现标准"), choices=KINDS, required=False)
    amount = forms.DecimalField(label=_("定额(元)"), required=False, min_value=0, decimal_places=2)
    percent = forms.DecimalField(label=_("比例(%)"), required=False, min_value=0, max_value=100)
    of = forms.CharField(
        label=_("计算基数"), required=False, max_length=500, help_text=_("用规则语言写,如 研发费用 或 展位费 * 0.7")
    )
    rungs = _text(_("分档"), 3, required=False, help_text=_("每行一档:起点 金额,或 起点 比例%,如 20000000 100000"))
    floor = forms.DecimalField(label=_("最低(元)"), required=False, min_value=0, decimal_places=2)
    cap = forms.DecimalField(label=_("最高(元)"), required=False, min_value=0, decimal_places=2)
    shortage = forms.ChoiceField(label=_("资金不足时"), choices=SHORTAGES, initial="first")
    quota = forms.IntegerField(label=_("名额"), required=False, min_value=1)
    public_days = forms.IntegerField(label=_("公示工作日"), initial=5, min_value=5, max_value=30)
    criteria = _text(
        _("专家评分项"), 4, required=False, help_text=_("每行:代码 名称 满分 权重,如 novelty 创新性 100 4;留空为不评审")
    )
    pass_mark = forms.IntegerField(label=_("通过线"), initial=60, min_value=0, max_value=100)
    metrics = _text(
        _("绩效指标"),
        3,
        required=False,
        help_text=_("每行:代码 名称 单位 目标值,如 output 新增产值 万元 500;留空为不填报"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = _agencies()  # type: ignore[attr-defined]
        self.fields["budget"].queryset = Budget.objects.all()  # type: ignore[attr-defined]
        self.fields["stacking"].queryset = StackingGroup.objects.all()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the columns of the card."""
        names = (
            "title",
            "target",
            "policy_class",
            "unit",
            "contact",
            "budget",
            "fund",
            "stacking",
            "window_start",
            "window_end",
        )
        return {name: self.cleaned_data[name] for name in names}

    def benefit(self) -> dict[str, Any]:
        """Return the benefit's document; lines that cannot be read are :class:`PolicyError`."""
        said = self.cleaned_data
        found: dict[str, Any] = {"shortage": said["shortage"], "public_days": said["public_days"]}
        if said["kind"]:
            standard: dict[str, Any] = {"kind": said["kind"], "of": said["of"]}
            standard |= {
                name: str(said[name]) for name in ("amount", "percent", "floor", "cap") if said[name] is not None
            }
            if said["kind"] == "ladder":
                standard["rungs"] = [_rung(words) for words in _lines(said["rungs"])]
            found["standard"] = standard
        if said["quota"]:
            found["quota"] = said["quota"]
        if criteria := [_criterion(words) for words in _lines(said["criteria"])]:
            found["experts"] = {"criteria": criteria, "pass_mark": said["pass_mark"]}
        if metrics := [_metric(words) for words in _lines(said["metrics"])]:
            found["results"] = {"metrics": metrics}
        return found


def initial_of(card: PolicyCard) -> dict[str, Any]:
    """Return what the form of a card shows first."""
    benefit = card.benefit
    standard, experts, results = (
        benefit.get("standard") or {},
        benefit.get("experts") or {},
        benefit.get("results") or {},
    )
    shown = {name: getattr(card, name) for name in ("title", "target", "policy_class", "unit", "contact", "budget", "fund", "stacking", "window_start", "window_end")}  # fmt: skip
    shown |= {name: standard.get(name) for name in ("kind", "amount", "percent", "of", "floor", "cap")}
    shown |= {
        "shortage": benefit.get("shortage", "first"),
        "quota": benefit.get("quota"),
        "public_days": benefit.get("public_days", 5),
    }
    shown["rungs"] = "\n".join(
        f"{rung['at_least']} {rung['amount'] if 'amount' in rung else rung['percent'] + '%'}"
        for rung in standard.get("rungs", ())
    )
    shown["criteria"] = "\n".join(
        f"{line['code']} {line['name']} {line['most']} {line['weight']}" for line in experts.get("criteria", ())
    )
    shown["pass_mark"] = experts.get("pass_mark", 60)
    shown["metrics"] = "\n".join(
        " ".join(
            str(line.get(name, "-")) for name in ("code", "name", "unit", "target") if name in line or name == "unit"
        )
        for line in results.get("metrics", ())
    )
    return shown


def _lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if line.strip()]


def _rung(words: list[str]) -> dict[str, str]:
    if len(words) != 2:
        text = gettext("分档“%(given)s”应为“起点 金额”或“起点 比例%%”") % {"given": " ".join(words)}
        raise PolicyError("policies.benefit", text, field="rungs")
    start, gives = words
    return {"at_least": start, "percent": gives[:-1]} if gives.endswith("%") else {"at_least": start, "amount": gives}


def _criterion(words: list[str]) -> dict[str, str]:
    if len(words) != 4:
        text = gettext("评分项“%(given)s”应为“代码 名称 满分 权重”") % {"given": " ".join(words)}
        raise PolicyError("policies.benefit", text, field="criteria")
    return dict(zip(("code", "name", "most", "weight"), words, strict=True))


def _metric(words: list[str]) -> dict[str, str]:
    if not 2 <= len(words) <= 4:
        text = gettext("绩效指标“%(given)s”应为“代码 名称 单位 目标值”") % {"given": " ".join(words)}
        raise PolicyError("policies.benefit", text, field="metrics")
    found = dict(zip(("code", "name", "unit", "target"), words, strict=False))
    return {name: value for name, value in found.items() if value != "-"}


class ExpertForm(forms.Form):
    """An expert of the list: who, in what field, employed where."""

    username = forms.CharField(label=_("登录名"), max_length=150)
    field = forms.CharField(label=_("专业领域"), max_length=60, help_text=_("回避或改派时从同一领域的专家中补派"))
    employer = forms.CharField(
        label=_("所在单位"), max_length=120, required=False, help_text=_("全称或统一社会信用代码;不评审该单位的申报")
    )


class BudgetForm(forms.Form):
    """A new budget."""

    code = forms.SlugField(label=_("资金代码"), max_length=32)
    name = forms.CharField(label=_("资金名称"), max_length=80)
    year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    office = forms.ModelChoiceField(label=_("管理单位"), queryset=Organisation.objects.none())
    wan = forms.DecimalField(label=_("下达额度(万元)"), min_value=0, decimal_places=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = _agencies()  # type: ignore[attr-defined]
