"""Forms of the finance office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.finance.config import Reason, settings
from yizhantong.zones.finance.models import Listing


def _choices(reasons: Mapping[str, Reason]) -> list[tuple[str, str]]:
    return [("", "—"), *((one.code, one.text) for one in reasons.values())]


class Doing(forms.Form):
    """What the office says when it does one thing with a need; fields by ``code``."""

    def __init__(self, code: str, listing: Listing, data: Any = None) -> None:
        super().__init__(data, prefix=code)
        self.code = code
        made: dict[str, Any] = {
            "refuse": lambda: {
                "code": forms.ChoiceField(label=_("情形"), choices=_choices(settings().not_accepted)),
                "remark": forms.CharField(label=_("补充说明"), max_length=200, required=False),
            },
            "open": lambda: {
                "places": forms.IntegerField(label=_("抢单名额(家)"), min_value=1, max_value=20, initial=settings().grab_places)
            },
            "assign": lambda: {
                "bank": forms.ModelChoiceField(
                    label=_("指派给"), queryset=Organisation.objects.filter(kind="bank").order_by("name")
                )
            },
            "close": lambda: {
                "code": forms.ChoiceField(
                    label=_("未解决的原因"), choices=_choices(settings().unsolved), required=not listing.drawn_fen
                ),
                "remark": forms.CharField(label=_("说明"), max_length=200, required=False),
            } if not listing.drawn_fen else {"remark": forms.CharField(label=_("说明"), max_length=200, required=False)},
        }  # fmt: skip
        if code in made:
            for name, field in made[code]().items():
                self.fields[name] = field
