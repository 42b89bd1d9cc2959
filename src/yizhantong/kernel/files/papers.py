"""Papers of a case in official Chinese: what each says, with law, reason and remedy. Nothing here issues or writes.

Each function takes plain data and returns a :class:`Paper`, to be handed to :func:`issue_paper`::

    paper = papers.acceptance_notice(matter, accepted_at=…, limit=limit, due_at=due)
    papers.issue_paper(paper, issuer=office, account=account)

Norms: 行政许可法 art. 32 (acceptance, supplement, refusal in writing with seal and date), 38 (reasons and remedies), 44
(delivery within ten days); the terms of 行政复议法 and 行政诉讼法 by the day of the decision. What a city has not confirmed
(``[remedies]`` of ``city.toml``, ``source``) is marked 待核 at the foot of the paper.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils import timezone

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.access.policy import Account
from yizhantong.kernel.divisions import city
from yizhantong.kernel.files.issuing import HolderKind, Layout, date_text, issue
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Organisation

PERMIT_LAW = "《中华人民共和国行政许可法》"
NEW_REVIEW_LAW = dt.date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Matter:
    """What all papers of a case say of it. ``contact`` is the office's telephone or address, as guides print it."""

    number: str
    item: str
    applicant: str
    applicant_kind: HolderKind
    received_at: dt.datetime
    contact: str = ""
    subject_kind: str = "case"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that a supplement must mend: what, what is wrong with it, how it should be."""

    what: str
    problem: str
    demand: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One line of a receipt: a material, how many copies, in which form (原件, 复印件, 电子件)."""

    name: str
    copies: int = 1
    form: str = "电子件"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says, ready to be issued."""

    kind: str
    title: str
    holder: str
    holder_kind: HolderKind
    subject: tuple[str, str]
    fields: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    remedy: str = ""
    footnote: str = ""
    layout: Layout = "document"


def issue_paper(
    paper: Paper,
    *,
    issuer: Organisation,
    account: Account | None,
    number: str | None = None,
    replaces: Issued | None = None,
) -> Issued:
    """Issue a paper; see :func:`yizhantong.kernel.files.issuing.issue`."""
    return issue(
        paper.kind,
        title=paper.title,
        issuer=issuer,
        holder_name=paper.holder,
        holder_kind=paper.holder_kind,
        subject=paper.subject,
        fields=paper.fields,
        paragraphs=paper.paragraphs,
        remedy=paper.remedy,
        footnote=paper.footnote,
        layout=paper.layout,
        number=number,
        replaces=replaces,
        account=account,
    )


def receipt(matter: Matter, materials: Sequence[Given], *, query: str = "", slip: bool = True) -> Paper:
    """Return the receipt of an application 收件凭证: what was handed in. ``query`` tells how to look up the case."""
    given = [f"{n}. {one.name}（{one.form}{one.copies}份）" for n, one in enumerate(materials, 1)]
    paragraphs = [f"收到下列材料共{len(given)}项：", *given] if given else ["本次申请没有需要提交的材料。"]
    paragraphs.append("本凭证只说明已经收到申请材料，是否受理以受理通知书为准。")
    if query:
        paragraphs.append(query)
    when = (("收件时间", _moment_text(matter.received_at)),)
    paper = _paper("receipt", "收件凭证", matter, when, paragraphs)
    return replace(paper, layout="slip" if slip else "document")


def acceptance_notice(
    matter: Matter,
    *,
    accepted_at: dt.datetime,
    limit: Limit | None,
    due_at: dt.datetime | None,
    deemed: bool = False,
    law: str = "",
) -> Paper:
    """Return the notice that an application is accepted 受理通知书; ``deemed``: because nobody answered in five days."""
    opening = f"你（单位）{date_text(matter.received_at)}提出的“{matter.item}”申请收悉。"
    if deemed:
        reason = (
            f"本机关自收到申请材料之日起五日内未告知需要补正的内容，依据{PERMIT_LAW}第三十二条第一款第四项，"
            f"该申请自收到申请材料之日（{date_text(matter.received_at)}）起即为受理。"
        )
    else:
        basis = law or f"{PERMIT_LAW}第三十二条第一款第五项"
        reason = f"经审查，申请事项属于本机关职权范围，申请材料齐全、符合法定形式，依据{basis}，决定予以受理。"
    fields = (("受理日期", date_text(matter.received_at if deemed else accepted_at)),)
    return _paper(
        "notice", "受理通知书", matter, fields, [opening + reason, _limit_text(limit, due_at), *_contact(matter)]
    )


def refusal_notice(matter: Matter, *, reason: str, law: str, at: dt.datetime) -> Paper:
    """Return the notice that an application is not accepted 不予受理决定书; a reason and a law are required."""
    _required(reason, law)
    paragraphs = [
        f"你（单位）{date_text(matter.received_at)}提出的“{matter.item}”申请收悉。经审查，{_sentence(reason)}",
        f"依据{_sentence(law, '')}，决定不予受理。",
    ]
    return _with_remedy(_paper("decision", "不予受理决定书", matter, (), paragraphs), at)


def supplement_notice(
    matter: Matter, defects: Sequence[Defect], *, until: dt.datetime | None, at: dt.datetime, law: str = ""
) -> Paper:
    """Return the one-time notice of all that must be supplemented 补正告知书."""
    if not defects:
        raise ValueError("a notice of supplement names at least one defect")
    listed = [
        f"（{_numeral(n)}）{one.what}：{one.problem.rstrip('。;；')}{'；' + one.demand.rstrip('。') if one.demand else ''}。"
        for n, one in enumerate(defects, 1)
    ]
    basis = law or f"{PERMIT_LAW}第三十二条第一款第四项"
    deadline = f"请于{_moment_text(until)}前补正；" if until else ""
    closing = f"{deadline}补正所需时间不计入办理期限。逾期不补正且没有正当理由的，本机关将按退件处理，你（单位）可以重新申请。"
    paragraphs = [
        f"你（单位）{date_text(matter.received_at)}提出的“{matter.item}”申请收悉。经审查，申请材料不齐全或者不符合法定形式。"
        f"依据{basis}，现将需要补正的全部内容一次告知如下：",
        *listed,
        closing,
        *_contact(matter),
    ]
    return _paper("notice", "补正告知书", matter, (("告知日期", date_text(at)),), paragraphs)


def decision(
    matter: Matter,
    *,
    outcome: Literal["granted", "refused"],
    reason: str,
    law: str,
    at: dt.datetime,
    content: str = "",
    title: str = "",
    accepted_at: dt.datetime | None = None,
) -> Paper:
    """Return the decision on an application; a refusal without reason and law is not possible (行政许可法 art. 38).

    ``content`` is what is granted (an amount, a right, a term); ``title`` replaces 准予/不予…决定书 for items that are no permits.
    """
    granted = outcome == "granted"
    _required("—" if granted and not reason else reason, law)
    accepted = f"，本机关于{date_text(accepted_at)}受理" if accepted_at else ""
    found = _sentence(reason) if reason else "申请符合法定条件、标准。"
    decided = f"决定准予。{_sentence(content) if content else ''}" if granted else "决定不予批准。"
    paragraphs = [
        f"你（单位）于{date_text(matter.received_at)}提出“{matter.item}”申请{accepted}。经审查，{found}",
        f"依据{_sentence(law, '')}，{decided}",
    ]
    named = title or ("准予决定书" if granted else "不予批准决定书")
    return _with_remedy(_paper("decision", named, matter, (), paragraphs), at)


def certificate(
    matter: Matter,
    *,
    title: str,
    fields: Sequence[tuple[str, str]],
    law: str,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    text: str = "",
) -> Paper:
    """Return a certificate; ``fields`` say what it certifies, in the order given; without ``valid_to`` it is valid 长期."""
    lines = [*fields]
    if valid_from:
        lines.append(("有效期", f"{_day_text(valid_from)}至{_day_text(valid_to) if valid_to else '长期'}"))
    paragraphs = [text or f"经审查，符合规定条件，依据{_sentence(law, '')}，特发此证。"]
    paper = _paper("certificate", title, matter, (), paragraphs)
    return replace(paper, fields=tuple(lines), layout="certificate")


def remedy_text(at: dt.date) -> tuple[str, str]:
    """Return how a decision of that day can be contested, and a footnote where the city has not confirmed it.

    60 days for reconsideration (行政复议法 art. 9, since 2024-01-01 art. 20), six months for a suit (行政诉讼法 art. 46).
    """
    known = city.settings_of().get("remedies", {})
    article = "第二十条" if at >= NEW_REVIEW_LAW else "第九条"
    days, months = known.get("review_days", 60), known.get("suit_months", 6)
    text = (
        f"如不服本决定，可以自知道本决定之日起{days}日内依据《中华人民共和国行政复议法》{article}"
        f"向{known.get('review_body', '本级人民政府')}申请行政复议，也可以自知道本决定之日起{months}个月内"
        f"依据《中华人民共和国行政诉讼法》第四十六条向{known.get('court', '有管辖权的人民法院')}提起行政诉讼。"
    )
    return text, "" if known.get("source", "待核") != "待核" else "救济机关与期限待核"


def _with_remedy(paper: Paper, at: dt.datetime) -> Paper:
    text, footnote = remedy_text(timezone.localtime(at).date())
    return replace(paper, remedy=text, footnote=footnote)


def _paper(
    kind: str, title: str, matter: Matter, fields: Sequence[tuple[str, str]], paragraphs: Sequence[str]
) -> Paper:
    about = (("办件编号", matter.number), ("办理事项", matter.item))
    said = tuple(paragraph for paragraph in paragraphs if paragraph)
    subject = (matter.subject_kind, matter.number)
    return Paper(kind, title, matter.applicant, matter.applicant_kind, subject, (*about, *fields), said)


def _required(reason: str, law: str) -> None:
    if not reason.strip() or not law.strip():
        raise ValueError("a refusal or decision needs its reason and its law")


def _limit_text(limit: Limit | None, due_at: dt.datetime | None) -> str:
    if limit is None:
        return "本事项无法定时限，本机关将及时办理。"
    law = f"（{limit.law}）" if limit.law else ""
    by = f"，应于{_moment_text(due_at)}前办结" if due_at else ""
    return (
        f"本事项办理时限为{limit.text}{law}{by}；依法需要听证、检验、检测、检疫、鉴定和专家评审的，所需时间不计算在内。"
    )


def _contact(matter: Matter) -> list[str]:
    return [f"咨询：{matter.contact}。"] if matter.contact else []


def _sentence(text: str, end: str = "。") -> str:
    return text.strip().rstrip("。.;；,，") + end


def _day_text(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _moment_text(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{date_text(moment)}{local:%H:%M}"


def _numeral(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return f"{digits[tens] if tens > 1 else ''}十{digits[ones] if ones else ''}"
