"""What the zone's actions share: who did it and whence, who may manage, what a case's form says in clear and as rules see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.cases.people import acts_for
from yizhantong.kernel.items import catalogue
from yizhantong.kernel.items.matching import Subject
from yizhantong.kernel.items.sealed import open_data
from yizhantong.kernel.parties import profile as profiles
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.talent.config import settings
from yizhantong.zones.talent.errors import TalentError

MANAGE = "talent.manage"
SCORE = "experts.score"


def user(account: Account | None) -> User | None:
    """Return the account as one that can be kept beside a row; None is the platform itself."""
    return account if isinstance(account, User) else None


def manages(account: Account | None) -> bool:
    """Tell whether the account manages the talent service; the platform itself does."""
    if account is None:
        return True
    reach = policy.reach(account, MANAGE, "talent")
    return reach.includes(settings().office)


def check_manages(account: Account | None) -> None:
    """Raise ``Refused`` unless the account manages the talent service."""
    if not manages(account):
        raise policy.Refused(MANAGE)


def check_acts(account: Account | None, organisation: str | None = None, person: int | None = None) -> None:
    """Refuse an account that acts neither for that organisation nor as that person (None: the platform itself)."""
    if account is not None and not acts_for(account, organisation, person):
        raise TalentError("talent.not_yours", "当前账号不能代表该单位或本人办理这件事,请核对登录账号和授权")


def needs(text: str, name: str, sentence: str) -> str:
    """Return a text without spaces at its ends; ``talent.missing`` at that field when nothing is left."""
    if not text.strip():
        raise TalentError("talent.missing", sentence, field=name)
    return text.strip()


def data_of(case: Case) -> dict[str, Any]:
    """Return the form's values in clear, by data element."""
    return dict(open_data(catalogue.content_of(case.version_id), case.data))


def facts_of(case: Case, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rules see of the form: values by Chinese name; what is missing is left out."""
    fields = catalogue.content_of(case.version_id).fields
    found = {element.name: element.fact(data.get(code)) for code, (_spec, element) in fields.items()}
    return {name: value for name, value in found.items() if value is not None}


def facts_of_employer(uscc: str) -> dict[str, Any]:
    """Return what the registers know of an employer, by Chinese name."""
    found = profiles.load(uscc)
    return dict(Subject.of(found).record) if found is not None else {}


def organisation_of(code: str, field: str) -> Organisation:
    """Return the organisation of a code; ``talent.unknown_organisation`` at that field when there is none."""
    found = Organisation.objects.filter(pk=code.strip().upper()).first()
    if found is None:
        raise TalentError("talent.unknown_organisation", f"没有统一社会信用代码为 {code} 的单位,请核对", field=field)
    return found


def digits_of(number: str) -> str:
    """Return an account number as digits; ``talent.account_number`` for what cannot be one."""
    digits = "".join(number.split()).replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 32):
        raise TalentError("talent.account_number", "银行账号应为 8 至 32 位数字,请核对", field="account_number")
    return digits
