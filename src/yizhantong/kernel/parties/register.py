"""Finding and registering those who come to a counter: organisations by GB 32100 code, persons by identity number.

A person is found by the keyed index of the number, which no list ever shows. Whoever calls has checked that the account may.
"""

from __future__ import annotations

from django.db import transaction

from yizhantong.foundation.codes import identity, phones, uscc
from yizhantong.foundation.codes.errors import CodeError
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.models import Organisation, Person


def find(code: str) -> Organisation | Person | None:
    """Return the organisation or person of a code, or None; raise CodeError when the text is neither kind of code."""
    text = "".join(code.split()).upper()
    try:
        return Organisation.objects.filter(pk=uscc.validate(text)).first()
    except CodeError:
        if any("A" <= character <= "Z" for character in text[:-1]):
            raise  # an identity number has no letter but an X at its end
        number = identity.validate(text)
    return Person.objects.filter(identity_index=sealing.index_of(number)).order_by("pk").first()


@transaction.atomic
def register_person(*, name: str, number: str, phone: str, division: str) -> Person:
    """Return the person of an identity number, registered now if unknown; raise CodeError for a number that cannot be."""
    valid, called = identity.validate(number), phones.validate(phone) if phone else ""
    person, _made = Person.objects.get_or_create(
        identity_index=sealing.index_of(valid),
        defaults={
            "name": name.strip(),
            "identity": valid,
            "phone": called,
            "phone_index": sealing.index_of(called) if called else "",
            "division_id": division,
        },
    )
    return person
