"""What a tab of the builder is, and how a zone adds one for its kind of items.

::

    register_tab("policy", Tab("benefit", _("兑现"), "policies/builder_benefit.html", apply=…, context=…, places=("benefit",)), after="conditions")

``apply`` gets the document and what was posted (nested, row buttons done) and returns the new document; what it cannot
take it raises as :class:`TabError` with findings, and the page comes back as it was posted. ``context`` gives the
template what it needs besides ``document``, ``item``, ``version`` and ``findings``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.items.errors import Finding
from yizhantong.kernel.items.models import Item
from yizhantong.web.builder import conditions, parts

Document: TypeAlias = dict[str, Any]
Apply: TypeAlias = Callable[[Document, Mapping[str, Any]], Document]
Context: TypeAlias = Callable[[Document, Item, Mapping[str, Any] | None], dict[str, Any]]


def _no_context(_document: Document, _item: Item, _posted: Mapping[str, Any] | None) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its code in addresses, its label, its template, and the parts of the content that it edits.

    ``apply`` None: the tab only shows. ``swap``: its rows may be swapped in place by htmx.
    """

    code: str
    label: Any
    template: str
    apply: Apply | None = None
    context: Context = _no_context
    places: tuple[str, ...] = ()
    swap: bool = True

    def owns(self, finding: Finding) -> bool:
        """Tell whether a finding is to be mended here."""
        return any(
            finding.place == place or finding.place.startswith((f"{place}.", f"{place}[")) for place in self.places
        )


_TABS: tuple[Tab, ...] = (
    Tab("guide", _("基本信息"), "web/items/tab_guide.html", parts.apply_guide, parts.guide_context, ("guide",)),
    Tab("form", _("表单"), "web/items/tab_form.html", parts.apply_form, parts.form_context, ("form",)),
    Tab(
        "materials",
        _("材料"),
        "web/items/tab_materials.html",
        parts.apply_materials,
        parts.materials_context,
        ("materials",),
    ),
    Tab(
        "conditions", _("条件"), "web/items/tab_conditions.html", conditions.apply, conditions.context, ("conditions",)
    ),
    Tab("flow", _("流程"), "web/items/tab_flow.html", parts.apply_flow, parts.flow_context, ("flow",), swap=False),
    Tab(
        "limits",
        _("时限"),
        "web/items/tab_limits.html",
        parts.apply_limits,
        parts.limits_context,
        ("limits", "options"),
    ),
    Tab("preview", _("预览"), "web/items/tab_preview.html"),
    Tab("trial", _("试算"), "web/items/tab_trial.html"),
    Tab("submit", _("提交审定"), "web/items/tab_submit.html"),
)
_EXTRA: dict[str, list[tuple[str, Tab]]] = {}


def register_tab(kind: str, tab: Tab, after: str = "conditions") -> None:
    """Add a tab for one kind of items, behind another; a code is used once."""
    listed = _EXTRA.setdefault(kind, [])
    if any(tab.code == known.code for known in tabs_of(kind)):
        raise ValueError(f"a tab is registered already: {tab.code}")
    listed.append((after, tab))


def tabs_of(kind: str) -> list[Tab]:
    """Return the tabs of a kind of items in their order."""
    found = list(_TABS)
    for after, tab in _EXTRA.get(kind, ()):
        place = next((n for n, known in enumerate(found, 1) if known.code == after), len(found))
        found.insert(place, tab)
    return found
