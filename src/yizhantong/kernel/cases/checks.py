"""What a submission must have: a form that is right, and every material that is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.cases.errors import CaseError
from yizhantong.kernel.cases.models import CaseMaterial
from yizhantong.kernel.cases.pinned import Pinned
from yizhantong.kernel.items.forms import DataError, clean_data


def form(version: Pinned, data: Mapping[str, Any], account: policy.Account | None) -> dict[str, Any]:
    """Return the form's values in clear, checked; ``cases.form`` with the sentences by data element otherwise."""
    if not version.ready.fields and not data:
        return {}
    try:
        return clean_data(version.ready, data, account)
    except DataError as error:
        raise CaseError("cases.form", error.sentence, field=error.place, errors=error.errors) from error


def known(version: Pinned, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a draft, as far as they are filled in; ``cases.unknown_field`` for one that the form does not have."""
    unknown = sorted(set(data) - set(version.ready.fields))
    if unknown:
        raise CaseError("cases.unknown_field", f"表单没有这些项:{'、'.join(unknown)}", field=unknown[0])
    return dict(data)


def lacking(version: Pinned, data: Mapping[str, Any], given: Iterable[CaseMaterial]) -> list[str]:
    """Return the codes of needed materials that were not given; those that may come later (容缺) are not needed to submit."""
    if not version.materials:
        return []
    usable = {row.code for row in given if not row.replaced and row.state != CaseMaterial.State.REJECTED}
    return [
        spec.code
        for spec, needed in version.ready.asked(data)
        if needed and not spec.register and spec.code not in usable
    ]


def materials(version: Pinned, data: Mapping[str, Any], given: Iterable[CaseMaterial]) -> None:
    """Refuse a submission that lacks a needed material: ``cases.materials`` with ``details["missing"]``."""
    missing = lacking(version, data, given)
    if missing:
        names = "、".join(version.materials[code].name for code in missing)
        text = f"还缺 {len(missing)} 项必要材料:{names};请补齐后提交"
        raise CaseError("cases.materials", text, field="materials", missing=missing)
