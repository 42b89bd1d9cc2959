"""How this zone takes part in the cases of its items: each item has a service that checks, begins, follows steps and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.cases import hooks
from yizhantong.kernel.cases.models import Case, CaseStep
from yizhantong.zones.talent.actions import housing, posts, recognition, stations, subsidies, titles
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.models import Award, Claim, Offer, Sitting, Station, Vacancy, Waiting
from yizhantong.zones.talent.queries import papers, reviews
from yizhantong.zones.talent.reasons import MET


class Service:
    """What one item does; the defaults do nothing. ``row`` finds the zone's own row of a case, locked."""

    model: Any = None
    panel = ""

    def row(self, case: Case) -> Any:
        """Return the zone's row of a case, locked."""
        return (
            self.model.objects.select_for_update(of=("self",))
            .select_related("case__person", "case__organisation")
            .get(case_id=case.pk)
        )

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse a submission."""

    def begin(self, case: Case) -> None:
        """Follow a submission."""

    def check_step(self, row: Any, step: str, outcome: str) -> None:
        """Refuse a step that the zone's own records do not bear out."""

    def on_step(self, row: Any, step: str, outcome: str) -> None:
        """Follow a step."""

    def granted(self, row: Any) -> None:
        """Follow a grant."""

    def ended(self, row: Any) -> None:
        """Follow any other ending."""

    def reopened(self, row: Any) -> None:
        """Follow a reopening after a dispute."""

    def more(self, row: Any) -> dict[str, Any]:
        """Return what the panel shows beside the row."""
        return {}


class _Recognition(Service):
    model, panel = Claim, "talent/panels/claim.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        recognition.check(case, data)

    def begin(self, case: Case) -> None:
        recognition.begin(case)

    def check_step(self, row: Claim, step: str, outcome: str) -> None:
        if step == "decide":
            recognition.check_decision(row, outcome)

    def on_step(self, row: Claim, step: str, outcome: str) -> None:
        if step == "formal":
            recognition.judge_again(row)

    def more(self, row: Claim) -> dict[str, Any]:
        met = [one for one in row.reasons if one["verdict"] == MET]
        return {"met": met, "others": [one for one in row.reasons if one["verdict"] != MET]}

    def granted(self, row: Claim) -> None:
        recognition.grant(row)
        recognition.close(row)

    def ended(self, row: Claim) -> None:
        recognition.close(row)

    def reopened(self, row: Claim) -> None:
        recognition.reopen(row)


class _Subsidy(Service):
    model, panel = Award, "talent/panels/award.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        subsidies.check(case, data)

    def begin(self, case: Case) -> None:
        subsidies.begin(case)

    def granted(self, row: Award) -> None:
        subsidies.grant(row)

    def ended(self, row: Award) -> None:
        subsidies.refuse(row)

    def reopened(self, row: Award) -> None:
        row.state = Award.State.ASKED
        row.save(update_fields=["state"])


class _Housing(Service):
    model, panel = Waiting, "talent/panels/waiting.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        housing.check(case, data)

    def begin(self, case: Case) -> None:
        housing.begin(case)

    def granted(self, row: Waiting) -> None:
        housing.enter(row)

    def ended(self, row: Waiting) -> None:
        housing.leave(row, "申请未获准")

    def reopened(self, row: Waiting) -> None:
        row.state, row.left_for = Waiting.State.ASKED, ""
        row.save(update_fields=["state", "left_for"])


class _Post(Service):
    model, panel = Vacancy, "talent/panels/post.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        posts.check(case, data)

    def begin(self, case: Case) -> None:
        posts.begin(case)

    def granted(self, row: Vacancy) -> None:
        posts.publish(row)

    def ended(self, row: Vacancy) -> None:
        row.state = Vacancy.State.REFUSED
        row.save(update_fields=["state"])

    def reopened(self, row: Vacancy) -> None:
        row.state = Vacancy.State.ASKED
        row.save(update_fields=["state"])


class _Title(Service):
    model, panel = Sitting, "talent/panels/sitting.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        titles.check(case, data)

    def begin(self, case: Case) -> None:
        titles.begin(case)

    def check_step(self, row: Sitting, step: str, outcome: str) -> None:
        if step == titles.EXAM:
            titles.check_exam_step(row)
        elif step == "decide":
            titles.check_decision(row, outcome)

    def on_step(self, row: Sitting, step: str, outcome: str) -> None:
        if step == "formal" and outcome == "pass":
            titles.seat(row)

    def ended(self, row: Sitting) -> None:
        titles.leave(row)


class _Station(Service):
    model, panel = Station, "talent/panels/station.html"

    def check(self, case: Case, data: Mapping[str, Any]) -> None:
        stations.check(case, data)

    def begin(self, case: Case) -> None:
        stations.begin(case)

    def check_step(self, row: Station, step: str, outcome: str) -> None:
        if step == "qualify":
            stations.check_qualified(stations.read_again(row), outcome)
        elif step == stations.ONSITE:
            stations.check_onsite(row, outcome)

    def on_step(self, row: Station, step: str, outcome: str) -> None:
        if step == stations.ONSITE:
            stations.keep(row)

    def more(self, row: Station) -> dict[str, Any]:
        return {"outcome": reviews.outcome(row)}

    def granted(self, row: Station) -> None:
        stations.confirm(row)

    def ended(self, row: Station) -> None:
        stations.refuse(row)

    def reopened(self, row: Station) -> None:
        row.state = Station.State.ASKED
        row.save(update_fields=["state"])


SERVICES: dict[str, Service] = {
    "talent.recognition": _Recognition(),
    "talent.subsidy": _Subsidy(),
    "talent.housing": _Housing(),
    "talent.post": _Post(),
    "talent.title": _Title(),
    "talent.station": _Station(),
}


class TalentHooks(hooks.CaseHooks):
    """Hands every turn of a case to the service of its item."""

    def check_submit(self, case: Case, data: Mapping[str, Any]) -> None:
        """Refuse what the service refuses."""
        _service(case).check(case, data)

    def on_submitted(self, case: Case) -> None:
        """Begin the zone's side."""
        _service(case).begin(case)

    def check_step(self, case: Case, step: CaseStep, outcome: str, details: Mapping[str, Any]) -> None:
        """Refuse a step that the zone's own records do not bear out."""
        service = _service(case)
        service.check_step(service.row(case), step.code, outcome)

    def on_step(self, case: Case, step: CaseStep, outcome: str) -> None:
        """Let the zone's side follow a step."""
        service = _service(case)
        service.on_step(service.row(case), step.code, outcome)

    def on_closed(self, case: Case) -> None:
        """Let the zone's side end with its case."""
        service = _service(case)
        row = service.row(case)
        if case.outcome == Case.Outcome.GRANTED:
            service.granted(row)
            _certify(case)
        else:
            service.ended(row)

    def on_reopened(self, case: Case) -> None:
        """Let the zone's side live again after a dispute."""
        service = _service(case)
        service.reopened(service.row(case))

    def asker_next(self, case: Case) -> tuple[str, str, str] | None:
        """Ask for an answer to an offered flat."""
        offer = Offer.objects.filter(waiting__case=case, state=Offer.State.OPEN).first()
        if offer is None:
            return None
        return _("已为您配租公寓,请在期限内答复。"), _("去答复"), reverse("talent:mine")

    def extra_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show the zone's side beside the case."""
        shown = _shown(case)
        return [(shown["inner"], shown)] if shown else []

    def asker_panels(self, case: Case) -> list[tuple[str, Mapping[str, Any]]]:
        """Show the asker the same, and his certificates."""
        shown = _shown(case)
        return [("talent/panels/asker.html", shown | {"asker": True})] if shown else []


def _shown(case: Case) -> dict[str, Any]:
    """Return what the zone shows of a case, {} where it has nothing of its own: the template, its row, the certificates given."""
    service = SERVICES.get(case.item_id)
    row = service.model.objects.filter(case_id=case.pk).first() if service is not None and service.panel else None
    if service is None or row is None:
        return {}
    return {"inner": service.panel, "row": row, "case": case, "papers": papers.of_case(case)} | service.more(row)


def _service(case: Case) -> Service:
    found = SERVICES.get(case.item_id)
    if found is None:
        raise TalentError("talent.unknown_item", f"人才服务没有事项 {case.item_id} 的办理规则,请核对城市配置")
    return found


def _certify(case: Case) -> None:
    """Have the certificate issued after the change is written."""
    if case.item_id in ("talent.recognition", "talent.title", "talent.station"):
        from yizhantong.zones.talent.tasks import certify

        certify.enqueue(case=case.pk)


HOOKS = hooks.register(TalentHooks(), zone="talent")
