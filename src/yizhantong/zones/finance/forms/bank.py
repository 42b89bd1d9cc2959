"""Forms of banks: what an officer records of a dealing, products, drawdowns; 万元 and percent become 分 and basis points."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.divisions import clock
from yizhantong.web.forms import day_input
from yizhantong.zones.finance.config import settings
from yizhantong.zones.finance.models import Engagement, Need, Product

WAN_FEN = 1_000_000
MOST_BYTES = 5 * 1024 * 1024
MOST_WAN = 9_999_999


class WanField(forms.DecimalField):
    """An amount in 万元; its value is in 分."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=9, decimal_places=2, min_value=Decimal("0.01"), max_value=MOST_WAN, **options)

    def clean(self, value: Any) -> Any:
        """Return the amount in 分, or None."""
        wan = super().clean(value)
        return None if wan is None else int(wan * WAN_FEN)

    def prepare_value(self, value: Any) -> Any:
        """Show stored 分 as 万元, and what was typed as it was."""
        return Decimal(value) / WAN_FEN if isinstance(value, int) else value


class RateField(forms.DecimalField):
    """A yearly rate in percent; its value is in basis points."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=4, decimal_places=2, min_value=0, max_value=24, **options)

    def clean(self, value: Any) -> Any:
        """Return the rate in basis points, or None."""
        percent = super().clean(value)
        return None if percent is None else int(percent * 100)


def _reason(label: Any) -> forms.ChoiceField:
    rows = [(one.code, one.text) for one in settings().refusals.values()]
    return forms.ChoiceField(label=label, choices=[("", "—"), *rows])


def _note(label: Any, required: bool, most: int = 300) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.Textarea({"rows": 3}))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=day_input(), initial=clock.today)


class Doing(forms.Form):
    """What an officer says when he does one thing with a dealing; its fields are those of ``code``, prefixed by it."""

    def __init__(self, code: str, engagement: Engagement, data: Any = None) -> None:
        super().__init__(data, prefix=code)
        self.code, self.engagement = code, engagement
        for name, field in self._fields(code).items():
            self.fields[name] = field

    def _fields(self, code: str) -> dict[str, forms.Field]:
        one = self.engagement
        left = (one.contract_fen or 0) - one.drawn_fen
        made: dict[str, Any] = {
            "contact": lambda: {"note": _note(_("联系情况"), True)},
            "investigate": lambda: {"note": _note(_("尽调安排(可不填)"), False)},
            "decline": lambda: {"reason": _reason(_("不接单的原因")), "text": _note(_("补充说明"), False)},
            "refuse": lambda: {"reason": _reason(_("拒绝的原因")), "text": _note(_("补充说明"), False)},
            "grant": lambda: {
                "amount": WanField(label=_("授信金额(万元)"), initial=one.wanted_fen),
                "rate": RateField(label=_("年利率(%,单利)")),
                "months": forms.IntegerField(label=_("期限(月)"), min_value=1, max_value=360, initial=one.listing.term_months),
            },
            "sign": lambda: {
                "number": forms.CharField(label=_("合同编号"), max_length=40),
                "amount": WanField(label=_("签约金额(万元)"), initial=one.granted_fen),
                "on": _day(_("签约日期")),
            },
            "draw": lambda: {
                "reference": forms.CharField(label=_("放款凭证号"), max_length=32),
                "amount": WanField(label=_("放款金额(万元)"), initial=left or None),
                "on": _day(_("放款日期")),
            },
            "take_back": lambda: {
                "reference": forms.CharField(label=_("放款凭证号"), max_length=32),
                "reason": forms.CharField(label=_("冲销的原因"), max_length=200),
            },
            "repay": lambda: {
                "reference": forms.CharField(label=_("还款凭证号"), max_length=32),
                "amount": WanField(label=_("还款本金(万元)")),
                "on": _day(_("还款日期")),
            },
            "renew": lambda: {
                "until": forms.DateField(label=_("新的到期日"), widget=day_input()),
                "reason": forms.CharField(label=_("续贷说明"), max_length=200),
            },
            "call_off": lambda: {"reason": forms.CharField(label=_("中止的原因"), max_length=200)},
        }  # fmt: skip
        return made[code]() if code in made else {}


class ProductForm(forms.Form):
    """What a bank says of a product; conditions one a line: FEEL, two bars, the words for people."""

    name = forms.CharField(label=_("产品名称"), max_length=60)
    summary = forms.CharField(label=_("简介"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    min_fen = WanField(label=_("最低金额(万元)"))
    max_fen = WanField(label=_("最高金额(万元)"))
    min_months = forms.IntegerField(label=_("最短期限(月)"), min_value=1, max_value=360, initial=1)
    max_months = forms.IntegerField(label=_("最长期限(月)"), min_value=1, max_value=360, initial=12)
    lpr = forms.ChoiceField(label=_("利率基准"), choices=Product.Lpr.choices)
    low_bp = forms.IntegerField(label=_("最低加点(基点,可为负)"), min_value=-500, max_value=2000)
    high_bp = forms.IntegerField(label=_("最高加点(基点,可为负)"), min_value=-500, max_value=2000)
    guarantees = forms.MultipleChoiceField(
        label=_("担保方式"), choices=Need.Guarantee.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label=_("资金用途"), choices=Need.Purpose.choices, widget=forms.CheckboxSelectMultiple
    )
    conditions = forms.CharField(
        label=_("准入条件"), required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一条:规则 | 说明,如 年营业收入 >= 5000000 | 年营业收入不低于 500 万元"),
    )  # fmt: skip
    materials = forms.CharField(
        label=_("所需材料"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一项"),
    )
    valid_until = forms.DateField(label=_("有效期至"), required=False, widget=day_input())
    contact = forms.CharField(label=_("联系人"), max_length=40)
    phone = forms.CharField(label=_("联系电话"), max_length=40)

    def clean_conditions(self) -> list[dict[str, str]]:
        """Return the conditions; a line without its words, or without a rule, is refused."""
        found = []
        for place, line in enumerate(filter(str.strip, self.cleaned_data["conditions"].splitlines()), 1):
            rule, bar, text = (part.strip() for part in line.partition("|"))
            if not bar or not rule or not text:
                raise forms.ValidationError(gettext("第 %(n)d 条应写成:规则 | 说明") % {"n": place})
            found.append({"code": f"c{place}", "text": text, "rule": rule})
        return found

    def clean_materials(self) -> list[str]:
        """Return the materials, one a line."""
        return [line.strip() for line in self.cleaned_data["materials"].splitlines() if line.strip()]

    @staticmethod
    def of(product: Product) -> dict[str, Any]:
        """Return what the form shows of a product."""
        plain = ("name", "summary", "min_fen", "max_fen", "min_months", "max_months", "lpr", "low_bp", "high_bp",
                 "guarantees", "purposes", "valid_until", "contact", "phone")  # fmt: skip
        lines = [f"{one.get('rule', '')} | {one.get('text', '')}" for one in product.conditions]
        shown = {name: getattr(product, name) for name in plain}
        return shown | {"conditions": "\n".join(lines), "materials": "\n".join(product.materials)}


class FileForm(forms.Form):
    """A bank's file of drawdowns."""

    file = forms.FileField(
        label=_("放款文件(CSV、XLSX)"), widget=forms.FileInput({"accept": ".csv,.xlsx"}), help_text=_("不超过 5 MB;同一文件重复导入不会重复登记"),
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse a file that is too large."""
        upload = self.cleaned_data["file"]
        if (upload.size or 0) > MOST_BYTES:
            raise forms.ValidationError(gettext("文件超过 5 MB,请分开导入"))
        return upload
