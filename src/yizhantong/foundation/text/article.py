"""Reading an article as a whole: `read_article`."""

from dataclasses import dataclass
from datetime import date

from .breaks import Break, join_lines, lonely_signs
from .canonical import canonical
from .claims import Claim, Reading, claims_of_sentence, mark_repeated
from .groups import Group, find_groups
from .layout import Paragraph, Sentence, read_lines
from .near import find_near
from .relations import Relation, changed_numbers, find_relations
from .repeats import Repeat, find_repeats


@dataclass(frozen=True, slots=True)
class Article:
    """What an article says. Indices in relations and groups point into `claims`; all offsets are those of the given text."""

    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...]
    groups: tuple[Group, ...]
    repeats: tuple[Repeat, ...]
    breaks: tuple[Break, ...]


def read_article(text: str, day: date | None = None) -> Article:
    """Read `text`; `day` is the day of the article, that 今年 and 截至目前 are measured from. Raises `TextTooLong`."""
    plain = canonical(text)
    lines = read_lines(plain, text)
    paragraphs, breaks = join_lines(lines)
    repeats, repeated = find_repeats(paragraphs)
    near, changed = find_near(paragraphs, repeated)
    claims: list[Claim] = []
    for paragraph in paragraphs:
        if paragraph.kind == "byline":
            continue
        reading = Reading(day)
        for sentence in paragraph.sentences:
            claims.extend(claims_of_sentence(text, paragraph, sentence, reading, len(claims)))
    claims = mark_repeated(claims, repeated)
    relations, passages, whole_of = find_relations(claims, paragraphs)
    relations += changed_numbers(changed, claims, relations)
    groups = find_groups(claims, passages, whole_of)
    return Article(
        tuple(paragraphs),
        tuple(s for p in paragraphs for s in p.sentences),
        tuple(claims),
        tuple(relations),
        tuple(groups),
        tuple(sorted([*repeats, *near], key=lambda r: r.start)),
        tuple(sorted([*breaks, *lonely_signs(paragraphs)], key=lambda b: b.start)),
    )
