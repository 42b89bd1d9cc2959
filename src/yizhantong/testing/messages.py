"""The messages of the pages and their English: found in the sources, kept in one catalogue, compiled.

Message ids are Chinese. One catalogue serves all rooms (``web/locale``), because zones share most of their words.
``python -m yizhantong.testing.messages`` takes up new messages, drops what is gone and compiles; it says which messages
still lack their English. Babel is all it needs; a machine that only runs the platform needs nothing, as the compiled catalogue
is kept beside the sources.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCES = Path(__file__).parent.parent
CATALOGUE = SOURCES / "web" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
LEFT_OUT = {"tests", "testing", "migrations", "vendor", "__pycache__", "cities"}
HEADER = "# English of the platform's pages; the message ids are the Chinese texts."

Id = str | tuple[str, ...]
Key = tuple[str | None, Id]
"""Context (``unit`` for units of measure) and message id; of a plural, both of its forms."""


def found() -> dict[Key, list[str]]:
    """Return every message of sources, templates and declarations, with the files in which it stands."""
    messages: dict[Key, list[str]] = {}
    for context, message, where in (*_in_sources(), *_in_declarations()):
        places = messages.setdefault((context, message), [])
        if where not in places:
            places.append(where)
    return messages


def _in_sources() -> Iterator[tuple[str | None, Id, str]]:
    from django.utils.translation.template import templatize

    for path in sorted(SOURCES.rglob("*")):
        if path.suffix not in (".py", ".html") or LEFT_OUT & set(path.relative_to(SOURCES).parts):
            continue
        text = path.read_text(encoding="utf-8")
        source = _as_python(templatize(text, origin=str(path))) if path.suffix == ".html" else text
        handle = io.BytesIO(source.encode())
        for _line, message, _comments, context in extract(
            "python", handle, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield context, message, path.relative_to(SOURCES).as_posix()


def _as_python(templatized: str) -> str:
    """Return a template's calls of gettext without the template's indentation, which Python would read as blocks."""
    return "\n".join(line.lstrip() for line in templatized.splitlines())


def _in_declarations() -> Iterator[tuple[str | None, Id, str]]:
    """Yield what is shown although no source marks it: names that rules use too, units, permissions and more."""
    from yizhantong.kernel import figures, ledger
    from yizhantong.kernel.access.policy import PERMISSIONS
    from yizhantong.project.accounts import ROLES

    for declared in ledger.ledgers():
        for item in declared.all_fields:
            yield from ((None, text, declared.code) for text in (item.name, str(item.help)) if text)
            if item.unit:
                yield "unit", item.unit, declared.code
    for figure in figures.figures():
        if figure.unit:
            yield "unit", figure.unit, f"{figure.zone}.figures"
    yield from ((None, label, "kernel/access/policy.py") for label in PERMISSIONS.values())
    yield from ((None, word, "kernel/parties/vocabulary.py") for word in _words_of_rules())
    yield from ((None, summary, "web/api") for summary in _operations())
    yield from ((None, name, "project/accounts.py") for name, _permissions in ROLES.values())


def _words_of_rules() -> Iterator[str]:
    """Yield what rules are told in: names and words of the vocabulary, verdicts of conditions and of whole rule sets."""
    from yizhantong.foundation.rules.explain import Verdict
    from yizhantong.kernel.items.matching.rules import LABELS
    from yizhantong.kernel.parties.vocabulary import TERMS

    for term in TERMS:
        yield from (text for text in (term.name, *term.words.values(), term.unit) if not text.isascii())
    yield from (*LABELS.values(), *(verdict.label for verdict in Verdict), "是", "否")


def _operations() -> Iterator[str]:
    """Yield what the open API's page calls each operation."""
    from yizhantong.web.api import api

    for methods in api.get_openapi_schema()["paths"].values():
        yield from (operation["summary"] for operation in methods.values())


def kept() -> Catalog:
    """Return the catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as handle:
        return read_po(handle, locale="en")


def english_of(catalogue: Catalog, key: Key) -> list[str]:
    """Return the English of a message: one form, or two for a plural; empty texts where it is not known."""
    context, message = key
    entry = catalogue.get(message if isinstance(message, str) else message[0], context)
    if entry is None:
        return [""] if isinstance(message, str) else ["", ""]
    return [entry.string] if isinstance(entry.string, str) else list(entry.string or ("", ""))


def renewed(messages: dict[Key, list[str]], old: Catalog) -> Catalog:
    """Return a catalogue of exactly these messages with the English that is known."""
    fresh = Catalog(locale="en", header_comment=HEADER, project="yizhantong", fuzzy=False)
    fresh.creation_date = fresh.revision_date = old.creation_date
    for key in sorted(messages, key=lambda item: (sorted(messages[item])[0], item[0] or "", str(item[1]))):
        context, message = key
        english = english_of(old, key)
        places: list[Any] = [(place, None) for place in sorted(messages[key])[:3]]
        fresh.add(message, english[0] if isinstance(message, str) else english, locations=places, context=context)
    return fresh


def missing(messages: dict[Key, list[str]], catalogue: Catalog) -> list[str]:
    """Return the messages without English (a plural lacks it when one of its forms does)."""
    return [str(key[1]) for key in messages if not all(english_of(catalogue, key))]


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    """Renew the catalogue and compile it; 1 when a message lacks its English."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yizhantong.project.settings")
    django.setup()
    messages = found()
    catalogue = renewed(messages, kept())
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as handle:
        write_po(handle, catalogue, width=120, sort_output=False)
    CATALOGUE.with_suffix(".mo").write_bytes(compiled(catalogue))
    lacking = missing(messages, catalogue)
    for message in lacking:
        print(message)
    print(f"{len(messages)} messages, {len(lacking)} without English", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
