"""Saying something to the other city: the message is written with the change that it tells, and sent by a job afterwards."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django.utils import timezone

from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.divisions import clock
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Crossing, CrossingFile, Outgoing
from yizhantong.zones.crossregion.protocol import machine, messages
from yizhantong.zones.crossregion.protocol.machine import Span, Stage
from yizhantong.zones.crossregion.protocol.messages import Part, ProtocolError


def locked(pk: int) -> Crossing:
    """Return a crossing under lock: its case first, as everything that changes a case does, then the crossing itself."""
    case = Crossing.objects.filter(pk=pk).values_list("case_id", flat=True).first()
    if case is not None:
        Case.objects.select_for_update().filter(pk=case).values_list("pk", flat=True).first()
    return Crossing.objects.select_for_update(of=("self",)).select_related("partner", "case").get(pk=pk)


def say(crossing: Crossing, kind: str, body: Part, *, moment: dt.datetime | None = None) -> Outgoing:
    """Write the next message of this side, within the caller's transaction and lock; ``moment``: responsibility passes then.

    Raises :class:`CrossingError` ``crossregion.stage`` where it may not be said now, ``crossregion.no_common_version``.
    """
    from yizhantong.zones.crossregion.tasks import deliver

    try:
        stage = machine.may_say(crossing.role, Stage(crossing.stage), kind)
    except ProtocolError as error:
        label = Crossing.Stage(crossing.stage).label
        raise CrossingError("stage", f"通办业务 {crossing.number} 现为“{label}”,不能这样办理;请刷新后查看") from error
    version = messages.common(crossing.partner.versions)
    if version is None:
        told = "、".join(crossing.partner.versions) or "未知"
        text = f"与{crossing.partner.name}没有共同的协议版本(对方:{told};本地:{'、'.join(messages.VERSIONS)}),请先测试连接或联系对方升级"
        raise CrossingError("no_common_version", text)
    envelope = messages.Envelope(
        protocol=version, id=uuid.uuid4(), case=crossing.key, sender=config.own_code(), receiver=crossing.partner.code,
        sequence=crossing.said + 1, after=crossing.last, kind=cast(messages.Kind, kind), at=clock.now(), body=body.model_dump(mode="json"),
    )  # fmt: skip
    crossing.stage, crossing.said = str(stage), envelope.sequence
    pass_responsibility(crossing, kind, moment)
    crossing.save()
    made = Outgoing.objects.create(
        id=envelope.id, crossing=crossing, sequence=envelope.sequence, kind=kind, text=messages.write(envelope).decode(),
        made_at=clock.now(), queued_at=timezone.now(),
    )  # fmt: skip
    deliver.enqueue(message=str(made.pk))
    return made


def pass_responsibility(crossing: Crossing, kind: str, moment: dt.datetime | None) -> None:
    """Write who answers now, and since when, where a message says so; the caller saves."""
    crossing.spans = [
        [span.holder, span.since.isoformat(), span.until.isoformat() if span.until else None]
        for span in machine.passed(spans_of(crossing), kind, moment)
    ]


def spans_of(crossing: Crossing) -> tuple[Span, ...]:
    """Return who answered for it, from when to when."""
    at = dt.datetime.fromisoformat
    return tuple(Span(holder, at(since), at(until) if until else None) for holder, since, until in crossing.spans)


def station(crossing: Crossing, text: str, at: dt.datetime) -> None:
    """Add a station to the progress; the caller saves."""
    crossing.stations = [*crossing.stations, {"at": at.isoformat(), "text": text}]


def office_in(city: str, office: str) -> str:
    """Return an office of another city with the city's name before it, once: many offices bear it already."""
    return office if office.startswith(city) else f"{city}{office}"


def content_of(crossing: Crossing) -> messages.Handover:
    """Return the request as it was handed over."""
    return messages.Handover.model_validate_json(crossing.content)


def document(part: Part) -> dict[str, Any]:
    """Return a part of a message as JSON has it."""
    return part.model_dump(mode="json")


def material_of(row: CrossingFile) -> messages.Material:
    """Return a file as the list of a message has it."""
    return messages.Material(
        code=row.code, name=row.name, sha256=row.sha256, size=row.size, media_type=row.media_type, trust=row.trust  # type: ignore[arg-type]
    )  # fmt: skip


def queue(task: str, crossing: Crossing) -> None:
    """Have a job of this zone go on with a crossing, once the change is written."""
    from yizhantong.zones.crossregion import tasks

    getattr(tasks, task).enqueue(crossing=crossing.pk)


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day of a moment as the ledgers have it: never after the city's own day."""
    return min(timezone.localtime(moment).date(), clock.today())
