"""Fill an empty city with its sample: organisations, and what every zone's ``sample.py`` invents, sealed at the end.

1. A city that holds facts of its own is refused; one that holds the sample already is left alone.
2. Divisions, industries, agencies and organisations are written; the city's clock is set on the sample's day.
3. Each zone's batches go through ``record_many``, backdated: a fact is recorded on its own day between 8 and 19 o'clock,
   a reversal at 19:30 of its day; so nothing is later than 20 o'clock of the sample's day.
4. Everything up to here is one transaction: a kill leaves an empty city. Then all ledgers are sealed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from yizhantong.kernel.divisions import city as city_folder
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.ledger import actions, segments
from yizhantong.kernel.ledger.audit import AUDIT
from yizhantong.kernel.ledger.declare import ledger, ledgers
from yizhantong.kernel.ledger.errors import LedgerError
from yizhantong.kernel.ledger.sampling import Batch, Row, SampleCity
from yizhantong.kernel.parties.load import load_agencies, load_industries
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation
from yizhantong.kernel.parties.sample import organisations
from yizhantong.kernel.parties.sample_profiles import profiles

SOURCE = "sample"
ENTERPRISES = 1200
"""How many enterprises a sample city of scale 1 has."""
Maker = Callable[[SampleCity], Iterator[Batch]]


@dataclass
class SampleReport:
    """What was loaded: number of facts by ledger; ``loaded`` is False when the sample was there already."""

    loaded: bool
    day: dt.date
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return the number of facts."""
        return sum(self.facts.values())


def sample_day() -> dt.date:
    """Return the day on which the sample city stands, as its folder says."""
    day: dt.date = city_folder.settings_of("sample.toml")["day"]
    return day


def makers() -> Iterator[tuple[str, Maker]]:
    """Yield the name of each app that invents records, and its function."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "sample"):
            make = getattr(import_module(f"{config.name}.sample"), "sample", None)
            if make is not None:
                yield config.label, make


def load_sample(
    day: dt.date | None = None, scale: int = 1, progress: Callable[[str, int], object] | None = None
) -> SampleReport:
    """Load the sample (see the module); ``progress`` gets ledger and number of facts written since its last call.

    Raises :class:`LedgerError` ``sample.city_in_use`` when the city holds facts that are not of a sample.
    """
    stands_on = day or sample_day()
    if _present():
        return SampleReport(loaded=False, day=stands_on)
    report = SampleReport(loaded=True, day=stands_on)
    with transaction.atomic():
        sample_city = prepare(stands_on, scale)
        for _name, make in makers():
            for batch in make(sample_city):
                written = load_batch(batch, progress)
                report.facts[batch.ledger] = report.facts.get(batch.ledger, 0) + written
    segments.seal(progress=progress)
    return report


def prepare(day: dt.date, scale: int = 1) -> SampleCity:
    """Write what facts point to, set the city's clock on ``day``, and return the city for the zones."""
    served = load_city()
    served.demonstration_day = day
    served.save()
    load_industries()
    load_agencies()
    made = SampleCity(day=day, scale=scale)
    invented = organisations(made.rng("organisations"), ENTERPRISES * scale)
    Organisation.objects.bulk_create(invented, ignore_conflicts=True)
    enterprises = [item for item in invented if item.kind == Organisation.Kind.ENTERPRISE]
    EnterpriseProfile.objects.bulk_create(profiles(made.rng("profiles"), enterprises, day), ignore_conflicts=True)
    return made


def load_batch(batch: Batch, progress: Callable[[str, int], object] | None = None) -> int:
    """Record the rows of one batch; return how many."""
    told = None if progress is None else lambda count: progress(batch.ledger, count)
    into, moments = ledger(batch.ledger), Backdate()
    return actions.record_many(into, batch.rows, source=SOURCE, recorded_at=moments, progress=told, by_owner=True)


class Backdate:
    """Gives each row its moment of recording; those of one day are kept, so that a million rows make few of them."""

    def __init__(self) -> None:
        self._opening: dict[dt.date, dt.datetime] = {}

    def __call__(self, row: Row, position: int) -> dt.datetime:
        """Return the moment of the row at that position."""
        day = row["occurred_on"]
        opening = self._opening.get(day)
        if opening is None:
            opening = timezone.make_aware(dt.datetime.combine(day, dt.time(8)), timezone.get_default_timezone())
            opening = self._opening[day] = opening.astimezone(dt.UTC)
        minutes = 690 if row.get("reverses") is not None else position * 37 % 660
        return opening + dt.timedelta(minutes=minutes)


def _present() -> bool:
    """Tell whether the sample is here; refuse when other facts are."""
    found = False
    for declared in ledgers():
        if declared.code == AUDIT.code:
            continue
        facts: Any = declared.model._default_manager
        if facts.exclude(source=SOURCE).exists():
            text = f"台账“{declared.label}”已有非演示的事实,演示数据只能装入空库;请换一个 YZT_HOME 或数据库"
            raise LedgerError("sample.city_in_use", text)
        found = found or facts.exists()
    return found
