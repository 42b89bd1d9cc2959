"""Pages of invented cities: as written they hold no error; each planted error, one at a time, is found.

Each file holds articles (`@@ name`), each followed by its errors: `## kind: old => new`, or `## kind: +text` for a paragraph added at the end.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from .. import read_article

FOLDER = Path(__file__).parent / "planted"


@dataclass(frozen=True)
class Page:
    name: str
    text: str
    plants: tuple[tuple[str, str], ...]


def pages() -> list[Page]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text("utf-8").split("@@ ")[1:]:
            name, _, rest = block.partition("\n")
            text, *plants = rest.strip().split("\n## ")
            text = text.strip()
            found.append(Page(name, text, tuple((p.strip(), _spoiled(text, p.strip())) for p in plants)))
    return found


def _spoiled(text: str, plant: str) -> str:
    change = plant.partition(": ")[2]
    if change.startswith("+"):
        return f"{text}\n\n{change[1:]}"
    old, _, new = change.partition(" => ")
    assert old in text, plant
    return text.replace(old, new, 1)


def faults(text: str) -> set[str]:
    article = read_article(text)
    found = {r.sentence for r in article.relations if r.holds is False}
    return found | {r.sentence for r in article.repeats} | {b.sentence for b in article.breaks}


PAGES = pages()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_correct_page_raises_no_alarm(page: Page) -> None:
    assert faults(page.text) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_each_planted_error_is_found(page: Page) -> None:
    assert [plant for plant, text in page.plants if not faults(text)] == []
