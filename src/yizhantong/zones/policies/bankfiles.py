"""Files to the bank and back, as :mod:`yizhantong.kernel.files.bankfiles` makes and reads them, refused in this zone's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from yizhantong.kernel.files import bankfiles
from yizhantong.kernel.files.bankfiles import HEADINGS, RETURN_HEADINGS, Back, BankFileError, Out, digest
from yizhantong.zones.policies.errors import PolicyError


def write_csv(batch: str, payments: Sequence[Out]) -> bytes:
    """Return the file for the bank; ``policies.formula`` for a name that a spreadsheet would compute."""
    with _refusing():
        return bankfiles.write_csv(batch, payments)


def write_xlsx(batch: str, payments: Sequence[Out]) -> bytes:
    """Return the same as a workbook."""
    with _refusing():
        return bankfiles.write_xlsx(batch, payments)


def read_return(content: bytes, file_name: str, batch: str) -> list[Back]:
    """Return what a return file says; ``policies.return_file`` names line and cell."""
    with _refusing():
        return bankfiles.read_return(content, file_name, batch)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BankFileError as error:
        raise PolicyError(error.code.replace("files.", "policies.", 1), error.sentence, line=error.line) from error


__all__ = ["HEADINGS", "RETURN_HEADINGS", "Back", "Out", "digest", "read_return", "write_csv", "write_xlsx"]
