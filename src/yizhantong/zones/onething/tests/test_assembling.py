"""The merged form asks for what the parts that take part need, once, and for nothing else; the promise is the longest path."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yizhantong.kernel.items.catalogue import Ready, make_ready
from yizhantong.kernel.items.checking import check_content
from yizhantong.kernel.items.errors import ContentError
from yizhantong.kernel.items.models import Item
from yizhantong.zones.onething.assembling import assemble, promise, taking_part
from yizhantong.zones.onething.merging import PartOf
from yizhantong.zones.onething.spec import PackageSpec, circle, longest, predecessors, read, within
from yizhantong.zones.onething.tests.making import ELEMENTS, QUESTIONS, field, make_elements, material, name_of, part

pytestmark = pytest.mark.django_db
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def _elements(db: None) -> None:
    make_elements()


def spec_of(parts: list[PartOf], questions: tuple[dict[str, Any], ...] = (), **more: Any) -> PackageSpec:
    listed = [each.spec.model_dump() for each in parts]
    return read({"counts_as": "birth", "questions": list(questions), "parts": listed, **more})


def ready_of(spec: PackageSpec, parts: list[PartOf]) -> Ready:
    return make_ready(assemble(spec, parts), Item(code="package.t", name="一件事", zone="onething", kind="package"))


# --- any package -----------------------------------------------------------------------------------------------------


def conditions(over: tuple[str, ...]) -> st.SearchStrategy[str]:
    """FEEL over some elements, such as are written and such as see what is missing."""
    if not over:
        return st.just("")
    name = st.sampled_from([name_of(code) for code in over])
    one = st.one_of(
        name.map("{} = true".format), name.map("not({} = true)".format), name.map("{} = null".format),
        st.tuples(name, name).map(lambda two: f"{two[0]} = true or {two[1]} = false"),
    )  # fmt: skip
    return st.one_of(st.just(""), one)


@st.composite
def parts_of(draw: Any, code: str) -> PartOf:
    chosen = draw(st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=4, unique=True).map(sorted))
    fields = []
    for place, element in enumerate(chosen):
        earlier = tuple(chosen[:place])
        fields.append(
            field(
                element, required=draw(st.booleans()), visible_if=draw(conditions(earlier)),
                required_if=draw(conditions(earlier)),
            )
        )  # fmt: skip
    return part(code, fields, when=draw(conditions(QUESTIONS)))


@st.composite
def packages(draw: Any) -> tuple[PackageSpec, list[PartOf]]:
    parts = [draw(parts_of(code)) for code in ("a", "b", "c")[: draw(st.integers(1, 3))]]
    questions = (
        {"element": "q0"}, {"element": "q1", "when": draw(conditions(("q0",)))},
        {"element": "q2", "when": draw(conditions(("q0", "q1"))), "required": draw(st.booleans())},
    )  # fmt: skip
    return spec_of(parts, questions), parts


ANSWERS = st.fixed_dictionaries({code: st.sampled_from([True, False, None]) for code in (*QUESTIONS, *ELEMENTS)})


def required_of(ready: Ready, data: dict[str, Any]) -> set[str]:
    """What a form must have filled in for these data, as forms ask it."""
    visible = ready.visible(data)
    facts = ready.facts({code: value for code, value in data.items() if code in visible})
    return {
        code for code, (spec, _element) in ready.fields.items()
        if code in visible and (spec.required or (spec.required_if and ready.is_true(spec.required_if, facts)))
    }  # fmt: skip


@QUIET
@given(package=packages(), data=ANSWERS)
def test_what_is_asked_is_what_the_parts_that_take_part_need(
    package: tuple[PackageSpec, list[PartOf]], data: dict[str, Any]
) -> None:
    spec, parts = package
    merged = ready_of(spec, parts)
    taking = taking_part(spec, merged, data)
    asked: set[str] = set()
    required: set[str] = set()
    for each in parts:
        if each.spec.code in taking:
            own = {code: data[code] for code in each.ready.fields}
            asked |= each.ready.visible(own)
            required |= required_of(each.ready, own)
    assert merged.visible(data) - set(QUESTIONS) == asked
    assert required_of(merged, data) - set(QUESTIONS) == required


@QUIET
@given(package=packages())
def test_every_element_stands_once_and_the_content_is_sound(package: tuple[PackageSpec, list[PartOf]]) -> None:
    spec, parts = package
    content = assemble(spec, parts)
    codes = [each.element for each in content.form_fields]
    assert len(codes) == len(set(codes))
    assert set(codes) == set(QUESTIONS).union(*(each.ready.fields for each in parts))
    assert check_content(content, kind="package") == []


@QUIET
@given(
    weights=st.lists(st.integers(0, 30), min_size=1, max_size=6),
    edges=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=9), left_out=st.sets(st.integers(0, 5)),
)  # fmt: skip
def test_the_promise_is_the_heaviest_chain_of_brute_force(
    weights: list[int], edges: set[tuple[int, int]], left_out: set[int]
) -> None:
    codes = [f"p{number}" for number in range(len(weights))]
    order = {
        code: tuple(f"p{a}" for a, b in sorted(edges) if b == place and a < b < len(codes))
        for place, code in enumerate(codes)
    }
    by_code = dict(zip(codes, weights, strict=True))
    chosen = [code for place, code in enumerate(codes) if place not in left_out]

    def follows(one: str, other: str) -> bool:
        """Whether ``other`` waits for ``one``, directly or through others, those left out among them."""
        return any(before == one or follows(one, before) for before in order[other])

    chains = (
        chain for size in range(len(chosen) + 1) for chain in itertools.combinations(chosen, size)
        if all(follows(one, other) for one, other in itertools.pairwise(chain))
    )  # fmt: skip
    heaviest = max(sum(by_code[code] for code in chain) for chain in chains)
    found, path = longest(within(order, chosen), by_code)
    assert found == heaviest == sum(by_code[code] for code in path)


# --- particular ones -------------------------------------------------------------------------------------------------


def test_series_and_parallel_and_after_make_the_promise() -> None:
    parts = [
        part("a", days=2),
        part("b", days=3, mode="series"),
        part("c", days=4),
        part("d", days=1, after=["b", "c"]),
    ]
    spec = spec_of(parts)
    found = promise(spec, parts)
    assert (found.days, found.path) == (6, ("a", "b", "d"))
    assert promise(spec, parts, ["a", "c", "d"]).path == ("c", "d")
    assert assemble(spec, parts).limits.promised.text == "6个工作日"  # type: ignore[union-attr]


def test_a_circle_is_refused_with_its_way() -> None:
    with pytest.raises(ContentError) as refused:
        spec_of([part("a", after=["c"]), part("b", after=["a"]), part("c", after=["b"])])
    assert refused.value.code == "onething.circle"
    assert "a → c → b → a" in refused.value.sentence
    assert circle(predecessors(spec_of([part("a"), part("b", mode="series")]))) == []


def test_materials_are_merged_by_identity_and_registers_come_first() -> None:
    one = part("a", materials=[material("proof", "证明"), material("id", "身份证", need="optional")])
    other = part("b", materials=[material("identity", "身份证", register="person:identity")], when="情形甲 = true")
    spec = spec_of([one, other], ({"element": "q0"},), materials={"a.id": "identity"})
    made = assemble(spec, [one, other]).materials
    assert [(each.code, each.need, each.register) for each in made] == [
        ("identity", "required", "person:identity"), ("proof", "required", ""),
    ]  # fmt: skip
    assert made[0].required_if == ""


def test_a_material_is_asked_for_where_its_parts_ask_for_it() -> None:
    one = part("a", [field("e0")], materials=[material("deed", required_if="要素甲 = true")], when="情形甲 = true")
    spec = spec_of([one], ({"element": "q0"},))
    merged = ready_of(spec, [one])
    assert not merged.asked({"q0": True, "e0": False})
    assert not merged.asked({"q0": False, "e0": True})
    assert [each.code for each, _needed in merged.asked({"q0": True, "e0": True})] == ["deed"]


def test_a_part_without_a_promise_in_working_days_cannot_be_promised_jointly() -> None:
    hasty = part("a", limits={"promised": {"amount": 2, "unit": "hour"}})
    with pytest.raises(ContentError) as refused:
        assemble(spec_of([hasty]), [hasty])
    assert refused.value.code == "onething.no_limit"
