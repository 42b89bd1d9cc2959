"""The merged form of the largest package: made ready from its specification, and rendered as an applicant sees it.

    python bench/bench_forms.py

Everything is in a database of its own, with the packages of the city; the largest is the one with the most fields. A second one
is made of all items of the city's packages at once (as many as a package may have), to show what is left to grow. Rendering is the whole
page of the draft: form object, conditions of all fields evaluated for half-filled answers, template; without the network. Assembling
is what the editor's preview does besides: merging all parts, computing promise and gain.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any

from report import record as report

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
os.environ["YZT_HOME"] = tempfile.mkdtemp(prefix="yzt-bench-")
import_module("django").setup()
settings = import_module("django.conf").settings
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
command = import_module("django.core.management").call_command
render_to_string = import_module("django.template.loader").render_to_string
request_of = import_module("django.test").RequestFactory
AnonymousUser = import_module("django.contrib.auth.models").AnonymousUser
Case = import_module("yizhantong.kernel.cases.models").Case
Item = import_module("yizhantong.kernel.items.models").Item
Person = import_module("yizhantong.kernel.parties.models").Person
ItemForm = import_module("yizhantong.kernel.items.forms").ItemForm
sample_load = import_module("yizhantong.kernel.ledger.sample_load")
form_sections = import_module("yizhantong.web.views.hall.apply").form_sections
packages = import_module("yizhantong.zones.onething.queries.packages")
loading = import_module("yizhantong.zones.onething.loading")
spec_room = import_module("yizhantong.zones.onething.spec")

ROUNDS, WARM, LIMIT_MS = 60, 8, 60.0
MOST_PARTS = 20
"""As many parts as a package may have."""


def prepare() -> None:
    """Make the database with the city's packages."""
    command("migrate", verbosity=0)
    sample_load.prepare(sample_load.sample_day())
    import_module("yizhantong.zones.onething.load").load()


def half(ready: Any) -> dict[str, Any]:
    """Return answers that show as much of a form as one situation can: yes to everything, the first of every choice."""
    given: dict[str, Any] = {}
    for code, (_field, element) in ready.fields.items():
        if element.kind == "boolean":
            given[code] = "true"
        elif element.choices:
            given[code] = element.choices[0][0]
    return given


def page_of(ready: Any, case: Any) -> str:
    """Return the page of a draft as it is shown."""
    form = ItemForm(ready, half(ready), partial=True)
    request = request_of().get("/")
    request.user = AnonymousUser()
    context = {
        "case": case,
        "ready": ready,
        "form": form,
        "sections": form_sections(form),
        "refusal": None,
        "step": "form",
        "user": request.user,
    }
    made: str = render_to_string("web/hall/apply_form.html", context, request=request)
    return made


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median and the 95th percentile in milliseconds."""
    for _ in range(WARM):
        work()
    taken = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1000)
    return statistics.median(taken), sorted(taken)[int(rounds * 0.95)]


def everything(item: Any) -> tuple[Any, Any]:
    """Return a document of all parts of all packages at once, and what it makes."""
    parts: list[dict[str, Any]] = []
    questions: list[dict[str, Any]] = []
    for each in packages.offered():
        document = spec_room.write(loading.package(each.current_id).spec)
        for part in document["parts"]:
            if len(parts) < MOST_PARTS and part["item"] not in {known["item"] for known in parts}:
                code = f"p{len(parts)}"
                parts.append(part | {"code": code, "after": [], "mode": "parallel"})
        known = {question["element"] for question in questions}
        questions += [question for question in document["questions"] if question["element"] not in known]
    document = {"counts_as": "birth", "questions": questions, "parts": parts}
    seen = packages.preview(item, document)
    if seen.ready is None:
        document["materials"] = {
            f"{part.spec.code}.{each.code}": f"{part.spec.code}_{each.code}"[:48]
            for part in loading.parts_of(seen.made.spec) for each in part.ready.content.materials
        }  # fmt: skip
        seen = packages.preview(item, document)
    return document, seen


def main() -> None:
    """Measure, and write the results."""
    prepare()
    listed = [(item, loading.package(item.current_id)) for item in packages.offered()]
    item, largest = max(listed, key=lambda pair: len(pair[1].ready.fields))
    case = Case(
        number="2021081600000000000", item=item, title=item.name, channel="online", person=Person(name="演示居民")
    )
    document = spec_room.write(largest.spec)
    shown, slow = timed(lambda: page_of(largest.ready, case))
    made, made_slow = timed(lambda: packages.preview(item, document), 20)
    _everything, seen = everything(item)
    rows: list[list[object]] = [
        ["what", "parts", "fields", "median ms", "p95 ms"],
        [f"page of the form, {item.code}", len(largest.parts), len(largest.ready.fields), f"{shown:.1f}", f"{slow:.1f}"],
        [f"merged, promised, gain, {item.code}", len(largest.parts), len(largest.ready.fields), f"{made:.1f}", f"{made_slow:.1f}"],
    ]  # fmt: skip
    if seen.ready is not None:
        all_shown, all_slow = timed(lambda: page_of(seen.ready, case))
        rows.append(["page of the form, all items of the city at once", len(seen.made.spec.parts), len(seen.ready.fields),
                     f"{all_shown:.1f}", f"{all_slow:.1f}"])  # fmt: skip
    report("Merged forms of packages", rows, "python bench/bench_forms.py")
    assert shown < LIMIT_MS, f"{shown:.1f} ms to render the merged form, {LIMIT_MS:.0f} are allowed"


if __name__ == "__main__":
    main()
