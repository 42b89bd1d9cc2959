"""One of the two cities, made and worked in by a process of its own: ``python -m tests.crossregion.city`` reads commands as JSON lines.

A process stays and answers one line for each command, so that a city is set up once; ``quit`` ends it. Each command is a function
of this module; what it raises is answered as ``{"error": code, "text": …}``.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from typing import Any

FIRM_A = "91210700000000001X"


def build() -> dict[str, Any]:
    """Make tables, offices, people and items; return this city's introduction."""
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    from yizhantong.kernel.cases.tests import world
    from yizhantong.kernel.items.dictionary import load_elements
    from yizhantong.kernel.items.models import Item
    from yizhantong.kernel.parties.models import Organisation
    from yizhantong.testing.items import published_item, steps
    from yizhantong.zones.crossregion import load
    from yizhantong.zones.crossregion.actions import partners
    from yizhantong.zones.crossregion.config import said
    from yizhantong.zones.crossregion.queries.hello import introduction

    world.build()
    load_elements()
    Organisation.objects.get_or_create(
        uscc=said()["agency"], defaults={"name": "营商局", "kind": "agency", "division_id": world.CITY}
    )
    load.load()
    material = [{"code": "report", "name": "审计报告", "by_law": "《演示办法》第二条"}]
    published_item(
        "there.permit", agency=Organisation.objects.get(pk=world.ECONOMY), name="外来许可", form=("application_reason",), kind="appeal",
        materials=material, flow=steps("review", "decide", decide={"kind": "decision", "permission": "cases.decide"}),
        limits={"promised": {"amount": 10, "unit": "workday", "law": "承诺", "source": "test"}},
    )  # fmt: skip
    partners.open_item(Item.objects.get(pk="there.permit"), ["online", "proxy", "joint"], account=None)
    world.official(
        "clerk", said()["agency"], "crossregion.handle", "cases.handle", "cases.view", "cases.intake", scope="city"
    )
    world.official("head", world.ECONOMY, "cases.handle", "cases.decide", "cases.intake")
    return introduction()


def introduce(said: dict[str, Any], state: str = "active") -> dict[str, Any]:
    """Register the other city and activate it."""
    from yizhantong.zones.crossregion.actions import partners

    made = partners.introduce(said, account=None)
    partners.set_state(made, state, account=None)
    return {"code": made.code}


def hello(**given: Any) -> dict[str, Any]:
    """Test the connection and learn the other's list."""
    from yizhantong.zones.crossregion.actions import partners

    return partners.test_connection(_partner(), account=None)


def send(mode: str = "proxy", text: str = "扩大经营", height: int = 842) -> dict[str, Any]:
    """Take a request in for the other city and hand it over."""
    from yizhantong.kernel.files import actions as files
    from yizhantong.kernel.files.tests.making import pdf
    from yizhantong.kernel.parties.models import Organisation
    from yizhantong.zones.crossregion.actions import sending
    from yizhantong.zones.crossregion.models import Crossing, PartnerItem

    item = PartnerItem.objects.get(code="there.permit")
    stored = files.store(pdf(size=(595, height)), account=None, name="report.pdf", trust="B")
    wanted = sending.Wanted(item, {"application_reason": text}, [("report", stored)])
    case = sending.receive_for(
        Organisation.objects.get(pk=FIRM_A), [wanted], mode, account=_clerk() if mode == "proxy" else None
    )
    return look(str(Crossing.objects.get(case=case).key))


def again(key: str) -> dict[str, Any]:
    """Hand a refused or returned request over once more."""
    from yizhantong.zones.crossregion.actions import sending

    return look(str(sending.hand_over_again(_crossing(key), account=_clerk()).key))


def work(seconds: float = 0) -> int:
    """Do what is due, the waiting of failed jobs passed over; return how many jobs ran."""
    from django.utils import timezone

    from yizhantong.kernel.jobs.models import Job
    from yizhantong.kernel.jobs.worker import drain

    Job.objects.filter(state="waiting").update(run_after=timezone.now() - dt.timedelta(seconds=1))
    return drain()


def ask_supplement(key: str) -> dict[str, Any]:
    """Have the office ask for what is missing."""
    from yizhantong.kernel.cases import actions

    actions.ask_supplement(
        _crossing(key).case, [{"kind": "field", "code": "application_reason", "text": "请写明理由"}], account=None
    )
    return look(key)


def supplement(key: str, text: str) -> dict[str, Any]:
    """Send what lacks."""
    from yizhantong.zones.crossregion.actions import sending

    sending.give_supplement(_crossing(key), form={"application_reason": text}, account=_clerk())
    return look(key)


def decide(key: str, outcome: str = "granted") -> dict[str, Any]:
    """Accept, review and decide the case that came from the other city."""
    from yizhantong.kernel.cases import actions

    case = _crossing(key).case
    if case.state == "submitted":
        actions.accept(case, account=None)
    actions.complete_step(case, "review", outcome="pass", account=None)
    actions.decide(
        case, outcome=outcome, reason="不符合条件" if outcome == "refused" else "", law="演示办法第三条", account=None
    )
    return look(key)


def give_back(key: str, reason: str = "不属本市管辖") -> dict[str, Any]:
    """Give it back as not ours."""
    from yizhantong.zones.crossregion.actions import ending

    ending.give_back(_crossing(key), reason, account=_clerk())
    return look(key)


def withdraw(key: str) -> dict[str, Any]:
    """Take it back for the asker."""
    from yizhantong.zones.crossregion.actions import sending

    sending.withdraw(_crossing(key), "不办了", account=None)
    return look(key)


def deliver(key: str) -> dict[str, Any]:
    """Hand the result out."""
    from yizhantong.zones.crossregion.actions import ending

    ending.deliver(_crossing(key), "窗口送达", account=_clerk())
    return look(key)


def look(key: str) -> dict[str, Any]:
    """Return what stands of a crossing and its case."""
    from yizhantong.zones.crossregion.models import Closing, Crossing, Handover

    row = Crossing.objects.select_related("case").filter(key=key).first()
    if row is None:
        return {}
    case = row.case
    return {
        "key": key, "number": row.number, "stage": row.stage, "spans": row.spans, "reason": row.reason, "outcome": row.outcome,
        "received_at": row.received_at.isoformat() if row.received_at else None, "files": row.files.filter(stored__isnull=False).count(),
        "case": case and {
            "state": case.state, "outcome": case.outcome, "office": case.office_id, "reason": case.reason,
            "tenures": [[t.office_id, t.since.isoformat(), t.until and t.until.isoformat()] for t in case.tenures.order_by("since")],
            "orders": case.orders.count() if hasattr(case, "orders") else 0,
        },
        "facts": [Handover.objects.filter(number=row.number).count(), Closing.objects.filter(number=row.number).count()],
        "out": [[m.kind, m.state, m.failure] for m in row.outgoing.order_by("sequence")],
        "in": [[m.kind, m.state] for m in row.incoming.order_by("sequence")],
    }  # fmt: skip


def notices() -> list[str]:
    """Return the titles of what clerks were told."""
    from yizhantong.kernel.notices.models import Notice

    return list(Notice.objects.filter(account=_clerk()).order_by("id").values_list("title", flat=True))


def republish() -> dict[str, Any]:
    """Publish a new version of the opened item."""
    from yizhantong.testing.items import published_item, steps

    made = published_item(
        "there.permit", number=2, form=("application_reason",), kind="appeal",
        flow=steps("review", "decide", decide={"kind": "decision", "permission": "cases.decide"}),
    )  # fmt: skip
    return {"number": made.number}


def set_versions(versions: list[str]) -> dict[str, Any]:
    """Say that the other city speaks these versions, and speak the first of them ourselves."""
    from yizhantong.zones.crossregion.models import Partner
    from yizhantong.zones.crossregion.protocol import messages

    Partner.objects.update(versions=versions)
    messages.VERSIONS = tuple(versions)  # type: ignore[assignment]
    return {}


def age(hours: int) -> dict[str, Any]:
    """Let what waits in the outbox be so much older."""
    from django.utils import timezone

    from yizhantong.zones.crossregion.actions import outbox
    from yizhantong.zones.crossregion.models import Outgoing

    Outgoing.objects.filter(state="waiting").update(queued_at=timezone.now() - dt.timedelta(hours=hours))
    return {"told": outbox.watch()}


def rotate() -> dict[str, Any]:
    """Make the next key, in force at once."""
    from yizhantong.zones.crossregion import keys
    from yizhantong.zones.crossregion.queries.hello import introduction

    keys.rotate(dt.timedelta(minutes=10))
    return introduction()


def forget_keys() -> dict[str, Any]:
    """Let a key sign that the other city has never heard of."""
    from yizhantong.zones.crossregion import keys

    for path in keys.folder().glob("*.json"):
        path.rename(path.with_suffix(".kept"))
    return {"keyid": keys.own()[0].keyid}


def find_keys() -> dict[str, Any]:
    """Take the own keys out again."""
    from yizhantong.zones.crossregion import keys

    for path in keys.folder().glob("*.json"):
        path.unlink()
    for path in keys.folder().glob("*.kept"):
        path.rename(path.with_suffix(".json"))
    return {}


def spoil(key: str) -> dict[str, Any]:
    """Announce another digest for the material than its bytes have, in what is still to be sent."""
    from yizhantong.zones.crossregion.models import CrossingFile, Outgoing

    row = Outgoing.objects.get(crossing__key=key, kind="handover")
    file = CrossingFile.objects.get(crossing__key=key)
    wrong = "0" * 64
    Outgoing.objects.filter(pk=row.pk).update(text=row.text.replace(file.sha256, wrong))
    CrossingFile.objects.filter(pk=file.pk).update(sha256=wrong)
    return {}


def raw(key: str, kind: str = "handover") -> dict[str, Any]:
    """Return a message as it is sent, signed, to be sent by the test itself."""
    from yizhantong.zones.crossregion import keys, signing
    from yizhantong.zones.crossregion.models import Outgoing

    row = Outgoing.objects.select_related("crossing__partner").get(crossing__key=key, kind=kind)
    url = f"{row.crossing.partner.base_url}/crossregion/exchange/1/messages"
    made = []
    for created in (None, dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)):
        asked = signing.Asked("POST", url, {"Content-Type": "application/json"})
        signing.sign(asked, row.text.encode(), keys.signing(), created=created)
        made.append(dict(asked.headers))
    return {"url": url, "body": row.text, "headers": made[0], "old": made[1]}


def _partner() -> Any:
    from yizhantong.zones.crossregion.models import Partner

    return Partner.objects.get()


def _crossing(key: str) -> Any:
    from yizhantong.zones.crossregion.models import Crossing

    return Crossing.objects.select_related("case").get(key=key)


def _clerk() -> Any:
    from yizhantong.kernel.access.models import User

    return User.objects.get(username="clerk")


def main() -> None:
    """Answer commands until ``quit``."""
    import django

    django.setup()
    for line in sys.stdin:
        what, given = json.loads(line)
        if what == "quit":
            return
        try:
            with contextlib.redirect_stdout(sys.stderr):
                answer = globals()[what](**given)
        except Exception as error:
            import traceback

            traceback.print_exc()
            answer = {"error": getattr(error, "code", type(error).__name__), "text": str(error)[:500]}
        sys.stdout.write(json.dumps(answer, default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
