"""Changes of accounts and grants are audit facts with the one who made them."""

from __future__ import annotations

import pytest

from yizhantong.kernel.access import actions
from yizhantong.kernel.access.models import Grant, Role, User
from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.ledger.models import AuditEvent

PASSWORD = "long-enough-and-odd"


@pytest.mark.django_db
def test_every_change_is_an_audit_fact_with_the_one_who_made_it() -> None:
    load_city()
    for code, right in (("system-admin", "accounts.system"), ("security-admin", "accounts.security")):
        Role.objects.create(code=code, name=code, permissions=[right])
        Grant.objects.create(user=User.objects.create_user(code, password=PASSWORD), role_id=code, scope="city")
    clerk = Role.objects.create(code="clerk", name="clerk", permissions=["ledger.record"])
    system, security = User.objects.get(username="system-admin"), User.objects.get(username="security-admin")
    one = actions.create_account(system, "one", PASSWORD, display_name="", staff=False)
    actions.grant(security, one, clerk)
    events = list(AuditEvent.objects.order_by("id").values_list("event", "actor"))
    assert ("account", "system-admin") in events
    assert ("rights", "security-admin") in events
    assert PASSWORD not in "".join(AuditEvent.objects.values_list("detail", flat=True))
