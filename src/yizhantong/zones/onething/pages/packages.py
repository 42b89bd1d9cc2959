"""For everybody: the packages offered, one package with its situations, and what packages save."""

from __future__ import annotations

import csv
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yizhantong.kernel.divisions import clock
from yizhantong.kernel.items.forms import ItemForm
from yizhantong.kernel.items.models import Item
from yizhantong.zones.onething.assembling import taking_part
from yizhantong.zones.onething.enrolment.queries import seasons
from yizhantong.zones.onething.loading import SCHOOL, Loaded, package, short
from yizhantong.zones.onething.pages.common import show
from yizhantong.zones.onething.queries import packages as queries
from yizhantong.zones.onething.queries import shown

PREFIX = "package."
COLUMNS = (
    "套餐代码",
    "套餐",
    "指标",
    "单位",
    "改革前",
    "改革后",
    "压减率",
    "口径说明",
    "典型情形",
    "数据来源",
    "统计日期",
)


def found(code: str) -> tuple[Item, Loaded]:
    """Return a package in force by the end of its code (``birth``); 404 otherwise."""
    item = queries.offered().filter(pk=f"{PREFIX}{code}").first()
    if item is None or item.current_id is None:
        raise Http404(_("没有这个一件事套餐,或已停办"))
    return item, package(item.current_id)


def _card(item: Item) -> dict[str, Any]:
    assert item.current_id is not None
    loaded = package(item.current_id)
    school = loaded.spec.counts_as == SCHOOL
    return {
        "results_by": seasons.results_by(clock.now()) if school else None, "item": item, "code": item.pk.removeprefix(PREFIX), "lead": short(item.agency.name), "guide": loaded.ready.content.guide,
        "lanes": shown.lanes(loaded.spec, loaded.listed), "gains": shown.saved(item.current_id), "school": school,
    }  # fmt: skip


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the packages: what for, who takes part, the days promised, what is saved."""
    return show(request, "packages/home.html", {"cards": [_card(item) for item in queries.offered()]})


@require_GET
def one(request: HttpRequest, code: str) -> HttpResponse:
    """Show a package; the questions answered in the address say which parts it would be for that situation."""
    item, loaded = found(code)
    asked = {question.element for question in loaded.spec.questions}
    given = {name: value for name, value in request.GET.items() if name in asked and value}
    form = ItemForm(loaded.ready, given, partial=True) if given else ItemForm(loaded.ready)
    answers = {name: value for name, value in form.values.items() if name in asked and value is not None}
    chosen = taking_part(loaded.spec, loaded.ready, answers) if answers else None
    visible = loaded.ready.visible(answers)
    context = _card(item) | {
        "loaded": loaded, "ready": loaded.ready, "situations": shown.situations(loaded), "signers": shown.signers(loaded.spec),
        "questions": [form[name] for name in asked_in_order(loaded) if name in visible or name in given], "answers": answers,
        "chosen": shown.lanes(loaded.spec, loaded.listed, chosen),
    }  # fmt: skip
    return show(request, "packages/package.html", context)


def asked_in_order(loaded: Loaded) -> list[str]:
    """Return the elements of the questions."""
    return [question.element for question in loaded.spec.questions if question.element in loaded.ready.fields]


@require_GET
def gains(request: HttpRequest) -> HttpResponse:
    """Show what the packages save, by the official measure."""
    return show(request, "packages/gains.html", {"cards": [_card(item) for item in queries.offered()]})


@require_GET
def gains_csv(request: HttpRequest) -> HttpResponse:
    """Hand the gains out as a table: one row for each package and measure."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="onething-gains.csv"'
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    sheet.writerow(COLUMNS)
    day = clock.today().isoformat()
    for item in queries.offered():
        assert item.current_id is not None
        made = shown.saved(item.current_id)
        for row in made.rows:
            said = ";".join(filter(None, (made.definition, row.note)))
            sheet.writerow([
                item.pk, item.name, row.label, row.unit, row.before, row.after, row.rate_text, said, made.situation, made.source, day,
            ])  # fmt: skip
        sheet.writerow([
            item.pk, item.name, "数据共享免交", "份", made.due, made.shared, made.shared_text, "由登记数据免交的材料/全部材料", made.situation,
            made.source, day,
        ])  # fmt: skip
    return answer


def address(code: str) -> str:
    """Return the address of a package's page."""
    return reverse("onething:package", args=[code.removeprefix(PREFIX)])
