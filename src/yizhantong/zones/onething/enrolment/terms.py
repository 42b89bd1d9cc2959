"""The rules of a district as data: categories in order, each a FEEL rule over registers and form, and the order within them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yizhantong.foundation.rules import FeelError
from yizhantong.foundation.rules.explain import Explainer
from yizhantong.zones.onething.enrolment.errors import EnrolmentError

NAMES = (
    "学生出生日期", "出生日期一致", "户籍学校", "户籍在区", "落户年数", "户主关系", "房产学校", "房产在区", "房产份额", "房产为住宅", "房产年数",
    "居住学校", "居住证有效", "居住证月数", "社保月数", "社保在缴", "接种完成", "在读兄姐",
)  # fmt: skip
"""What rules may speak of; each is null where no register knows it."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Preference(BaseModel):
    """One rule of the order within a category: a yes goes before a no, a larger number before a smaller one."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Text
    rule: Text


class Category(BaseModel):
    """One category: who belongs to it, by which home its school is found, what is brought to a re-check."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
    name: Text
    rule: Text
    home: Literal["household", "property", "permit"]
    order: tuple[Preference, ...] = ()
    materials: tuple[Text, ...] = ()
    source: Text = "待核"


class Terms(BaseModel):
    """All rules of a season; ``common`` has to be met in every category (age, identity)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    common: Text
    common_source: Text = "待核"
    categories: Annotated[tuple[Category, ...], Field(min_length=1, max_length=12)]

    def rank(self, code: str) -> int:
        """Return the place of a category, 0 first; ValueError for an unknown one."""
        return [each.code for each in self.categories].index(code)

    def category(self, code: str) -> Category:
        """Return a category by its code."""
        return self.categories[self.rank(code)]

    def named(self, name: str) -> Category | None:
        """Return a category by the name under which the form offers it."""
        return next((each for each in self.categories if each.name == name), None)


@lru_cache(maxsize=256)
def explainer(rule: str) -> Explainer:
    """Return the explainer of a rule; raises FeelError for one that cannot be read or names what nobody knows."""
    made = Explainer(rule, NAMES)
    unknown = sorted({name.split(".")[0] for name in made.heads} - set(NAMES))
    if unknown:
        raise EnrolmentError(
            "enrolment.unknown_name", f"规则“{rule}”用了没有的名称:{'、'.join(unknown)}", field="rules"
        )
    return made


def read(document: Mapping[str, Any]) -> Terms:
    """Return the rules of a document; raise :class:`EnrolmentError` ``enrolment.rules`` with what is wrong."""
    try:
        terms = Terms.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EnrolmentError("enrolment.rules", f"招生规则的“{place}”有误,请核对格式", field="rules") from error
    codes = [each.code for each in terms.categories]
    if len(set(codes)) != len(codes):
        raise EnrolmentError("enrolment.rules", "招生规则里有两个入学类别用了同一个代码", field="rules")
    for text in (
        terms.common,
        *(each.rule for each in terms.categories),
        *(p.rule for each in terms.categories for p in each.order),
    ):
        try:
            explainer(text)
        except FeelError as error:
            raise EnrolmentError("enrolment.rules", f"规则“{text[:80]}”不能读:{error}", field="rules") from error
    return terms
