"""Parties: sealed numbers, valid codes, the table of industries."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from yizhantong.kernel.divisions.load import load_city
from yizhantong.kernel.parties import sealing
from yizhantong.kernel.parties.load import load_agencies, load_industries
from yizhantong.kernel.parties.models import Industry, Organisation, Person
from yizhantong.kernel.parties.sample import make_uscc, organisations


@pytest.mark.parametrize("provider", ["aes", "sm4"])
@given(text=st.text(min_size=1, max_size=60))
def test_what_is_sealed_opens_again_and_does_not_show_the_text(provider: str, text: str) -> None:
    sealed = sealing.seal(text, provider)
    assert sealing.unseal(sealed) == text
    assert sealed != sealing.seal(text, provider)


@pytest.mark.parametrize("provider", ["aes", "sm4"])
def test_an_altered_seal_is_refused(provider: str) -> None:
    sealed = sealing.seal("210702199003070014", provider)
    changed = sealed[:-3] + ("AAA" if not sealed.endswith("AAA") else "BBB")
    with pytest.raises(sealing.SealError):
        sealing.unseal(changed)


def test_equal_texts_have_equal_indexes_that_depend_on_the_key(settings: object) -> None:
    first = sealing.index_of("13800000000")
    assert first == sealing.index_of("13800000000") != sealing.index_of("13800000001")
    settings.YZT_SEALING_KEY = "another key"  # type: ignore[attr-defined]
    assert sealing.index_of("13800000000") != first


@pytest.mark.django_db
def test_the_database_never_holds_an_identity_number_in_clear() -> None:
    load_city()
    person = Person.objects.create(name="演示", identity="210702199003070014", division_id="210702")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT identity FROM parties_person WHERE id = %s", [person.pk])
        stored = cursor.fetchone()[0]
    assert "210702199003070014" not in stored
    assert Person.objects.get(pk=person.pk).identity == "210702199003070014"


@pytest.mark.django_db
def test_industries_and_agencies_are_loaded_whole_and_their_codes_are_valid() -> None:
    load_city()
    assert load_industries() == 20 + 97 + 473 + 1382 == Industry.objects.count()
    assert Industry.objects.get(code="3985").section == "C"
    assert load_agencies() == Organisation.objects.filter(kind="agency").count() > 20
    assert all(uscc.is_valid(code) for code in Organisation.objects.values_list("uscc", flat=True))


@given(seed=st.integers(0, 10_000), registry=st.sampled_from(["91", "11", "12", "52"]))
def test_made_codes_are_valid(seed: int, registry: str) -> None:
    assert uscc.is_valid(make_uscc(random.Random(seed), registry, "210700"))


@pytest.mark.django_db
def test_sample_organisations_are_the_same_each_time_and_marked() -> None:
    load_city()
    load_industries()
    one, two = (organisations(random.Random(1), 40) for _ in range(2))
    assert [o.uscc for o in one] == [o.uscc for o in two]
    assert all(o.demonstration and o.name.endswith("(演示)") for o in one)
    assert len({o.uscc for o in one}) == 40 + 12 + 3 + 6
