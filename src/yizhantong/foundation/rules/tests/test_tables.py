"""Decision tables: what each hit policy gives, and what is told when a table has no answer."""

from decimal import Decimal

import pytest

from yizhantong.foundation.rules import CompiledTable, DecisionTable, Input, Output, Row, TableError


def _table(policy: str, *rows: tuple[str, str], **output: str) -> DecisionTable:
    return DecisionTable(
        (Input("n"),), (Output("档", **output),), tuple(Row((test,), (result,)) for test, result in rows), policy
    )


LADDER = (("> 1", "10"), ("> 2", "20"), ("> 3", "5"))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("F", 10),
        ("FIRST", 10),
        ("R", [10, 20, 5]),
        ("RULE ORDER", [10, 20, 5]),
        ("C", [10, 20, 5]),
        ("C+", 35),
        ("C<", 5),
        ("C>", 20),
        ("C#", 3),
        ("U", None),
        ("A", None),
    ],
)
def test_hit_policies(policy: str, expected: object) -> None:
    assert _table(policy, *LADDER).decide({"n": 4}).value == expected


def test_priority_and_output_order_follow_the_allowed_values() -> None:
    rows = (("> 0", '"低"'), ("> 5", '"高"'))
    assert _table("P", *rows, values='"高", "低"').decide({"n": 9}).value == "高"
    assert _table("P", *rows, values='"高", "低"').decide({"n": 3}).value == "低"
    assert _table("O", *rows, values='"高", "低"').decide({"n": 9}).value == ["高", "低"]


def test_any_needs_equal_results() -> None:
    assert _table("A", ("> 0", "1"), ("> 5", "1.0")).decide({"n": 9}).value == 1


def test_several_outputs_give_a_context_and_defaults_fill_in() -> None:
    table = DecisionTable(
        inputs=(Input("行业", values='"A", "B"'), Input("年限")),
        outputs=(Output("档", default='"无"'), Output("额")),
        rules=(Row(('"A"', "[1..3)"), ('"一"', "年限 * 100")), Row(("-", ">= 3"), ('"二"', "500"))),
        names=("年限",),
    )
    compiled = CompiledTable(table)
    assert compiled.decide({"行业": "A", "年限": 2}).value == {"档": "一", "额": Decimal(200)}
    assert compiled.decide({"行业": "B", "年限": 2}).value == {"档": "无", "额": None}
    refused = compiled.decide({"行业": "C", "年限": 2})
    assert (refused.value, refused.errors[0].code) == (None, "rules.input_not_allowed")


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (_table("U", *LADDER), "rules.several_rules"),
        (_table("A", *LADDER), "rules.rules_differ"),
        (_table("F", ("> 100", "1")), "rules.no_rule"),
        (_table("F", ("> 1", "1"), values="2, 3"), "rules.output_not_allowed"),
    ],
)
def test_no_answer_is_told_why(table: DecisionTable, code: str) -> None:
    found = table.decide({"n": 4})
    assert (found.value, found.errors[-1].code) == (None, code)


def test_an_unknown_input_meets_only_cells_that_do_not_ask() -> None:
    assert _table("F", ("> 1", "1"), ("-", "2")).decide({"n": None}).value == 2
    assert _table("F", ("not(> 1)", "1"), ("null", "2")).decide({"n": None}).value == 2


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (_table("X", *LADDER), "rules.bad_policy"),
        (_table("P", *LADDER), "rules.bad_policy"),
        (_table("U", ("> ", "1")), "rules.unfinished"),
        (DecisionTable((Input("n"),), (Output(),), (Row(("1", "2"), ("3",)),)), "rules.bad_row"),
        (DecisionTable((Input("n"),), (Output("a"), Output("b")), (), "C+"), "rules.bad_policy"),
    ],
)
def test_tables_that_are_not_well_made_are_refused(table: DecisionTable, code: str) -> None:
    with pytest.raises(TableError) as caught:
        CompiledTable(table)
    assert caught.value.code == code


def test_an_error_in_a_cell_tells_the_rule() -> None:
    with pytest.raises(TableError, match="第 2 条规则"):
        CompiledTable(_table("U", ("1", "1"), ("2", "1 +")))
