"""The small city of these tests, made and looked at by a process of its own: ``python -m tests.races.city <what> [...]``.

``build``   an empty database becomes the city; prints the keys of its people as JSON
``file``    files so many cases of an item by the platform's own actions; prints their numbers
``packages`` files so many packages of five agencies and accepts them; prints the numbers of each and of its parts
``mail``    gives somebody an address for mail
``look``    prints what stands in the database: cases by outcome, events, tenures, open steps, files, deliveries
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

OFFICES = 5
ASKERS = 4


def build() -> dict[str, str]:
    """Make offices, officials, askers and three items; return the keys by name.

    The tables are made straight from the models, without playing all migrations, which would take most of the time.
    """
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command

    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    from yizhantong.kernel.access.models import Token
    from yizhantong.kernel.cases.tests import world
    from yizhantong.testing.items import published_item, step, steps

    world.build()
    offices = [world.ECONOMY, world.ECOLOGY, world.SAFETY, world.WINDOW, world.FIFTH]
    first = _office(offices[0])
    decide = steps("decide", decide={"kind": "decision"})
    parts = [step(f"part{number}", office=office) for number, office in enumerate(offices)]
    joint = {"kind": "seq", "children": [{"kind": "all", "children": parts}, step("decide", kind="decision")]}
    material = [{"code": "report", "name": "审计报告", "by_law": "《演示办法》第二条"}]
    at_once = {"intake": False}
    published_item("race.decide", agency=first, kind="appeal", flow=decide, options=at_once)
    published_item("race.joint", agency=first, kind="appeal", flow=joint, options=at_once)
    published_item("race.upload", agency=first, flow=decide, materials=material)
    _package(offices)
    people = {
        "one": world.official("甲", world.ECONOMY, "cases.decide", "cases.handle"),
        "two": world.official("乙", world.ECONOMY, "cases.decide", "cases.handle"),
        **{f"office{n}": world.official(f"官{n}", office, "cases.handle") for n, office in enumerate(offices)},
        **{f"head{n}": world.official(f"长{n}", office, "cases.decide") for n, office in enumerate(offices)},
        **{f"asker{n}": world.citizen(f"经办{n}", world.FIRM) for n in range(ASKERS)},
    }
    return {name: Token.issue(user, "测试")[1] for name, user in people.items()} | {"firm": world.FIRM}


def _package(offices: list[str]) -> None:
    """Publish a package whose parts are decided by one office each, all at the same time."""
    from yizhantong.kernel.divisions import tree
    from yizhantong.kernel.items import content as contents
    from yizhantong.kernel.items.load import publish_as_demonstration
    from yizhantong.kernel.items.models import Item
    from yizhantong.testing.items import published_item, steps
    from yizhantong.zones.onething.actions.editing import assembled

    flow = steps("decide", decide={"kind": "decision"})
    days = {"promised": {"amount": 5, "unit": "workday"}}
    for number, office in enumerate(offices):
        published_item(f"race.own{number}", agency=_office(office), zone="onething", flow=flow, limits=days)
    parts = [{"code": f"p{number}", "item": f"race.own{number}"} for number in range(len(offices))]
    made = assembled({"counts_as": "startup", "parts": parts, "guide": {"by_law": "《演示办法》第一条(演示)"}})
    item = Item.objects.create(
        code="package.race", zone="onething", kind="package", agency=_office(offices[0]), division_id=tree.root(), name="试验一件事"
    )  # fmt: skip
    publish_as_demonstration(item, contents.write(made.content), 1)


def packages(count: str) -> list[list[str]]:
    """File so many packages and accept them; return for each its number and those of its parts."""
    from yizhantong.kernel.cases import actions
    from yizhantong.kernel.cases.models import Case

    found = []
    for number in file("package.race", count):
        parent = actions.accept(Case.objects.get(number=number), account=None)
        found.append([number, *Case.objects.filter(parent=parent).order_by("id").values_list("number", flat=True)])
    return found


def file(item: str, count: str) -> list[str]:
    """File so many cases; return their numbers."""
    from yizhantong.kernel.cases import actions
    from yizhantong.kernel.cases.tests import world
    from yizhantong.kernel.items.models import Item
    from yizhantong.kernel.parties.models import Organisation

    firm, made = Organisation.objects.get(pk=world.FIRM), Item.objects.get(pk=item)
    return [actions.file(made, applicant=firm, data={}, account=None).number for _ in range(int(count))]


def look(item: str) -> dict[str, Any]:
    """Return what stands of the cases of one item."""
    from yizhantong.kernel.cases.models import Case, CaseEvent, CaseMaterial, CaseStep, Tenure
    from yizhantong.kernel.files.models import Stored
    from yizhantong.kernel.notices.models import Delivery

    cases = Case.objects.filter(item_id=item)
    events = CaseEvent.objects.filter(item_code=item)
    return {
        "numbers": list(cases.order_by("id").values_list("number", flat=True)),
        "states": Counter(cases.values_list("state", flat=True)),
        "outcomes": Counter(cases.values_list("outcome", flat=True)),
        "events": Counter(events.values_list("event", flat=True)),
        "decide": CaseStep.objects.filter(case__in=cases, code="decide").count(),
        "open": CaseStep.objects.filter(case__in=cases, done_at__isnull=True).count(),
        "tenures": [Tenure.objects.filter(case__in=cases, until__isnull=current).count() for current in (True, False)],
        "stored": Stored.objects.count(),
        "materials": CaseMaterial.objects.filter(case__in=cases).count(),
        "deliveries": Counter(Delivery.objects.values_list("state", flat=True)),
    }


def mail(name: str) -> str:
    """Give an asker an address for mail; return it."""
    from yizhantong.kernel.access.models import User

    address = f"{name}@example.com"
    User.objects.filter(username=f"c-经办{name.removeprefix('asker')}").update(email=address)
    return address


def _office(code: str) -> Any:
    from yizhantong.kernel.parties.models import Organisation

    return Organisation.objects.get(pk=code)


def main() -> None:
    """Do what the command line says."""
    import django

    django.setup()
    what, *given = sys.argv[1:]
    done = {"build": build, "file": file, "packages": packages, "look": look, "mail": mail}[what](*given)
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main()
