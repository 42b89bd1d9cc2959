"""Who fits a post, and which posts fit a candidate: the best of those that are open, with reasons."""

from __future__ import annotations

from dataclasses import dataclass

from yizhantong.kernel.divisions import clock
from yizhantong.zones.talent.actions.hiring import fit_of
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.likeness import Fit
from yizhantong.zones.talent.models import Resume, Vacancy

LOOKED_AT = 2000
BEST = 20


@dataclass(frozen=True, slots=True)
class Match:
    """A post and a candidate that fit."""

    vacancy: Vacancy
    resume: Resume
    fit: Fit


def candidates(vacancy: Vacancy, most: int = BEST) -> list[Match]:
    """Return the blind candidates that fit a post best; those whose education is too low, or who know of the post already, are left out."""
    rows = Resume.objects.filter(open=True).exclude(candidacies__vacancy=vacancy).order_by("-updated_at")[:LOOKED_AT]
    return _best([Match(vacancy, resume, fit_of(vacancy, resume)) for resume in rows], most)


def suitable_posts(resume: Resume, most: int = BEST) -> list[Match]:
    """Return the open posts that fit a candidate best, for which he has not applied."""
    rows = Vacancy.objects.filter(state=Vacancy.State.OPEN, closes_on__gte=clock.today()).exclude(
        candidacies__resume=resume
    )
    found = rows.select_related("employer").order_by("-published_on", "-pk")[:LOOKED_AT]
    return _best([Match(vacancy, resume, fit_of(vacancy, resume)) for vacancy in found], most)


def _best(found: list[Match], most: int) -> list[Match]:
    enough = [one for one in found if not one.fit.barred and one.fit.score >= settings().suggest_from]
    return sorted(enough, key=lambda one: (-one.fit.score, -one.vacancy.pk, one.resume.pk))[:most]
