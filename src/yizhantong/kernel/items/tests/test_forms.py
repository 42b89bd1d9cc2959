"""Forms built from data elements: shown, required, checked, filled in and sealed by what the content says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from yizhantong.kernel.divisions.models import Division
from yizhantong.kernel.items import prefilling
from yizhantong.kernel.items.catalogue import Ready, content_of
from yizhantong.kernel.items.forms import (
    DataError,
    ItemForm,
    Prefilled,
    clean_data,
    open_data,
    prefill,
    seal_data,
    shown,
)  # fmt: skip
from yizhantong.kernel.parties.models import EnterpriseProfile, Organisation, Person
from yizhantong.testing.items import published_item

FORM: tuple[Any, ...] = (
    "property_address",
    "property_mortgaged",
    {"element": "mortgage_consent", "visible_if": "是否有抵押 = true", "required_if": "是否有抵押 = true"},
    {"element": "bank_name", "visible_if": "抵押权人是否同意 = true"},
    {"element": "property_price", "required_if": '不动产用途 = "住宅"'},
    {"element": "property_use"},
    {"element": "person_identity"},
    {"element": "utilities"},
    {"element": "employees"},
    {"element": "property_area"},
    {"element": "valid_from"},
)
GOOD: dict[str, Any] = {"property_address": "示例路 1 号", "property_mortgaged": "false"}


@pytest.fixture
def ready(city: None) -> Ready:
    materials = [
        {"code": "consent", "name": "抵押权人同意书", "required_if": "是否有抵押 = true", "order": 2},
        {"code": "plan", "name": "平面图", "need": "optional", "order": 1},
    ]
    return content_of(published_item("demo.form", form=FORM, materials=materials).pk)


def test_values_are_stored_plainly(ready: Ready) -> None:
    given = GOOD | {
        "property_price": "1200000.5", "property_use": "住宅", "utilities": ["水", "电"], "employees": 3,
        "property_area": "88.50", "valid_from": "2021-08-16",
    }  # fmt: skip
    assert clean_data(ready, given) == {
        "property_address": "示例路 1 号", "property_mortgaged": False, "property_price": "1200000.50", "property_use": "住宅",
        "utilities": ["水", "电"], "employees": 3, "property_area": "88.5", "valid_from": "2021-08-16",
    }  # fmt: skip


def test_stored_values_can_be_given_again(ready: Ready) -> None:
    once = clean_data(ready, GOOD | {"property_price": "5.00", "utilities": ["水"], "valid_from": "2021-08-16"})
    assert clean_data(ready, once) == once


def test_hidden_fields_are_neither_asked_nor_kept(ready: Ready) -> None:
    assert "mortgage_consent" not in clean_data(ready, GOOD | {"mortgage_consent": "true", "bank_name": "示例银行"})
    open_ = GOOD | {"property_mortgaged": "true", "mortgage_consent": "true", "bank_name": "示例银行"}
    assert clean_data(ready, open_)["bank_name"] == "示例银行"
    assert ready.visible(clean_data(ready, open_)) == set(ready.fields)
    assert {"mortgage_consent", "bank_name"} & ready.visible({"property_mortgaged": False}) == set()


def test_errors_stand_at_their_fields(ready: Ready) -> None:
    form = ItemForm(
        ready, {"property_mortgaged": "true", "employees": "-1", "person_identity": "123", "property_use": "住宅"}
    )
    assert not form.is_valid()
    assert set(form.errors) == {
        "property_address",
        "mortgage_consent",
        "employees",
        "person_identity",
        "property_price",
    }
    assert "请填写不动产坐落" in str(form.errors["property_address"])
    assert "请选择抵押权人是否同意" in str(form.errors["mortgage_consent"])
    assert form.required_now("property_price")


def test_a_draft_may_be_unfinished_but_not_wrong(ready: Ready) -> None:
    assert clean_data(ready, {}, partial=True) == {}
    with pytest.raises(DataError) as caught:
        clean_data(ready, {"employees": "many", "nothing": 1}, partial=True)
    assert set(caught.value.errors) == {"nothing"}
    with pytest.raises(DataError) as caught:
        clean_data(ready, {"employees": "many"}, partial=True)
    assert (caught.value.code, set(caught.value.errors)) == ("items.data", {"employees"})


def test_groups_show_what_the_values_at_hand_show(ready: Ready) -> None:
    shown_codes = [field.name for _, fields in ItemForm(ready, GOOD).groups for field in fields]
    assert "mortgage_consent" not in shown_codes
    asked = [
        field.name for _, fields in ItemForm(ready, GOOD | {"property_mortgaged": "true"}).groups for field in fields
    ]
    assert "mortgage_consent" in asked


def test_materials_are_asked_by_the_values(ready: Ready) -> None:
    assert [m.code for m, _ in ready.asked({"property_mortgaged": False})] == ["plan"]
    assert [(m.code, needed) for m, needed in ready.asked({"property_mortgaged": True})] == [
        ("plan", False),
        ("consent", True),
    ]


def test_personal_values_are_sealed_and_masked(ready: Ready) -> None:
    number = "210702199003070014"
    data = clean_data(ready, GOOD | {"person_identity": number})
    sealed = seal_data(ready, data)
    assert number not in str(sealed)
    assert seal_data(ready, sealed) == sealed
    assert open_data(ready, sealed) == data
    (row,) = [row for section in shown(ready, sealed) for row in section.rows if row.code == "person_identity"]
    assert row.masked
    assert "19900307" not in row.text
    (row,) = [
        row for section in shown(ready, sealed, reveal=True) for row in section.rows if row.code == "person_identity"
    ]
    assert row.text == number


def test_values_are_shown_in_words(ready: Ready) -> None:
    data = clean_data(ready, GOOD | {"property_price": "1234567.80", "utilities": ["水", "电"]})
    told = {row.label: (row.text, row.unit) for section in shown(ready, data) for row in section.rows}
    assert told["成交价格"] == ("1,234,567.8", "元")
    assert told["是否有抵押"] == ("否", "")
    assert told["联动过户项目"] == ("水、电", "")


def test_what_registers_know_is_filled_in_with_its_source(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    form = [
        "organisation_name",
        "uscc",
        "revenue",
        "enterprise_size",
        "title",
        {"element": "employees", "prefill": False},
    ]
    ready = content_of(published_item("demo.prefill", form=form).pk)
    one = Organisation.objects.create(uscc="91210700MA10T2A306", name="示例公司", kind="enterprise", division_id="2107")
    said = {"revenue_fen": {"source": "税务局年度汇算", "as_of": "2021-05-31", "confidence": "register"}}
    EnterpriseProfile.objects.create(
        organisation=one,
        revenue_fen=123_456_789,
        size="small",
        employees=7,
        sources=said,
        updated_at=dt.datetime.now(dt.UTC),
    )
    monkeypatch.setattr(
        prefilling, "_earlier", [lambda ready, applicant, codes: {"title": Prefilled("上次", "以前的办件")}]
    )
    found = prefill(ready, one)
    assert found["revenue"] == Prefilled("1234567.89", "税务局年度汇算", dt.date(2021, 5, 31))
    assert (found["organisation_name"].value, found["enterprise_size"].value) == ("示例公司", "小型")
    assert found["title"].source == "以前的办件"
    assert "employees" not in found
    form_ = ItemForm(ready, prefilled=found)
    assert form_["revenue"].value() == "1234567.89"


def test_a_person_is_filled_in_from_the_real_name(city: None) -> None:
    ready = content_of(published_item("demo.person", form=["person_name", "person_identity", "born_on", "sex"]).pk)
    person = Person(name="演示", identity="210702199003070014", division=Division.objects.get(pk="2107"))
    found = prefill(ready, person)
    assert (found["born_on"].value, found["sex"].value, found["person_name"].source) == ("1990-03-07", "男", "实名认证")


def test_flow_conditions_see_form_outcomes_and_more(city: None) -> None:
    flow = {
        "kind": "seq",
        "children": [
            {"kind": "step", "code": "review", "name": "审查", "attributes": {}},
            {
                "kind": "choice",
                "branches": [{"condition": '环节.review = "pass" and 申请金额 > 100 and 从业人员 > 5',
                              "node": {"kind": "step", "code": "more", "name": "复核", "attributes": {}}}],
                "otherwise": None,
            },
        ],
    }  # fmt: skip
    ready = content_of(published_item("demo.flow", form=["requested_amount"], flow=flow).pk)
    (text,) = ready.flow.conditions
    data = {"requested_amount": "100.01"}
    assert ready.decider(data, {"review": "pass"}, {"从业人员": 6})(text)
    assert not ready.decider(data, {"review": "pass"})(text)
    assert not ready.decider(data, {}, {"从业人员": 6})(text)
