"""Classes of talents by rule: a year's rules as data, and which class a person reaches with every reason. Pure.

A class is reached by any one of its rules, FEEL over the form, the employer's profile and the person's age; the highest class
whose rule is true is the one reached. A rule of which a fact is missing says "not known", never "no".

>>> rules = read({"valid_years": 5, "classes": [{"category": "E", "any": [{"code": "master", "text": "硕士", "rule": '学位 = "硕士"'}]}]})
>>> judge(rules, {"学位": "硕士"}).reached, judge(rules, {}).reasons[0]["verdict"]
('E', 'unknown')
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from yizhantong.foundation.rules import FeelError
from yizhantong.zones.talent.errors import TalentError
from yizhantong.zones.talent.reasons import MET, explainer, said

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Text = Annotated[str, Field(min_length=1, max_length=120)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ClassRule(_Part):
    """One way into a class: its text for people, its FEEL rule, the paper it rests on."""

    code: Code
    text: Text
    rule: Annotated[str, Field(min_length=1, max_length=500)]
    law: Annotated[str, Field(max_length=200)] = ""


class TalentClass(_Part):
    """One class with the ways into it; any of them will do."""

    category: Literal["A", "B", "C", "D", "E", "F"]
    any: Annotated[tuple[ClassRule, ...], Field(min_length=1, max_length=20)]


class ClassRules(_Part):
    """The rules of a year: classes from the highest to the lowest, and for how many years a recognition holds."""

    valid_years: Annotated[int, Field(ge=1, le=10)]
    classes: Annotated[tuple[TalentClass, ...], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _in_order(self) -> ClassRules:
        letters = [one.category for one in self.classes]
        if letters != sorted(set(letters)):
            raise ValueError("各类须从高到低,且不重复")
        codes = [rule.code for one in self.classes for rule in one.any]
        if len(set(codes)) != len(codes):
            raise ValueError("条件代码重复")
        return self


@dataclass(frozen=True, slots=True)
class Judged:
    """``reached`` is the highest class whose rule is true ("" for none); ``reasons`` say of each rule what it gave and from which values."""

    reached: str
    reasons: tuple[dict[str, Any], ...]

    def open_above(self, category: str) -> list[dict[str, Any]]:
        """Return the rules of that class or a higher one that are not known: a person must look."""
        return [one for one in self.reasons if one["verdict"] == "unknown" and one["category"] <= category]


def read(document: Mapping[str, Any]) -> ClassRules:
    """Return the rules of a document, each compiled once; :class:`TalentError` ``talent.rules`` names the place and what is wrong."""
    try:
        rules = ClassRules.model_validate(document)
        for one in rules.classes:
            for rule in one.any:
                explainer(rule.rule)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "认定规则"
        raise TalentError(
            "talent.rules", f"认定规则有误({place}):{first['msg'].removeprefix('Value error, ')}"
        ) from error
    except FeelError as error:
        raise TalentError("talent.rules", f"认定规则“{rule.rule}”不能解读:{error}") from error
    return rules


def judge(rules: ClassRules, facts: Mapping[str, Any]) -> Judged:
    """Return which class the facts reach, with every rule's verdict (``met``, ``not_met``, ``unknown``) and the values it read."""
    reached, reasons = "", []
    for one in rules.classes:
        for rule in one.any:
            found = said(rule.rule, facts)
            if found.verdict == MET and not reached:
                reached = one.category
            about = {"category": one.category, "code": rule.code, "text": rule.text, "law": rule.law}
            reasons.append({**about, "verdict": found.verdict, "values": found.values})
    return Judged(reached, tuple(reasons))


def higher(one: str, other: str) -> bool:
    """Tell whether a class stands above another ("" stands below all)."""
    return bool(one) and (not other or one < other)


def age_on(born: dt.date | None, day: dt.date) -> int | None:
    """Return the full years of age on a day."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
