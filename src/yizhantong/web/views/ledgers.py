"""Ledgers: all of them, one with filters, one record, recording and taking back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yizhantong.kernel import ledger as kernel_ledger
from yizhantong.kernel.access import policy
from yizhantong.kernel.divisions import tree
from yizhantong.kernel.ledger import actions, queries
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.declare import Ledger
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.models import AuditEvent, Fact, Segment
from yizhantong.web import cells
from yizhantong.web.forms import FactForm, ReversalForm
from yizhantong.web.zones import ROOMS

SIZE = 50


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show all ledgers that the account may see, by zone."""
    seen = [
        item for item in kernel_ledger.ledgers() if item.public or policy.may(request.user, item.view, zone=item.zone)
    ]
    groups = [(room, [item for item in seen if item.zone == room.code]) for room in ROOMS]
    others = [item for item in seen if item.zone not in {room.code for room in ROOMS}]
    return render(request, "web/ledgers/index.html", {"groups": groups, "others": others})


@require_GET
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """Show one page of a ledger, narrowed by days, division, values and words."""
    declared = declared_ledger(request, code)
    filters, problem = filters_asked_for(request, declared)
    try:
        page = queries.page(request.user, declared, filters, after=request.GET.get("after", ""), size=SIZE)
    except LedgerError as error:
        problem, page = error, queries.page(request.user, declared, size=SIZE)
    tell_reveal(request, page.columns, code)
    context = {
        "ledger": declared,
        "page": page,
        "rows": _rows(page),
        "filters": filters,
        "problem": problem,
        "choices": _choices(declared, page.columns),
        "units": tree.units(),
        "query": _query(request),
        "may_record": policy.may(request.user, "ledger.record", zone=declared.zone),
        "may_import": policy.may(request.user, "ledger.import", zone=declared.zone),
        "may_export": policy.may(request.user, "ledger.export", zone=declared.zone),
    }
    template = "web/ledgers/rows.html" if request.headers.get("HX-Target") == "rows" else "web/ledgers/ledger.html"
    return render(request, template, context, status=400 if problem else 200)


@require_GET
def fact(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one record: all that the account sees of it, whether it is in force and sealed, and how to take it back."""
    declared = declared_ledger(request, code)
    found = _fact(request, declared, number)
    columns = queries.columns_for(request.user, declared)
    tell_reveal(request, columns, f"{code}#{number}")
    segment = Segment.objects.filter(ledger=code, after_id__lt=number, last_id__gte=number).first()
    reversal = declared.model._default_manager.filter(reverses=found).first()
    context = {
        "ledger": declared,
        "fact": found,
        "cells": [(column, cells.text_of(column, found)) for column in columns],
        "segment": segment,
        "reversal": reversal,
        "may_reverse": found.sign == 1
        and reversal is None
        and policy.may(request.user, "ledger.reverse", found.division_id, declared.zone),
        "may_view": policy.may(request.user, declared.view, found.division_id, declared.zone),
        "form": ReversalForm(declared),
    }
    return render(request, "web/ledgers/fact.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Record one fact by hand."""
    declared = declared_ledger(request, code)
    policy.check(request.user, "ledger.record", zone=declared.zone)
    form = FactForm(declared, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record(
                declared, form.cleaned_data, account=request.user, source=f"form:{request.user.get_username()}"
            )
        except LedgerError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已登记,编号 %(number)s") % {"number": made.pk})
            again = "again" in request.POST
            return HttpResponseRedirect(
                reverse("web:record", args=[code]) if again else reverse("web:fact", args=[code, made.pk])
            )
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/ledgers/record.html", {"ledger": declared, "form": form}, status=status)


@login_required
@require_POST
def take_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one fact back in red letters, or withdraw it from a register."""
    declared = declared_ledger(request, code)
    found = _fact(request, declared, number)
    form = ReversalForm(declared, request.POST)
    if not form.is_valid():
        messages.error(request, ";".join(error for errors in form.errors.values() for error in errors))
        return HttpResponseRedirect(reverse("web:fact", args=[code, number]))
    try:
        made = actions.reverse(
            found,
            account=request.user,
            reason=form.cleaned_data["reason"],
            occurred_on=form.cleaned_data.get("occurred_on"),
            source=f"form:{request.user.get_username()}",
        )
    except LedgerError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("web:fact", args=[code, number]))
    messages.success(request, _("已红字冲销,冲销记录编号 %(number)s") % {"number": made.pk})
    return HttpResponseRedirect(reverse("web:fact", args=[code, made.pk]))


def declared_ledger(request: HttpRequest, code: str) -> Ledger:
    """Return the ledger; 404 when there is none or the account must not know of it."""
    try:
        declared = kernel_ledger.ledger(code)
    except KeyError:
        raise Http404(_("没有代码为“%(code)s”的台账") % {"code": code}) from None
    if not declared.public and not policy.may(request.user, declared.view, zone=declared.zone):
        raise policy.Refused(declared.view)
    return declared


def tell_reveal(request: HttpRequest, columns: list[Any], target: str) -> None:
    """Record that personal columns were shown unmasked."""
    shown = [column.field.name for column in columns if column.field.personal and not column.masked]
    if shown:
        audit(request.user, AuditEvent.Event.REVEAL, target, columns="、".join(shown))


def _fact(request: HttpRequest, declared: Ledger, number: int) -> Fact:
    found = queries.visible_to(request.user, declared).filter(pk=number).select_related("recorded_by").first()
    if found is None:
        raise Http404(_("没有编号 %(number)s 的记录") % {"number": number})
    return found


def filters_asked_for(request: HttpRequest, declared: Ledger) -> tuple[queries.Filters, LedgerError | None]:
    """Return what the address narrows a ledger down to, and what of it cannot be read."""
    asked = request.GET
    problem = None
    days: dict[str, dt.date | None] = {"since": None, "until": None}
    for name in days:
        if text := asked.get(name, "").strip():
            try:
                days[name] = dt.date.fromisoformat(text)
            except ValueError:
                problem = LedgerError(
                    "ledger.filter", _("日期“%(text)s”无法识别,请写成 2021-08-16 的形式") % {"text": text[:40]}
                )
    columns = {item.column for item in declared.all_fields}
    values = {
        name[2:]: value for name, value in asked.items() if name.startswith("f.") and value and name[2:] in columns
    }
    filters = queries.Filters(
        since=days["since"],
        until=days["until"],
        division=asked.get("division", ""),
        values=values,
        text=asked.get("q", ""),
        in_force=asked.get("in_force") == "on",
    )
    return filters, problem


def _rows(page: queries.Page) -> list[tuple[Fact, list[tuple[Any, str]]]]:
    own = _ordered(page.columns)
    return [(item, [(column, cells.text_of(column, item)) for column in own]) for item in page.facts]


def _ordered(columns: list[Any]) -> list[Any]:
    """Return where and when, then the ledger's own columns, then who recorded it; number and sign stand apart."""
    rank = {"division_id": 0, "occurred_on": 1, "recorded_at": 3, "recorded_by_id": 4, "source": 5, "note": 6}
    kept = [column for column in columns if column.field.column not in ("sign", "reverses_id", "id")]
    return sorted(kept, key=lambda column: rank.get(column.field.column, 2))


def _choices(declared: Ledger, columns: list[Any]) -> list[tuple[str, str, list[tuple[Any, Any]]]]:
    found = []
    for column in columns:
        options = declared.choices_of(column.field.column)
        if options and not column.masked:
            found.append((column.field.column, column.field.name, list(options.items())))
    return found


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()
