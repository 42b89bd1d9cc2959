"""Claims: number, unit, qualifier, interval, kind, and what is counted."""

from datetime import date
from decimal import Decimal

import pytest

from .. import Claim, read_article


def claims(text: str) -> list[Claim]:
    return list(read_article(text, date(2021, 8, 16)).claims)


@pytest.mark.parametrize(
    ("text", "phrase", "unit", "lower", "upper", "qualifier", "kind"),
    [
        ("清理垃圾13.35万吨。", "13.35万吨", "万吨", "133450000", "133550000", "", "amount"),
        ("签约额183亿元。", "183亿元", "亿元", "18250000000", "18350000000", "", "amount"),
        ("新建学校28所。", "28所", "所", "28", "28", "", "count"),
        ("化解纠纷1.3万余件。", "1.3万余件", "件", "13000", "14000", "at_least", "count"),
        ("投入10余万元。", "10余万元", "元", "100000", "200000", "at_least", "amount"),
        ("参与群众超5000人。", "5000人", "人", "5000", None, "at_least", "count"),
        ("参与群众5000人以上。", "5000人以上", "人", "5000", None, "at_least", "count"),
        ("惠及近300户。", "300户", "户", "240", "300", "below", "count"),
        ("不足50家。", "50家", "家", "0", "50", "below", "count"),
        ("用时约30分钟。", "30分钟", "分钟", "1200", "2400", "about", "duration"),
        ("占比62%。", "62%", "%", "0.615", "0.625", "", "ratio"),
        ("覆盖率超过九成。", "九成", "成", "0.9", None, "at_least", "ratio"),
        ("提高2.5个百分点。", "2.5个百分点", "个百分点", "0.0245", "0.0255", "", "ratio"),
        ("每天3至5场。", "3至5场", "场", "3", "5", "range", "count"),
        ("共有十几个村。", "十几个", "个", "11", "19", "vague", "count"),
        ("建有孵化器两家。", "两家", "家", "2", "2", "", "count"),
        ("种植大豆12.6万亩。", "12.6万亩", "万亩", None, None, "", "amount"),
        ("预计实现产值153.3亿元。", "153.3亿元", "亿元", "15325000000", "15335000000", "", "estimate"),
        ("力争新建公园150个。", "150个", "个", "150", "150", "", "target"),
        ("补贴标准为每亩300元。", "300元", "元", "299.5", "300.5", "", "rule"),
    ],
)  # fmt: skip
def test_measured(
    text: str, phrase: str, unit: str, lower: str | None, upper: str | None, qualifier: str, kind: str
) -> None:
    (claim,) = claims(text)
    assert (claim.phrase, claim.unit, claim.qualifier, claim.kind) == (phrase, unit, qualifier, kind)
    if lower is not None:
        assert claim.lower == Decimal(lower)
        assert claim.upper == (None if upper is None else Decimal(upper))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("亿元以上签约项目62个。", "亿元以上签约项目"), ("1128个行政村全部开展行动。", "行政村"), ("对接企业533家。", "对接企业"),
        ("全市58777户农村特困人员参保。", "农村特困人员"), ("全市9个县(市)区参加。", "县（市）区"), ("现代服务业项目41个。", "现代服务业项目"),
        ("达到国际先进水平的有11项。", "国际先进水平"), ("实现营业收入4212万元。", "营业收入"), ("组织科技培训30余场。", "组织科技培训"),
    ],
)  # fmt: skip
def test_what_is_counted(text: str, what: str) -> None:
    assert claims(text)[-1].what == what


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("推进5G网络建设。", "name", 5), ("筹备第二届大会。", "ordinal", 2), ("8月10日开工。", "date", 10), ("国内首个平台。", "ordinal", 1),
        ("百亿级产业集群。", "target", 10**10), ("实行“AB”制招商。", "rule", 2), ("开展“三清一改”。", "name", 4), ("实现“五连冠”。", "count", 5),
        ("农户不花一分钱。", "rule", 0), ("包括甲工作站、乙工作站、丙工作站在内。", "list", 3),
    ],
)  # fmt: skip
def test_names_dates_and_ordinals(text: str, kind: str, number: int) -> None:
    (claim,) = claims(text)
    assert (claim.kind, claim.number if kind != "target" else claim.value) == (kind, number)


@pytest.mark.parametrize(
    "text",
    ["文号为云政发〔2021〕15号。", "电话0416-1234567。", "拨打12345热线。", "上午9时30分开会。", "一是抓落实。", "身份证号210702199001011234。", "千方百计,万众一心,十分重要。", "一座座厂房,一件件实事。", "零部件产业。", "1.抓落实", "比分86:79。"],
)  # fmt: skip
def test_what_is_no_figure(text: str) -> None:
    assert [c.phrase for c in claims(text) if c.is_quantity] == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("今年以来,完成投资5亿元。", date(2021, 1, 1), date(2021, 8, 16)), ("上半年,完成投资5亿元。", date(2021, 1, 1), date(2021, 6, 30)),
        ("2020年,完成投资5亿元。", date(2020, 1, 1), date(2020, 12, 31)), ("1至7月,完成投资5亿元。", date(2021, 1, 1), date(2021, 7, 31)),
        ("前三季度,完成投资5亿元。", date(2021, 1, 1), date(2021, 9, 30)), ("截至目前,完成投资5亿元。", None, date(2021, 8, 16)),
    ],
)  # fmt: skip
def test_periods(text: str, start: date | None, end: date) -> None:
    period = next(c for c in claims(text) if c.kind == "amount").period
    assert period is not None
    assert (period.start, period.end) == (start, end)
