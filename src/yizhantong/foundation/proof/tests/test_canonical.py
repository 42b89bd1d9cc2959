"""The canonical octets: injective, typed, and the same from Python and from DuckDB."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yizhantong.foundation.proof import canonical
from yizhantong.foundation.proof.canonical import CanonicalError, Field

# Not by an import statement: foundation must not need a database, only this test tries the SQL in one.
duckdb = pytest.importorskip("duckdb", reason="the SQL twin of the canonical octets needs DuckDB to be tried")

FIELDS = [
    Field("名称", "text"),
    Field("count", "integer"),
    Field("is_open", "boolean"),
    Field("occurred_on", "date"),
    Field("recorded_at", "instant"),
    Field('odd "name"', "decimal", 3),
]
COLUMN_TYPES = ["VARCHAR", "HUGEINT", "BOOLEAN", "DATE", "TIMESTAMPTZ", "DECIMAL(38, 3)"]
VALUES = st.tuples(
    st.none()
    | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.sampled_from(["", "锦州😀", "'\"\\\n\t\r"]),
    st.none() | st.integers(-(10**20), 10**20),
    st.none() | st.booleans(),
    st.none() | st.dates(),
    st.none()
    | st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)).map(lambda t: t.replace(tzinfo=UTC)),
    st.none() | st.decimals(-(10**20), 10**20, places=3),
)


@pytest.fixture(scope="module")
def database():
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    columns = ", ".join(
        f'"{field.name.replace(chr(34), chr(34) * 2)}" {kind}' for field, kind in zip(FIELDS, COLUMN_TYPES, strict=True)
    )
    connection.execute(f"CREATE TABLE fact (no INTEGER, {columns})")
    yield connection
    connection.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=8))
def test_duckdb_gives_the_same_octets_and_leaves(database, rows) -> None:
    database.execute("DELETE FROM fact")
    database.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
    octets, leaf = canonical.duckdb_expression(FIELDS), canonical.duckdb_leaf_hash(FIELDS)
    answers = database.execute(f"SELECT {octets}, {leaf} FROM fact ORDER BY no").fetchall()
    assert answers == [(canonical.record_bytes(FIELDS, row), canonical.leaf_hash(FIELDS, row)) for row in rows]


@settings(max_examples=200, deadline=None)
@given(VALUES, VALUES)
def test_different_records_have_different_octets(one, other) -> None:
    assert (canonical.record_bytes(FIELDS, one) == canonical.record_bytes(FIELDS, other)) == (one == other)


def test_the_form_is_the_documented_one() -> None:
    fields = [Field("甲", "text"), Field("n", "decimal", 2)]
    schema = hashlib.sha256("20:yizhantong record v1,3:甲,4:text,1:n,9:decimal/2,".encode()).digest()
    assert canonical.record_bytes(fields, ["锦州", Decimal("-0.5")]) == schema + "6:锦州,5:-0.50,".encode()
    assert canonical.record_bytes(fields, ["", None]) == schema + b"0:,-,"
    assert canonical.leaf_hash(fields, ["", None]) == hashlib.sha256(b"\x00" + schema + b"0:,-,").digest()


def test_names_kinds_and_order_are_part_of_the_octets() -> None:
    schemas = [
        [Field("a", "integer"), Field("b", "integer")],
        [Field("b", "integer"), Field("a", "integer")],
        [Field("a", "integer"), Field("b", "decimal", 0)],
        [Field("a", "integer"), Field("b", "decimal", 1)],
        [Field("a", "integer"), Field("b", "text")],
    ]
    assert len({canonical.schema_digest(fields) for fields in schemas}) == len(schemas)


def test_an_instant_is_the_same_in_every_zone_and_minus_zero_is_zero() -> None:
    field = [Field("t", "instant")]
    here = datetime(2021, 8, 16, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=8)))
    assert canonical.record_bytes(field, [here]) == canonical.record_bytes(field, [here.astimezone(UTC)])
    number = [Field("d", "decimal", 2)]
    assert canonical.record_bytes(number, [Decimal("-0.00")]) == canonical.record_bytes(number, [Decimal(0)])


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (Field("f", "text"), "\ud800", "proof.value_text"),
        (Field("f", "text"), 1, "proof.value_type"),
        (Field("f", "integer"), True, "proof.value_type"),
        (Field("f", "integer"), 2**127, "proof.value_range"),
        (Field("f", "boolean"), 1, "proof.value_type"),
        (Field("f", "date"), datetime(2021, 8, 16, tzinfo=UTC), "proof.value_type"),
        (Field("f", "instant"), date(2021, 8, 16), "proof.value_type"),
        (Field("f", "instant"), datetime(2021, 8, 16), "proof.value_zone"),
        (Field("f", "decimal", 2), Decimal("0.001"), "proof.value_scale"),
        (Field("f", "decimal", 2), Decimal(10) ** 37, "proof.value_scale"),
        (Field("f", "decimal", 2), Decimal("NaN"), "proof.value_range"),
        (Field("f", "decimal", 2), 1, "proof.value_type"),
    ],
)
def test_what_has_no_form_is_refused(field: Field, value, code: str) -> None:
    with pytest.raises(CanonicalError) as refused:
        canonical.record_bytes([field], [value])
    assert (refused.value.code, refused.value.field) == (code, "f")


def test_wrong_schemas_are_refused() -> None:
    for make, code in [
        (lambda: Field("f", "float"), "proof.kind_unknown"),
        (lambda: Field("f", "text", 2), "proof.scale"),
        (lambda: Field("f", "decimal", 38), "proof.scale"),
        (lambda: canonical.schema_digest([Field("f", "text")] * 2), "proof.field_twice"),
        (lambda: canonical.record_bytes([Field("f", "text")], []), "proof.value_count"),
    ]:
        with pytest.raises(CanonicalError) as refused:
            make()
        assert refused.value.code == code


def test_two_hundred_fields_do_not_nest_too_deep(database) -> None:
    fields = [Field(f"f{i}", "integer") for i in range(200)]
    sql = canonical.duckdb_leaf_hash(fields, {field.name: str(i) for i, field in enumerate(fields)})
    assert database.execute(f"SELECT {sql}").fetchone()[0] == canonical.leaf_hash(fields, list(range(200)))
