"""What the functions and operators of FEEL give: each line an expression and the value it must have, both in FEEL."""

from datetime import UTC, date, datetime

import pytest

from yizhantong.foundation.rules import compile_expression, evaluate
from yizhantong.foundation.rules.values import identical

CLOCK = datetime(2021, 8, 16, 9, 30, tzinfo=UTC)
SAME = """
substring("锦州市凌河区", 4)                          | "凌河区"
substring("foobar", -3, 2)                           | "ba"
string length("🐎一a")                               | 3
substring before("foobar", "bar")                    | "foo"
substring after("foobar", "zz")                      | ""
upper case("aé")                                     | "AÉ"
starts with("锦州", "锦")                              | true
ends with("锦州", "锦")                                | false
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")          | "[1=ab][2=]cd"
replace("a.b", ".", "-", "q")                        | "a-b"
replace("abc", "b", "\\$")                           | "a$c"
matches("一二", "\\p{IsCJKUnifiedIdeographs}+")        | true
matches("a-b", "[a\\-b]{3}")                         | true
matches("aeb", "[a-z-[aeiou]]e")                     | false
matches("abab", "(ab)\\1")                           | true
split("a;;b", ";")                                   | ["a", "", "b"]
string join(["a", null, "b"], "、")                  | "a、b"
string(1.50)                                         | "1.5"
string([1, "a", {b: null}])                          | "[1, \\"a\\", {b: null}]"
string(@"P1DT2H")                                    | "P1DT2H"
number("1 000,5", " ", ",")                          | 1000.5
number("1,5", ",")                                   | null
is()                                                 | null
{date: 1, b: true}.date and b                        | null
min(3, 1, 2)                                         | 1
max(["a", "c", "b"])                                 | "c"
min(@"2021-01-01", @"2020-01-01")                    | @"2020-01-01"
sum([])                                              | null
sum(1, 2.5)                                          | 3.5
mean([1, 2, 6])                                      | 3
median([8, 2, 5, 3, 4])                              | 4
stddev([2, 4, 7, 5])                                 | 2.081665999466132735282297706979931
mode([6, 1, 9, 6, 1])                                | [1, 6]
product([2, 3, 4])                                   | 24
count([1, null])                                     | 2
all([true, null])                                    | null
any([true, null])                                    | true
sublist([4, 5, 6], 1, 2)                             | [4, 5]
sublist([4, 5, 6], -2, 1)                            | [5]
append([1], 2, 3)                                    | [1, 2, 3]
concatenate([1, 2], [3])                             | [1, 2, 3]
insert before([1, 3], 1, 2)                          | [2, 1, 3]
remove([1, 2, 3], -1)                                | [1, 2]
reverse([1, 2, 3])                                   | [3, 2, 1]
index of([1, 2, 3, 2], 2)                            | [2, 4]
union([1, 2], [2, 3])                                | [1, 2, 3]
distinct values([1, 2.0, 2, "2", true, 1])           | [1, 2, "2", true]
flatten([[1, 2], [[3]], 4])                          | [1, 2, 3, 4]
list contains([1, null], null)                       | true
list replace([2, 4, 7, 8], 3, 6)                     | [2, 4, 6, 8]
sort([3, 1, 2])                                      | [1, 2, 3]
sort(list: ["b", "a"], precedes: function(x, y) x < y) | ["a", "b"]
decimal(2.5, 0)                                      | 2
decimal(-0.125, 2)                                   | -0.12
floor(-1.5)                                          | -2
ceiling(-1.5)                                        | -1
round up(1.121, 2)                                   | 1.13
round half down(5.5, 0)                              | 5
round half up(1250, -2)                              | 1300
modulo(-10, 4)                                       | 2
abs(@"-P1Y")                                         | @"P1Y"
odd(-3)                                              | true
exp(0)                                               | 1
year of birth + 1                                    | null
day of year(@"2020-12-31")                           | 366
day of week(@"2021-08-16")                           | "Monday"
month of year(@"2021-08-16")                         | "August"
week of year(@"2005-01-01")                          | 53
week of year(date(-4, 1, 1))                         | week of year(date(1996, 1, 1))
now()                                                | @"2021-08-16T09:30:00Z"
today()                                              | @"2021-08-16"
is(@"10:00:00Z", @"10:00:00+00:00")                  | true
is(1, "1")                                           | false
date("2021-08-16").weekday                           | 1
@"2021-08-16T24:00:00"                               | @"2021-08-17T00:00:00"
date and time("2021-08-16T10:00:00@Asia/Shanghai").time offset | @"PT8H"
date and time(2021, 8, 16, 1, 2, 3)                  | @"2021-08-16T01:02:03"
@"2020-01-31" + @"P1M"                               | @"2020-02-29"
@"2021-03-28T01:30:00@Europe/Paris" + @"PT1H"        | @"2021-03-28T03:30:00@Europe/Paris"
@"23:00:00" + @"PT2H"                                | @"01:00:00"
@"-0001-01-01" - @"P1D"                              | @"-0002-12-31"
@"P1Y" / 2                                           | @"P6M"
@"PT3H" / @"PT1H"                                    | 3
years and months duration(@"2011-12-22", @"2013-08-24") | @"P1Y8M"
duration("PT36H").days                               | 1
before(1, [2..3])                                    | true
after([5..10], 5)                                    | false
meets([1..5], [5..10])                               | true
met by([5..10], [1..5))                              | false
overlaps([1..5], (5..8])                             | false
overlaps before([1..5], [3..8])                      | true
overlaps after([3..8], [1..5])                       | true
finishes(10, [1..10])                                | true
finished by([1..10], (5..10])                        | true
includes([1..10], (1..9))                            | true
during(1, (1..10])                                   | false
starts([1..5], [1..10])                              | true
started by([1..10], 1)                               | true
coincides([1..5], [1..5))                            | false
range("(1..3]").start included                       | false
get value({a: {b: 1}}, ["a", "b"])                   | 1
get entries({a: 1})                                  | [{key: "a", value: 1}]
context([{key: "a", value: 1}])                      | {a: 1}
context put({a: {b: 1}}, ["a", "c"], 2)              | {a: {b: 1, c: 2}}
context merge([{a: 1}, {a: 2}])                      | {a: 2}
not(null)                                            | null
{加一: function(x: number) x + 1, y: 加一(2)}.y         | 3
{f: function(x: string) x, y: f(2)}.y                | null
(function(a, b) a - b)(b: 1, a: 3)                   | 2
[{a: 1}, {a: 2}][a > 1].a                            | [2]
[1, 2, 3][item > 1][1]                               | 2
[1, 2, 3][-1]                                        | 3
for i in 3..1 return i                               | [3, 2, 1]
for x in [1, 2], y in [x, 10] return x * y           | [1, 10, 4, 20]
for i in 1..5 return if i = 1 then 1 else partial[-1] * i | [1, 2, 6, 24, 120]
some x in [1, null] satisfies x > 5                  | null
every x in [] satisfies x > 5                        | true
if null then 1 else 2                                | 2
1 in ([1..2], 5)                                     | true
"x" instance of string                               | true
null instance of Any                                 | false
[1] instance of list<string>                         | false
{a: 1} instance of context<a: number, b: string>     | false
sum instance of function<list>->number               | true
0.1 + 0.2 = 0.3                                      | true
1 / 3 * 3                                            | 0.9999999999999999999999999999999999
2 ** -1                                              | 0.5
"a" + "b"                                            | "ab"
1 + "b"                                              | null
"""


def _pairs() -> list[tuple[str, str]]:
    return [
        (left.strip(), right.strip())
        for left, _, right in (line.rpartition(" | ") for line in SAME.strip().splitlines())
    ]


@pytest.mark.parametrize(("text", "expected"), _pairs())
def test_value(text: str, expected: str) -> None:
    found = evaluate(text.replace("\\\\", "\\"), clock=CLOCK)
    assert identical(found.value, evaluate(expected.replace("\\\\", "\\")).value), found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / 0", "rules.bad_number"),
        ("unknown + 1", "rules.unknown_name"),
        ("substring(1, 1)", "rules.bad_argument"),
        ('substring(strin: "a", start position: 1)', "rules.bad_arguments"),
        ("abs(1, 2)", "rules.bad_arguments"),
        ("nothing here()", "rules.not_a_function"),
        ('date("2021-02-29")', "rules.bad_moment"),
        ('matches("a", "(")', "rules.bad_pattern"),
        ('replace("a", "a*", "b")', "rules.bad_pattern"),
        ("{a: 1, a: 2}", "rules.repeated_key"),
        ("{a: 1}.b", "rules.unknown_member"),
        ('for i in "a".."b" return i', "rules.not_iterable"),
        ('1 < "a"', "rules.bad_operands"),
        ("1 instance of nothing", "rules.unknown_type"),
        ("function() external {java: 1}", "rules.external"),
    ],
)
def test_errors_make_null_and_say_why(text: str, code: str) -> None:
    found = evaluate(text)
    assert found.value is None
    assert code in [error.code for error in found.errors]


def test_the_record_comes_before_the_functions_of_the_same_name() -> None:
    assert evaluate("count + 1", {"count": 2}).value == 3
    assert compile_expression("date > 1", ["date"])({"date": 2}) is True
    assert compile_expression("not(a)")({"a": True, "not": 1}) is None


def test_python_values_come_in_and_dates_go_out() -> None:
    record = {
        "a": 0.1,
        "t": datetime(2021, 8, 16, 1, tzinfo=UTC),
        "d": date(2021, 8, 16),
        "l": (1, 2),
        "o": object(),
    }
    assert evaluate("a + 0.2 = 0.3", record).value is True
    assert evaluate('t = @"2021-08-16T09:00:00@Asia/Shanghai"', record).value is True
    assert evaluate('d + @"P1D"', record).value == date(2021, 8, 17)
    assert evaluate("l[2]", record).value == 2
    assert evaluate("o", record).errors[0].code == "rules.bad_data"
