"""The form of a version: built from its content, checked on the server, the same for pages, counters, imports and API.

A field that its ``visible_if`` hides is neither asked nor kept; ``required_if`` makes it required. Both are FEEL over the
values given so far, and what is not known is not true. Values are stored by element code as plain JSON
(:func:`~yizhantong.kernel.items.fields.stored`); personal ones are sealed by :func:`seal_data` before they are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.items import quick
from yizhantong.kernel.items.catalogue import Ready
from yizhantong.kernel.items.content import Section
from yizhantong.kernel.items.errors import ItemError
from yizhantong.kernel.items.fields import form_field, stored
from yizhantong.kernel.items.prefilling import Prefilled, prefill
from yizhantong.kernel.items.sealed import open_data, seal_data
from yizhantong.kernel.items.showing import ShownRow, ShownSection, shown

__all__ = [
    "DataError", "ItemForm", "Prefilled", "ShownRow", "ShownSection", "clean_data", "open_data", "prefill", "seal_data",
    "shown",
]  # fmt: skip


class DataError(ItemError):
    """What was filled in is refused; ``errors`` are the sentences by element code."""

    def __init__(self, errors: Mapping[str, list[str]], names: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        told = ";".join(f"{names.get(code, code)}:{''.join(said)}" for code, said in errors.items())
        super().__init__("items.data", f"表单有 {len(self.errors)} 处要改:{told}", next(iter(self.errors), ""))


class ItemForm(forms.Form):
    """The form of a version; ``data`` as posted (or by element code), ``prefilled`` as of :func:`prefill`.

    ``document`` are the values to store once it is valid; ``groups`` the sections with their visible bound fields.
    """

    def __init__(
        self,
        ready: Ready,
        data: Mapping[str, Any] | None = None,
        prefilled: Mapping[str, Prefilled] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        partial: bool = False,
    ) -> None:
        self.ready = ready
        self.prefilled = dict(prefilled or {})
        self.partial = partial
        self.document: dict[str, Any] = {}
        known = {code: found.value for code, found in self.prefilled.items()} | dict(initial or {})
        super().__init__(data=None if data is None else _posted(data), initial=known)
        for code, (spec, element) in ready.fields.items():
            field = form_field(element, spec.help)
            field.widget.attrs |= {"data-element": code}
            if spec.required:
                field.widget.attrs["aria-required"] = "true"
            self.fields[code] = field
        self._given: dict[str, Any] | None = None

    def clean(self) -> dict[str, Any]:
        """Drop hidden fields with their errors, ask for required ones, and fill ``document``."""
        given = {code: stored(element, self.cleaned_data.get(code)) for code, (_, element) in self.ready.fields.items()}
        visible = self.ready.visible(given)
        for code in self.ready.fields.keys() - visible:
            given[code] = None
            self.errors.pop(code, None)
        if not self.partial:
            self._require(given, visible)
        self.document = {code: value for code, value in given.items() if value is not None}
        return self.document

    def _require(self, given: Mapping[str, Any], visible: frozenset[str]) -> None:
        facts = self.ready.facts(given)
        for code, (spec, element) in self.ready.fields.items():
            if code not in visible or given[code] is not None or code in self.errors:
                continue
            if spec.required or (spec.required_if and self.ready.is_true(spec.required_if, facts)):
                text = _("请选择%(name)s") if element.kind in ("choice", "choices", "boolean", "division") else None
                self.add_error(code, (text or _("请填写%(name)s")) % {"name": element.name})

    @property
    def visible(self) -> frozenset[str]:
        """The codes of the fields that the values at hand show."""
        return self.ready.visible(self.values)

    @property
    def values(self) -> dict[str, Any]:
        """What is filled in so far, right or wrong, as rules see it: wrong values count as not given."""
        if self._given is None:
            self._given = {}
            for code, (_, element) in self.ready.fields.items():
                raw = self[code].value() if self.is_bound else self.initial.get(code)
                try:
                    self._given[code] = stored(element, self.fields[code].clean(raw))
                except forms.ValidationError:
                    self._given[code] = None
        return self._given

    @property
    def groups(self) -> list[tuple[Section, list[forms.BoundField]]]:
        """The sections that have something to show, with their visible fields."""
        visible = self.visible
        found = [
            (section, [self[spec.element] for spec in section.fields if spec.element in visible])
            for section in self.ready.content.form
        ]
        return [(section, fields) for section, fields in found if fields]

    def required_now(self, code: str) -> bool:
        """Tell whether a field must be filled in for the values at hand."""
        spec, _ = self.ready.fields[code]
        return spec.required or bool(
            spec.required_if and self.ready.is_true(spec.required_if, self.ready.facts(self.values))
        )


def _posted(data: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """Return values by element code as a browser would post them."""
    if isinstance(data, QueryDict | MultiValueDict):
        return data
    made: MultiValueDict[str, Any] = MultiValueDict()
    for code, value in data.items():
        listed = value if isinstance(value, list | tuple) else [] if value is None else [value]
        made.setlist(code, [{True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v for v in listed])
    return made


def clean_data(
    ready: Ready, raw: Mapping[str, Any], account: policy.Account | None = None, *, partial: bool = False
) -> dict[str, Any]:
    """Return what is stored of the values given, by element code (in clear); raise :class:`DataError` for wrong ones.

    ``partial`` asks for nothing that is missing, as a draft may be unfinished. ``account`` is who filled it in.
    """
    if not partial and not isinstance(raw, MultiValueDict):
        found = quick.cleaned(ready, raw)
        if found is not None:
            return found
    form = ItemForm(ready, dict(raw) if not isinstance(raw, MultiValueDict) else raw, partial=partial)
    unknown = sorted(set(raw) - set(ready.fields))
    if unknown and not isinstance(raw, MultiValueDict):
        raise DataError({code: ["表单没有这一项"] for code in unknown}, {})
    if not form.is_valid():
        names = {code: element.name for code, (_, element) in ready.fields.items()}
        raise DataError({code: [str(text) for text in said] for code, said in form.errors.items()}, names)
    return form.document
