"""Files of banks: line by line, idempotent, conflicts are errors, corrections in red letters."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from yizhantong.zones.finance import bankfiles as pure
from yizhantong.zones.finance.actions.bankfiles import import_file
from yizhantong.zones.finance.models import BankFile, Drawdown, Engagement, Listing
from yizhantong.zones.finance.tests.conftest import WAN, Market

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def csv_of(market: Market, one: Engagement, *rows: tuple[str, str, str]) -> bytes:
    """Return a file with rows of kind, reference and amount in 元, for the credit of a dealing."""
    lines = [",".join(pure.HEADINGS)]
    lines += [f"{kind},{ref},{one.credit_number},{amount},{market.city.day},录入有误" for kind, ref, amount in rows]
    return "\n".join(lines).encode("gb18030")


def counts(made: BankFile) -> tuple[int, int, int, int]:
    """Return recorded, unchanged, reversed, failed."""
    return made.recorded, made.unchanged, made.reversed, made.failed


def facts() -> int:
    """Return the number of facts, red letters included."""
    return Drawdown.objects.count()


def test_a_file_is_recorded_once_however_often_it_comes(market: Market) -> None:
    one = market.brought("signed", wan=300)
    content = csv_of(market, one, ("放款", "F-1", "1000000.00"), ("放款", "F-2", "500000"))
    by = {"bank": market.banks[0], "account": market.officers[0]}
    assert counts(import_file(content, "八月.csv", **by)) == (2, 0, 0, 0)
    before = facts()
    again = import_file(content, "八月.csv", **by)
    assert (counts(again), facts()) == ((0, 2, 0, 0), before)
    one.refresh_from_db()
    assert (one.drawn_fen, one.state) == (150 * WAN, "drawn")
    assert Drawdown.objects.filter(reference="F-1").get().source.startswith("import:finance/")


def test_another_amount_under_the_same_reference_is_an_error(market: Market) -> None:
    one = market.brought("signed", wan=300)
    by = {"bank": market.banks[0], "account": market.officers[0]}
    import_file(csv_of(market, one, ("放款", "C-1", "1000000")), "a.csv", **by)
    made = import_file(csv_of(market, one, ("放款", "C-1", "1000000.01"), ("放款", "C-2", "1")), "b.csv", **by)
    assert counts(made) == (1, 0, 0, 1)
    line = made.lines.get(result="failed")
    assert (line.code, line.line) == ("finance.conflict", 2)
    assert "1000000.00 元" in line.text


def test_a_correction_is_red_letters_and_a_right_entry_and_repeats_without_effect(market: Market) -> None:
    one = market.brought("signed", wan=300)
    by = {"bank": market.banks[0], "account": market.officers[0]}
    content = csv_of(
        market, one, ("放款", "K-1", "3000000"), ("冲正", "K-1", "3000000"), ("放款", "K-1", "300000"), ("放款", "K-2", "100000")
    )  # fmt: skip
    assert counts(import_file(content, "k.csv", **by)) == (3, 0, 1, 0)
    before = facts()
    assert counts(import_file(content, "k.csv", **by)) == (0, 4, 0, 0)
    assert facts() == before
    one.refresh_from_db()
    assert (one.drawn_fen, Listing.objects.get(pk=one.listing_id).drawn_fen) == (40 * WAN, 40 * WAN)


def test_each_wrong_line_is_told_why_and_hinders_no_other(market: Market) -> None:
    one = market.brought("signed", wan=300)
    rows = [
        ",".join(pure.HEADINGS), f"放款,W-1,{one.credit_number},100000,{market.city.day},",
        f"放款,W-2,SX-none,100000,{market.city.day},", f"放款,W-3,{one.credit_number},-5,{market.city.day},",
        f"放款,W-4,{one.credit_number},100000,昨天,", f"退款,W-5,{one.credit_number},100000,{market.city.day},",
        f"放款,W-6,{one.credit_number},999999999,{market.city.day},", f"冲正,W-7,{one.credit_number},1,{market.city.day},",
        f"放款,,{one.credit_number},1,{market.city.day},", f"放款,W-9,{one.credit_number},1,2099-01-01,",
    ]  # fmt: skip
    made = import_file("\n".join(rows).encode(), "w.csv", bank=market.banks[0], account=market.officers[0])
    assert counts(made) == (1, 0, 0, 8)
    codes = list(made.lines.order_by("line").values_list("code", flat=True))
    assert codes == [
        "", "finance.no_credit", "finance.unreadable", "finance.unreadable", "finance.unreadable",
        "finance.drawn_above_contract", "finance.no_drawdown", "finance.unreadable", "ledger.future",
    ]  # fmt: skip


def test_a_workbook_says_the_same(market: Market) -> None:
    one = market.brought("signed", wan=300)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(pure.HEADINGS)
    sheet.append(["放款", "X-1", one.credit_number, 1000000, market.city.day, ""])
    saved = io.BytesIO()
    book.save(saved)
    made = import_file(saved.getvalue(), "x.xlsx", bank=market.banks[0], account=market.officers[0])
    assert counts(made) == (1, 0, 0, 0), [line.text for line in made.lines.all()]


def test_a_bank_reports_only_its_own(market: Market, refused: Refused) -> None:
    one = market.brought("signed", wan=300)
    content = csv_of(market, one, ("放款", "N-1", "100000"))
    assert refused(import_file, content, "n.csv", bank=market.banks[0], account=market.officers[1]) == "access.refused"
    assert refused(import_file, content, "n.csv", bank=market.banks[0], account=market.asker) == "access.refused"
    made = import_file(content, "n.csv", bank=market.banks[1], account=market.officers[1])
    assert made.lines.get().code == "finance.no_credit"


@pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3", b"PK\x03\x04broken", "凭证号,金额\n".encode()])
def test_what_is_no_such_file_is_refused_as_a_whole(market: Market, refused: Refused, content: bytes) -> None:
    by = {"bank": market.banks[0], "account": market.officers[0]}
    assert refused(import_file, content, "x.csv", **by) == "finance.bank_file"
    assert not BankFile.objects.exists()
