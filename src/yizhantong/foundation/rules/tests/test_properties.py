"""What holds for every rule: fast code means what the closures mean, and no input hangs or crashes."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from yizhantong.foundation.rules import (
    FeelError,
    Limits,
    compile_expression,
    compile_unary,
    evaluate,
    parse,
    parse_unary,
)
from yizhantong.foundation.rules.builtins import BUILTINS
from yizhantong.foundation.rules.moments import (
    NS,
    date_days,
    date_from_days,
    from_instant,
    parse_date_time,
    parse_duration,
)
from yizhantong.foundation.rules.names import BUILTIN_NAMES
from yizhantong.foundation.rules.values import compare, equal, literal, normalise

from .expressions import COMMON, CONDITIONS, LITERALS, NAMES, OPERATORS, RECORDS, TEXTS, VALUES

SHORT = Limits(seconds=0.5, steps=20_000, pattern_seconds=0.1)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CONDITIONS, st.lists(RECORDS, min_size=3, max_size=6))
@example("甲 and b = 1", [{"甲": 5, "b": 1}])
@example("甲 = null and b != null", [{"甲": float("nan")}, {"b": object()}])
def test_fast_code_means_what_the_closures_mean(text: str, records: list[dict[str, object]]) -> None:
    rule = compile_expression(text, NAMES)
    for record in records:
        fast, slow = rule(record), rule.evaluate(record).value
        assert type(fast) is type(slow)
        assert repr(fast) == repr(slow)


@settings(max_examples=600, deadline=None)
@given(TEXTS, RECORDS)
def test_no_text_hangs_or_crashes(text: str, record: dict[str, object]) -> None:
    found = evaluate(text, record, limits=SHORT)
    assert all(error.code.startswith("rules.") and error.message for error in found.errors)
    for reader in (parse, parse_unary):
        try:
            tree = reader(text, NAMES)
        except FeelError:
            continue
        assert hash(tree) == hash(reader(text, NAMES))
        assert repr(tree)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["-", "< 5", "not(1, 2)", "? > 3 and ? < 9", '"x", "y"', "[1..5)", "null", "true"]), VALUES)
def test_unary_tests_have_three_answers(text: str, value: object) -> None:
    assert compile_unary(text)(value, {}) in (True, False, None)


@given(VALUES.filter(lambda value: type(value) is not object), VALUES.filter(lambda value: type(value) is not object))
def test_equality_and_order_agree(left: object, right: object) -> None:
    a, b = normalise(left), normalise(right)
    order = compare(a, b)
    assert equal(a, b) is equal(b, a)
    assert order is None or (equal(a, b) is (order == 0) and compare(b, a) == -order)


@given(st.integers(-365_000_000_000, 365_000_000_000))
def test_days_and_dates_go_both_ways(days: int) -> None:
    assert date_days(date_from_days(days)) == days


@given(st.integers(-(10**20), 10**20), st.sampled_from([None, 0, 19_800, -3600, "Asia/Shanghai", "Europe/Paris"]))
def test_instants_go_both_ways(instant: int, zone: int | str | None) -> None:
    moment = from_instant(instant, zone)
    assert moment.instant() in (instant, instant - 3600 * NS)  # an hour that clocks show twice is the first
    assert parse_date_time(str(moment)) == moment


@given(
    st.one_of(
        st.integers(-(10**15), 10**15).map(lambda n: f"P{n}M".replace("P-", "-P")),
        st.integers(-(10**17), 10**17).map(lambda n: f"PT{n}S".replace("PT-", "-PT")),
    )
)
def test_durations_go_both_ways(text: str) -> None:
    assert parse_duration(str(parse_duration(text))) == parse_duration(text)


ARGUMENTS = st.sampled_from(
    [
        *(
            "null",
            "true",
            "0",
            "1",
            "-1",
            "2.5",
            "1e20",
            "1e6144",
            "-1e-6143",
            '""',
            '"a"',
            '"2021-08-16"',
            '"(a"',
            '"[1..2]"',
            '"x"',
            "[]",
            "[1]",
            "[null]",
        ),
        *(
            '["a", 1]',
            "[[1], [2]]",
            "[{key: 1}]",
            "{}",
            "{a: 1}",
            '@"2021-08-16"',
            '@"-999999999-01-01"',
            '@"999999999-12-31T23:59:59Z"',
            '@"10:00:00"',
        ),
        *(
            '@"P1Y"',
            '@"-P999999999Y"',
            '@"PT1S"',
            '@"P999999999D"',
            "[1..5]",
            "(null..5)",
            "(< 5)",
            '["a"..1]',
            "function(x) x",
            "function(x, y) x < y",
            "sum",
        ),
    ]
)


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(sorted(BUILTIN_NAMES - {"partial"})), st.lists(ARGUMENTS, max_size=4))
def test_every_function_survives_any_arguments(name: str, arguments: list[str]) -> None:
    found = evaluate(f"{name}({', '.join(arguments)})", limits=SHORT)
    assert all(error.code.startswith("rules.") and error.code != "rules.unexpected" for error in found.errors)
    assert isinstance(literal(found.value), str)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(
        [
            "{} + {}",
            "{} - {}",
            "{} * {}",
            "{} / {}",
            "{} ** {}",
            "-{}[{}]",
            "{} in {}",
            "{} = {}",
            "{} < {}",
            "for i in {} return {}",
            "{}.year = {}.start",
        ]
    ),
    ARGUMENTS,
    ARGUMENTS,
)
def test_every_operator_survives_any_operands(shape: str, left: str, right: str) -> None:
    found = evaluate(shape.format(f"({left})", f"({right})"), limits=SHORT)
    assert all(error.code.startswith("rules.") and error.code != "rules.unexpected" for error in found.errors)
    assert isinstance(literal(found.value), str)


def test_all_functions_of_the_norm_are_there() -> None:
    assert frozenset(BUILTINS) == BUILTIN_NAMES - {"partial"}


@pytest.mark.parametrize("op", OPERATORS)
def test_fast_comparisons_agree_at_their_bounds(op: str) -> None:
    for literal_text in LITERALS:
        for text in (f"甲 {op} {literal_text}", f"{literal_text} {op} 甲", f"b {op} 甲"):
            rule = compile_expression(text, NAMES)
            for value in COMMON:
                record = {"甲": value, "b": 1}
                assert rule(record) is rule.evaluate(record).value, (text, value)
