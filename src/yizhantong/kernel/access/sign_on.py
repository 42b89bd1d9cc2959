"""Whom a provider of identities vouches for, and which account that is.

The province's sign-on (OpenID Connect Core 1.0) has checked who somebody is and says so in claims. The first time an account is
found by the identity number, or made together with its person; from then on the link from the provider's subject decides. Staff
never come this way: they act for an agency, with a second factor of their own.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction

from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.access.models import SignOn, User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.parties.models import Person
from yizhantong.kernel.parties.register import register_person


class SignOnError(Exception):
    """Somebody cannot sign in this way; ``code`` is stable, ``sentence`` says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


@dataclass(frozen=True, slots=True)
class Identity:
    """What the provider says: ``subject`` is its name for the person; number (GB 11643) and phone may be missing."""

    issuer: str
    subject: str
    name: str = ""
    number: str = ""
    phone: str = ""


@transaction.atomic
def account_of(identity: Identity) -> tuple[User, bool]:
    """Return the account, and whether the link is new.

    Raises :class:`SignOnError`: ``sign_on.identity`` (no number, or a wrong one), ``.name_differs``, ``.inactive``, ``.staff``.
    """
    known = SignOn.objects.select_related("user").filter(issuer=identity.issuer, subject=identity.subject).first()
    if known is not None:
        known.used_at = clock.now()
        known.save(update_fields=["used_at"])
        return _usable(known.user), False
    person = _person(identity)
    user = User.objects.select_for_update().filter(person=person, is_staff=False).order_by("id").first()
    if user is None:
        user = User.objects.create_user(f"p-{secrets.token_hex(8)}", display_name=person.name, person=person)
    now = clock.now()
    SignOn.objects.create(
        issuer=identity.issuer, subject=identity.subject, user=_usable(user), linked_at=now, used_at=now
    )
    return user, True


def _person(identity: Identity) -> Person:
    if not identity.number or not identity.name.strip():
        raise SignOnError("sign_on.identity", "统一身份认证没有提供姓名和身份证号,请先在统一身份认证平台完成实名认证")
    try:
        person = register_person(
            name=identity.name[:64], number=identity.number, phone=identity.phone, division=tree.root()
        )
    except CodeError as error:
        raise SignOnError("sign_on.identity", f"统一身份认证提供的身份信息不合规范:{error.message}") from None
    if person.name != identity.name.strip():
        text = "统一身份认证提供的姓名与本平台登记的不一致,请携带身份证到政务服务大厅更正"
        raise SignOnError("sign_on.name_differs", text)
    return person


def _usable(user: User) -> User:
    if user.is_staff:
        raise SignOnError("sign_on.staff", "工作人员请用工作账号和动态码登录,不能用统一身份认证登录")
    if not user.is_active:
        raise SignOnError("sign_on.inactive", "这个账号已停用,请联系政务服务大厅")
    return user
