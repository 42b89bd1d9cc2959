"""What a Chinese news text states in numbers, and what it says of its own numbers.

`read_article(text, day)` reads a page of any city, in time linear in its length, and needs neither ledger nor database:

1. `canonical`: one spelling for every sign, no character moved, so that all offsets are those of the given text;
2. `layout` and `breaks`: lines become paragraphs and sentences; sentences that captions or columns cut in two are joined, and the cut reported;
3. `repeats`: paragraphs, sentences and words printed twice;
4. `claims`: every stated number as a `Claim` (value, interval implied by rounding and 余/多/约/近/超, unit, what it counts, period, scope), with
   `numerals`, `units` (`units.tsv`), `periods`, `tokens`, and words as data in `vocabulary.toml`;
5. `relations`: 其中, 占, 合计, 分别, 同比, 户均, 率, … judged by interval arithmetic: `holds` is False only when no values could make it true;
6. `groups`: counted sets with their conditions and sums, for the proof room's question whether the figures can all be true at once.

    >>> article = read_article("全市签约项目90个,其中工业项目56个,占总数的62%。")
    >>> [(c.what, c.phrase) for c in article.claims]
    [('签约项目', '90个'), ('工业项目', '56个'), ('工业项目占总数', '62%')]
    >>> [(r.kind, r.holds) for r in article.relations]
    [('part', True), ('share', True)]

A text of more than `MAX_CHARACTERS` raises `TextTooLong` (code `text.too_long`).
"""

from .article import Article, read_article
from .breaks import Break
from .canonical import MAX_CHARACTERS, TextTooLong
from .claims import Claim
from .groups import Condition, Group
from .periods import Period
from .relations import Relation
from .repeats import Repeat

__all__ = [
    "MAX_CHARACTERS", "Article", "Break", "Claim", "Condition", "Group", "Period", "Relation", "Repeat", "TextTooLong", "read_article",
]  # fmt: skip
