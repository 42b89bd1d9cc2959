"""Refusals of the kernel's rooms, at their place: beside the form that was refused, with the law, and with who was faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from yizhantong.foundation.flow import FlowError
from yizhantong.kernel.access.policy import Refused
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.files.errors import FileError
from yizhantong.kernel.items.errors import ItemError

REFUSALS = (CaseError, ItemError, FileError, FlowError, Refused)
"""What actions on cases raise on purpose."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as a page shows it; ``operation`` says beside which form, ``field`` at which of its fields."""

    sentence: str
    code: str
    law: str = ""
    field: str = ""
    who: str = ""
    when: str = ""
    operation: str = ""


def of(error: Exception, operation: str = "") -> Refusal:
    """Return a refusal of the kernel as pages show it."""
    details: dict[str, Any] = getattr(error, "details", {})
    when = details.get("at")
    return Refusal(
        sentence=str(getattr(error, "sentence", error)),
        code=str(getattr(error, "code", "")),
        law=str(getattr(error, "law", "")),
        field=str(getattr(error, "field", "") or getattr(error, "place", "")),
        who=str(details.get("by") or ""),
        when=timezone.localtime(when).strftime("%Y-%m-%d %H:%M")
        if hasattr(when, "tzinfo") and when
        else str(when or ""),
        operation=operation,
    )


def put(form: forms.Form, error: Exception) -> None:
    """Show a refusal at the field of the form that it speaks of, else above the form."""
    said = of(error)
    text = said.sentence + (_("(依据:%(law)s)") % {"law": said.law} if said.law else "")
    form.add_error(said.field if said.field in form.fields else None, text)
