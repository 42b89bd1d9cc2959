"""Who may change what is known of an enterprise: an officer with the permission, or the enterprise for itself, by declaring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties import profile
from yizhantong.kernel.parties.mandates import in_force
from yizhantong.kernel.parties.models import Organisation

EDIT = "profiles.edit"


def acts_for(account: policy.Account, organisation: Organisation) -> bool:
    """Tell whether the account's person has a mandate of the organisation today that is not for one zone only."""
    if not isinstance(account, User) or account.person_id is None:
        return False
    held = in_force(clock.today(), "").filter(organisation=organisation, person=account.person_id)
    return held.exists()


def may_verify(account: policy.Account, organisation: Organisation) -> bool:
    """Tell whether the account maintains the profile of an organisation: over its division, or from an agency of that place.

    A grant over an agency reaches the enterprises of the division to which the agency belongs.
    """
    reach = policy.reach(account, EDIT)
    if reach.covers(organisation.division_id):
        return True
    if not isinstance(account, User) or account.agency is None or not reach.includes(account.agency_id):
        return False
    return organisation.division_id in tree.subtree(account.agency.division_id)


def update(
    organisation: Organisation,
    values: Mapping[str, Any],
    *,
    account: policy.Account,
    source: str = "",
    as_of: dt.date | None = None,
) -> list[str]:
    """Write values by column, as verified by an officer or as declared by the enterprise; return the columns written.

    Errors: ProfileError of :mod:`~yizhantong.kernel.parties.profile`; Refused.
    """
    if may_verify(account, organisation):
        written = profile.update(organisation, values, source=source, confidence="verified", as_of=as_of)
    elif acts_for(account, organisation):
        said = source or _("企业自行填报")
        written = profile.update(organisation, values, source=said, confidence="declared", as_of=as_of)
    else:
        raise policy.Refused(EDIT, organisation.division_id)
    audit(account, AuditEvent.Event.SETTING, f"profile:{organisation.pk}", columns=written)
    return written
