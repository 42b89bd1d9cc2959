"""No rule hangs or crashes: each of these asks for more than may be given, and is stopped with a reason, in time."""

from decimal import Decimal

import pytest

from yizhantong.foundation.rules import Limits, compile_expression, evaluate

DOUBLING = "x0: [1, 1], " + ", ".join(f"x{n}: [x{n - 1}, x{n - 1}]" for n in range(1, 60))
TEXTS = 's0: "0123456789", ' + ", ".join(f"s{n}: s{n - 1} + s{n - 1}" for n in range(1, 40))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("for i in 1..1e12 return i", "rules.too_many_steps"),
        ("for i in 1..1000, j in 1..1000, k in 1..1000 return i", "rules.too_many_steps"),
        ("some i in 1..10000, j in 1..10000 satisfies i = 0", "rules.too_many_steps"),
        ("[1..1e12][1] in [2..1e300]", None),
        ("{f: function(x) f(x), y: f(1)}.y", "rules.recursion"),
        ("{f: function(x) g(x), g: function(x) f(x), y: f(1)}.y", "rules.recursion"),
        ("10 ** 1e30", "rules.bad_number"),
        ("9.99e6144 * 10", "rules.bad_number"),
        ("exp(1e9)", "rules.bad_number"),
        ('@"P1D" * 1e6000', "rules.bad_moment"),
        ('@"9999-12-31" + @"P999999999999Y"', "rules.bad_moment"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "(a|aa)+b")', "rules.slow_pattern"),
        ('matches("a", "((a{1000}){1000}){1000}")', "rules.bad_pattern"),
        (f"{{{DOUBLING}, y: string(x59)}}.y", "rules.too_many_steps"),
        (f"{{{DOUBLING}, y: x59 = x59}}.y", "rules.too_many_steps"),
        (f"{{{DOUBLING}, y: flatten(x59)}}.y", "rules.too_many_steps"),
        (f"{{{DOUBLING}, y: x59 instance of list<list<number>>}}.y", None),
        (f"{{{TEXTS}}}.s39", "rules.too_large"),
        ("count(for i in 1..3000 return partial)", "rules.too_many_steps"),
        ('string join(for i in 1..90000 return "0123456789012345")', "rules.too_large"),
    ],
)
def test_what_is_too_much_stops_with_a_reason(text: str, code: str | None) -> None:
    found = evaluate(text, limits=Limits(seconds=120))
    if code is not None:
        assert found.value is None
        assert code in [error.code for error in found.errors]


def test_slow_work_stops_at_the_deadline() -> None:
    text = 'for i in 1..1000 return matches("' + "a" * 3000 + '", "(.*a){25}b")'
    found = evaluate(text, limits=Limits(seconds=0.3, pattern_seconds=0.2))
    assert found.errors[-1].code == "rules.too_slow"


def test_recursion_within_the_limit_works() -> None:
    assert evaluate("{f: function(x) if x > 0 then f(x - 1) + 1 else 0, y: f(30)}.y").value == 30


@pytest.mark.parametrize(
    "value",
    [10**5000, Decimal("1e999999999"), Decimal("-1e-999999999"), -(10**5000)],
    ids=["huge", "vast", "tiny", "low"],
)
def test_numbers_beyond_reason_do_not_crash(value: object) -> None:
    for text in (
        "string(n)",
        "n + 1",
        "n * n",
        "n > 5 and n < 6",
        "[1, 2][n]",
        "for i in 1..n return i",
        "floor(n)",
        "odd(n)",
        "date(n, 1, 1)",
        'substring("a", n)',
        "n = n",
    ):
        evaluate(text, {"n": value}, limits=Limits(seconds=1))
        compile_expression(text, ["n"])({"n": value})


def test_data_nested_too_deep_is_refused() -> None:
    data: object = 1
    for _ in range(5000):
        data = [data]
    found = evaluate("n = n", {"n": data})
    assert (found.value, found.errors[0].code) == (None, "rules.too_deep")
