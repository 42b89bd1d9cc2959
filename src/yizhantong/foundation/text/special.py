"""What looks like a number and is something else, and numbers that are names, dates or ordinals.

Shapes are tried in order; the first that matches a place takes it. Some give claims of kinds date, ordinal, name or rule; others (document
numbers, telephones, times, numbering) give none and only keep their digits from being read as figures.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from .numerals import MAX_DIGITS, parse_chinese
from .shape import Draft, plain_draft
from .vocabulary import words

Taken = list[tuple[int, int]]
_HAN = "零〇一二三四五六七八九十百千"
_N = rf"(?:\d{{1,4}}|[{_HAN}]{{1,4}})"
_YEAR = r"(?:(?:19|20)\d\d|二〇[〇一二三四五六七八九]{2}|[一二]九[〇一二三四五六七八九]{2})"


def _value(text: str) -> Decimal:
    if text[:1].isascii() and text[:1].isdigit():
        return Decimal(text)
    return parse_chinese(text) or Decimal(0)


def _nothing(match: re.Match[str]) -> list[Draft]:
    return []


def _date(match: re.Match[str]) -> list[Draft]:
    parts = [(match[g], u) for g, u in (("d", "日"), ("m", "月"), ("y", "年")) if match[g]]
    number, unit = parts[0]
    return [plain_draft(match.start(), match.end(), _value(number), unit, "date", match.group())]


def _ordinal(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), _value(match["n"]), match["u"] or "", "ordinal", match.group())]


def _first(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), Decimal(1), match["u1"], "ordinal", match.group())]


def _generation(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), Decimal(match["g"]), match["letter"], "name", match.group())]


def _name(match: re.Match[str]) -> list[Draft]:
    digits = re.search(r"\d+(?:\.\d+)?", match.group())
    number = Decimal(digits[0]) if digits else _value(next(c for c in match.group() if c in _HAN + "两"))
    return [plain_draft(match.start(), match.end(), number, "", "name", match.group())]


def _short_name(match: re.Match[str]) -> list[Draft]:
    """三清一改, 两不愁三保障: the number is the sum of the parts."""
    total = sum(
        (_value(c) if c != "两" else Decimal(2) for c in re.findall("[两一二三四五六七八九]", match.group())),
        Decimal(0),
    )
    return [plain_draft(match.start(), match.end(), total, "项", "name", match.group())]


def _single_name(match: re.Match[str]) -> list[Draft]:
    number = Decimal(2) if match["k"] in "两双" else _value(match["k"])
    return [
        plain_draft(
            match.start(),
            match.end(),
            number,
            match["rest"] if match["rest"] in words("name_units") else "类",
            "name",
            match.group(),
        )
    ]


def _crown(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), _value(match["c"]), "连冠", "count", match.group())]


def _zero(match: re.Match[str]) -> list[Draft]:
    draft = plain_draft(match.start("z"), match.end("z"), Decimal(0), "元", "rule", match.group())
    return [draft]


def _roles(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), Decimal(2), "角色", "rule", match.group())]


def _once(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), Decimal(1), "次", "rule", match.group())]


def _degrees(match: re.Match[str]) -> list[Draft]:
    return [plain_draft(match.start(), match.end(), _value(match["f"]), match["fu"], "name", match.group())]


_SHAPES: list[tuple[str, Callable[[re.Match[str]], list[Draft]]]] = [
    (rf"\d{{{MAX_DIGITS},}}", _nothing),
    (r"https?://\S+|www\.\S+|\S+@\S+\.\w+", _nothing),
    (
        r"[〔\[【（]20\d\d[〕\]】）]\s*\d+号|第\d+号(?:令|文|公告)?|\d+号(?:文件|令|公告|楼|线|地块|院|门|车间|泊位|矿|机组|库)",
        _nothing,
    ),
    (
        r"(?<!\d)1[3-9]\d[\d*]{8}(?!\d)|(?<!\d)0\d{2,3}[-—]\d{7,8}|(?<!\d)400[-—]\d{3,4}[-—]\d{3,4}|\d{15,18}[\dXx]?(?![\d.]|[余多]?[万亿元])",
        _nothing,
    ),
    (
        r"(?:电话|热线|拨打|邮编|短信|QQ|微信号?|编号|证号|信用代码|车牌号?|尾号|代码)[：为“]{0,3}[A-Za-z]{0,4}\d[\d\-—、]*",
        _nothing,
    ),
    (
        r"“?(?<!\d)(?:12345|12315|12328|12333|12348|12366|12388|12369|12350|12380|119|110|120|122|96\d{3,4}|8890)(?=”?(?:热线|平台|政务|便民|服务|指挥|报警|投诉|接警|急救|举报|市民|[、/]))”?",
        _nothing,
    ),
    (r"(?<!\d)\d{1,2}[:：]\d{2}(?::\d{2})?(?!\d)(?![:：])", _nothing),
    (
        r"(?<!\d)\d{1,2}时(?:\d{1,2}分|许|整|左右|前|后|至|起|，)|(?<=[日午晨晚夜间])\d{1,2}时|(?<=[上下]午)[一二三四五六七八九十\d]{1,2}[时点](?:\d{1,2}分|半|许)?|\d{1,2}点\d{1,2}分|\d{1,2}点半",
        _nothing,
    ),
    (r"^\s*(?:\d{1,2}[.、)）]|[（(]?[一二三四五六七八九十]{1,3}[）)、])", _nothing),
    (
        r"[（(][一二三四五六七八九十\d]{1,2}[）)](?=[\u4e00-\u9fff])|[①-⑳]|[一二三四五六七八九十](?:是|要|则|来)(?=[\u4e00-\u9fff，])",
        _nothing,
    ),
    (r"第[一二三四五六七八九十](?=[，、：])", _nothing),
    (r"[东西]经\d+(?:\.\d+)?度?(?:\d+分)?|[南北]纬\d+(?:\.\d+)?度?(?:\d+分)?", _nothing),
    (r"“?(?P<ab>AB)”?(?=[制角岗])", _roles),
    (r"一(?:件事|窗|次|网|门|站|码|证|键)(?:“)?(?:一次|通|受理|登记|式|扫)?办?[”]?(?<=办)", _once),
    (r"“[\d一二两三四五六七八九十Nn]+(?:[+＋·.×xX][\dA-Za-zNn\u4e00-\u9fff]{1,6})+”", _name),
    (r"(?<![\d.])\d{1,2}[·]\d{1,2}(?!\d)", _name),
    (r"[“]?(?P<short>(?:[两一二三四五六七八九][\u4e00-\u9fff]{1,2}){2,4})[”](?<=”)(?<!个”)", _short_name),
    (r"三清一改|两不愁三保障|五位一体|四好农村路|两新一重|一网通办|一带一路|三去一降一补|两山|四上企业", _short_name),
    (r"[“]?(?P<c>[二两三四五六七八九十])连(?:冠|胜|增|涨|升|跃)[”]?", _crown),
    (r"“(?P<k>[两双一二三四五六七八九十])(?P<rest>[\u4e00-\u9fff]{1,2})”", _single_name),
    (r"(?:不花|不掏|不用花|不交|无需花|没花|不收|未花)(?P<z>一分钱|一分|一毛钱)", _zero),
    (r"(?<![A-Za-z\d.])(?P<g>[2-9])(?P<letter>[GKD])(?![A-Za-z\d])", _generation),
    (
        r"(?:TOP|Top|top|前)\s?(?:10|20|50|100|200|500|1000)(?:强|名|位)(?![\u4e00-\u9fff]{0,2}次)|(?:世界|中国|全国|民营企业|民企|制造业|全省|企业)?\d{2,4}强",
        _name,
    ),
    (
        r"(?:[A-Za-zα-ωΑ-Ω]{1,8}[-—./ ]?)\d+(?:[-—./.]?[A-Za-z\d]+){0,6}(?![\d.%])|(?<!\d)\d{1,6}[A-Za-z]{1,6}[-—]?[A-Za-z\d]{0,8}(?=型|级|系列|工程|铝|钢|号)",
        _name,
    ),
    (rf"(?P<f>[{_HAN}]{{1,3}}|(?<!\d)\d{{1,3}})(?P<fu>自由度|维|轴|缸|相|极|核心)(?=[\u4e00-\u9fff])", _degrees),
    (
        r"(?:国内|全国|全省|全市|全球|世界|亚洲|国际|省内|东北|西南|西北|华东|华南|华北|华中|行业|首届|首)?首(?P<u1>个|批|家|届|次|座|台|例|条|所|支|艘|辆|单|笔|款|套|部|站|期)",
        _first,
    ),
    (rf"第(?P<n>{_N}|\d+)(?P<u>{'|'.join(sorted(words('ordinal_units'), key=len, reverse=True))})?", _ordinal),
    (
        rf"(?:位列|位居|排名|名列|居|列|升至|排|跃居)(?:全[省国市]|同类城市|百强县?)?(?:第)?(?P<n>{_N})(?P<u>位|名)",
        _ordinal,
    ),
    (r"\d{4}[-—/.](?:0?[1-9]|1[0-2])[-—/.](?:[0-2]?\d|3[01])(?!\d)", _nothing),
    (rf"(?P<y>{_YEAR})年(?:(?P<m>{_N})月)?(?:(?P<d>{_N})[日号])?(?!轮|版)", _date),
    (
        r"(?P<y>)(?P<m>(?:\d{1,2}|[一二三四五六七八九十]{1,2}))月(?P<d>(?:\d{1,2}|[一二三四五六七八九十]{1,3}))[日号]",
        _date,
    ),
    (r"(?P<y>)(?P<d>)(?<![\d.])(?P<m>\d{1,2})月(?:份|[底初末上中下]|旬)?(?![\u4e00-\u9fff]?日)", _date),
    (r"(?P<y>)(?P<m>)(?<=[，。、至到当本])(?P<d>\d{1,2})日", _date),
    (r"(?<=[—\-至到~])(?P<y>)(?P<m>)(?P<d>\d{1,2})[日号](?![召令])", _date),
    (
        r"(?<!\d)(?:19|20)\d{2}(?=(?:[-—至~](?:19|20)?\d{2})|[\u4e00-\u9fff]{0,6}(?:杯|赛季|中国|世界|年度|款|国际|城市|全国))",
        _nothing,
    ),
    (r"\d{1,3}\s?(?:[:：]|比)\s?\d{1,3}(?![\d.:：])", _nothing),
    (
        r"十[一二三四]五(?=”|规划|期间|时期|末|以来|开局)|百(?:姓|货|般|度|强|年|余年|日会战)|千(?:方百计|家万户|万工程|方|秋)|万(?:众|象|物|一|向|科|达|全|里)|一(?:带一路|如既往|体|方面|系列|些|定|直|起|线|流|致|般|旦|心|路|批|道|举|律|时|度|边|切|种|样|向|再|同|手|面|经|来|分为二)|五一|六一|八一|七一|十一(?=[假期长黄])|十分|三农|两会|两岸|三军|四季|五谷|七夕|双十[一二]|九年一贯|三七|十字|四面|八方|三角|二维码|二手|三甲|三等|六盘水|九江|三亚|三明|万州|百色|千岛|二孩|三孩|两癌|一二三产业|三次产业",
        _nothing,
    ),
]
_ALL = [(re.compile(shape), make) for shape, make in _SHAPES]


def special_claims(sentence: str) -> tuple[list[Draft], Taken]:
    """The claims of special shapes in a sentence, and every place that they (or silent shapes) have taken."""
    drafts: list[Draft] = []
    taken: Taken = []
    busy = bytearray(len(sentence))
    for shape, make in _ALL:
        for match in shape.finditer(sentence):
            if match.end() == match.start() or any(busy[match.start() : match.end()]):
                continue
            busy[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
            taken.append((match.start(), match.end()))
            drafts.extend(make(match))
    return drafts, taken
