"""The English of the pages: nothing without it, and the compiled catalogue is that of the sources."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from babel.messages.extract import extract
from django.utils import translation

from yizhantong.testing import messages
from yizhantong.web.units import scale_of


def test_every_message_has_its_english() -> None:
    found = messages.found()
    assert messages.missing(found, messages.kept()) == [], "run python -m yizhantong.testing.messages"


def test_indentation_of_a_template_is_not_read_as_that_of_python() -> None:
    from django.utils.translation.template import templatize

    text = '<ul>\n        <li>{% trans "甲" %}</li>\n      <li>{% trans "乙" %}</li>\n</ul>'
    calls = messages._as_python(templatize(text))
    found = extract("python", io.BytesIO(calls.encode()), keywords=messages.KEYWORDS)
    assert [message for _line, message, *_rest in found] == ["甲", "乙"]


def test_compiled_catalogue_is_that_of_the_source() -> None:
    assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == messages.compiled(messages.kept())


def test_placeholders_of_a_message_stand_in_its_english() -> None:
    import re

    for entry in messages.kept():
        if not entry.id:
            continue
        own, english = ((item,) if isinstance(item, str) else item for item in (entry.id, entry.string))
        wanted = {name for text in own for name in re.findall(r"%\(\w+\)s|\{\w+\}", text)}
        for text in english:
            assert set(re.findall(r"%\(\w+\)s|\{\w+\}", text)) == wanted, entry.id


@pytest.mark.parametrize(
    ("text", "unit", "english"),
    [
        ("359.04", "亿元", "35.904 billion yuan"), ("3.99", "亿元", "399 million yuan"), ("0.64", "亿元", "64 million yuan"),
        ("8640.00", "万元", "86.4 million yuan"), ("4.1", "万元", "41 thousand yuan"), ("20", "元", "20 yuan"),
        ("13.35", "万吨", "133,500 tonnes"), ("2.32", "万个", "23,200"), ("90", "个", "90"), ("62", "%", "62%"),
        ("—", "亿元", "—"), ("-0.5", "亿元", "-50 million yuan"), ("0.00", "亿元", "0 yuan"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_each_language_counts(text: str, unit: str, english: str) -> None:
    size = None if text == "—" else Decimal(text)
    with translation.override("en"):
        assert scale_of(unit, size).said(text) == english
    with translation.override("zh-hans"):
        assert scale_of(unit, size).said(text) == f"{text}{unit}" if text != "—" else text
