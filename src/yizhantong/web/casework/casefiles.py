"""Files of a case as they are handed out: to whoever sees the case, with a watermark unless an authority issued them."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Addition, Case, CaseMaterial
from yizhantong.kernel.files import kinds, queries
from yizhantong.kernel.files.models import Issued, Stored
from yizhantong.kernel.files.queries import Opened
from yizhantong.kernel.files.watermark import watermarked

MARKED = (*kinds.IMAGES, kinds.PDF.media_type)


def opened(account: Account, case: Case, file: int) -> Opened | None:
    """Return a file of a case that the account sees (which the caller has made sure of), or None when it is not the case's."""
    stored = Stored.objects.filter(pk=file).first()
    if stored is None or not belongs(case, stored):
        return None
    found = queries.open_for(account, stored, may=True)
    if stored.trust != Stored.Trust.A and found.media_type in MARKED:
        return replace(found, content=watermarked(stored, purpose(case)))
    return found


def purpose(case: Case) -> str:
    """Return what a file is given for: it serves for nothing else."""
    return (_("仅用于办理%(name)s") % {"name": case.title})[:120]


def belongs(case: Case, stored: Stored) -> bool:
    """Tell whether the file is a material, an addition or a paper of the case."""
    return (
        CaseMaterial.objects.filter(case=case, file=stored).exists()
        or Addition.objects.filter(case=case, file=stored).exists()
        or Issued.objects.filter(subject_kind="case", subject_number=case.number, stored=stored).exists()
    )
