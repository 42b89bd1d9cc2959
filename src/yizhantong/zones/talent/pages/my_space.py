"""What the shell shows of this zone in my space: the class that a person might claim, the posts that fit his resume."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.parties.models import Person
from yizhantong.web.casework.parties import Party
from yizhantong.web.casework.suits import Suggestion, suggests
from yizhantong.zones.talent.models import Award
from yizhantong.zones.talent.queries.matching import suitable_posts

EACH = 2


@suggests("talent")
def fitting(account: Account, parties: Sequence[Party]) -> list[Suggestion]:
    """Return what a recognised person has not asked for yet, and the posts that fit best; two queries."""
    person = next((party.applicant for party in parties if isinstance(party.applicant, Person)), None)
    if person is None:
        return []
    found = []
    claimed = Exists(Award.objects.filter(talent__person=OuterRef("pk")))
    known = Person.objects.select_related("talent", "talent_resume").annotate(claimed=claimed).get(pk=person.pk)
    talent, resume = getattr(known, "talent", None), getattr(known, "talent_resume", None)
    if talent is not None and talent.state == "holds" and not known.claimed:
        why = _("您是 %(category)s 类人才,可以申领") % {"category": talent.category}
        found.append(Suggestion(_("人才补贴申领"), reverse("web:service", args=["talent.subsidy"]), why, person.name))
    if resume is not None and resume.open:
        for one in suitable_posts(resume, EACH):
            why = _("匹配度 %(score)s:%(reason)s") % {"score": one.fit.score, "reason": one.fit.reasons[0]["text"]}
            found.append(
                Suggestion(one.vacancy.title, reverse("talent:post", args=[one.vacancy.number]), why, person.name)
            )
    return found
