"""Counts without a numeral: lists of three or more things (包括A、B、C在内, 水温、盐度等参数), whose number is at least, or exactly, their length.

A list is taken as a count only when its members are of one sort, which shows in a common last character (工作站), a common first one (无…、无…),
or a noun behind 等; other lists say nothing about numbers.
"""

import re
from decimal import Decimal

from .shape import Draft, plain_draft
from .vocabulary import words

_MEMBER = r"[^，。；：、！？\d（）“”]{1,18}"
_LIST = re.compile(rf"{_MEMBER}(?:、{_MEMBER}){{1,30}}(?:[和及与]{_MEMBER})?")
_LEAD = re.compile(
    r"^.*(?:包括|包含|涵盖|设有|设置了?|围绕|推出|按照|为|的|将|对|有|把|在|和|等|以及|采集|同时|重点|农村(?=农村)|每户)"
)
_TAIL = re.compile(r"(等|在内)(.{0,8})")


_INCLUDING = re.compile(r"包括([^，。；：！？]{2,60}?)(?:等)?在内")


def _including(sentence: str) -> list[Draft]:
    """包括A、B、C在内: at least as many as are named."""
    found = []
    for match in _INCLUDING.finditer(sentence):
        members = re.split(r"[、和及与]", match[1])
        draft = plain_draft(match.start(), match.end(), Decimal(len(members)), "个", "list", match[1], "at_least")
        found.append(draft)
    return found


def implicit_claims(sentence: str, drafts: list[Draft]) -> list[Draft]:
    """Drafts of kind "list" for the lists of a sentence that no printed number lies in."""
    busy = [(d.start, d.end) for d in drafts]
    found = _including(sentence)
    busy += [(d.start, d.end) for d in found]
    for match in _LIST.finditer(sentence):
        if match.group().count("、") < 2 or any(a < match.end() and match.start() < b for a, b in busy):
            continue
        draft = _read(sentence, match)
        if draft is not None:
            found.append(draft)
    return found


def _read(sentence: str, match: re.Match[str]) -> Draft | None:
    text = match.group()
    members = text.split("、")
    tail = _TAIL.search(members[-1])
    if tail:
        members[-1] = members[-1][: tail.start()]
    lead = _LEAD.match(members[0])
    offset = lead.end() if lead and lead.end() < len(members[0]) else 0
    first = {m[:1] for m in members[1:]}
    if len(first) == 1 and len(members) > 2:
        offset = max(offset, members[0].find(next(iter(first))))
    members[0] = members[0][offset:]
    if any(not m for m in members) or len(members) < 3:
        return None
    open_ended = tail is not None or sentence[match.end() : match.end() + 1] == "等"
    shared = _shared_end(members)
    if shared:
        members[-1] = members[-1][: members[-1].rindex(shared) + len(shared)]
    elif not _one_sort(members, tail):
        return None
    if sum(map(len, members)) < 3 * len(members):
        return None
    start = match.start() + offset
    end = start + len("、".join(members)) + (len(tail[1]) if tail is not None else 0)
    qualifier = "at_least" if open_ended else ""
    return plain_draft(start, end, Decimal(len(members)), "项", "list", sentence[start:end], qualifier)


def _shared_end(members: list[str]) -> str:
    """The end that all members have in common (工作站, 保险), the last one perhaps in front of other words."""
    last = members[0][-1:]
    if not all(m.endswith(last) for m in members[:-1]) or last not in members[-1]:
        return ""
    pair = members[0][-2:]
    if all(m.endswith(pair) for m in members[:-1]) and pair in members[-1]:
        return pair
    return last if members[-1].endswith(last) else ""


def _one_sort(members: list[str], tail: re.Match[str] | None) -> bool:
    if len({m[0] for m in members}) == 1:
        return True
    return tail is not None and tail[1] == "等" and tail[2][:2] in words("list_heads")
