"""What papers of a case say: reason, law, remedy, limits, in official Chinese."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from yizhantong.foundation.calendar import Limit
from yizhantong.kernel.files import papers
from yizhantong.kernel.files.models import Issued
from yizhantong.kernel.parties.models import Organisation

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


MATTER = papers.Matter(
    number="SL20210816000123",
    item="研发投入奖励申报",
    applicant="示例恒远新材料有限公司",
    applicant_kind="organisation",
    received_at=at("2021-08-02T09:30"),
    contact="0416-0000000",
)
LIMIT = Limit(20, "workday", "《中华人民共和国行政许可法》第四十二条")
DEFECTS = [papers.Defect("审计报告", "缺少签字页", "请提交完整的扫描件"), papers.Defect("申请表", "未填写联系电话。")]


def every_paper() -> list[papers.Paper]:
    return [
        papers.receipt(MATTER, [papers.Given("营业执照"), papers.Given("审计报告", 2, "复印件")], query="凭编号和密码查询。"),
        papers.receipt(MATTER, [], slip=False),
        papers.acceptance_notice(MATTER, accepted_at=at("2021-08-04T10:00"), limit=LIMIT, due_at=at("2021-09-01T17:00")),
        papers.acceptance_notice(MATTER, accepted_at=at("2021-08-10T00:00"), limit=None, due_at=None, deemed=True),
        papers.refusal_notice(MATTER, reason="申请事项不属于本机关职权范围", law="《中华人民共和国行政许可法》第三十二条第一款第二项", at=at("2021-08-04T10:00")),
        papers.supplement_notice(MATTER, DEFECTS, until=at("2021-08-13T17:00"), at=at("2021-08-04T10:00")),
        papers.decision(MATTER, outcome="granted", reason="", law="《演示办法》第三条", content="奖励资金 500,000.00 元", at=at("2021-08-16T10:00")),
        papers.decision(MATTER, outcome="refused", reason="研发投入不足", law="《演示办法》第三条。", at=at("2021-08-16T10:00"), accepted_at=at("2021-08-04T10:00")),
        papers.certificate(MATTER, title="技能大师工作站证书", fields=[("级别", "市级")], law="《演示办法》第八条", valid_from=dt.date(2021, 8, 16)),
    ]  # fmt: skip


def said(paper: papers.Paper) -> str:
    return "\n".join((*paper.paragraphs, paper.remedy))


def test_a_receipt_lists_what_was_given_and_promises_nothing() -> None:
    paper = papers.receipt(MATTER, [papers.Given("营业执照"), papers.Given("审计报告", 2, "复印件")])
    assert (paper.kind, paper.layout) == ("receipt", "slip")
    assert ("收件时间", "2021年8月2日09:30") in paper.fields
    assert "2. 审计报告（复印件2份）" in paper.paragraphs
    assert "是否受理以受理通知书为准" in said(paper)
    assert "没有需要提交的材料" in said(papers.receipt(MATTER, []))


def test_an_acceptance_tells_the_limit_with_its_law_and_its_end() -> None:
    paper = papers.acceptance_notice(
        MATTER, accepted_at=at("2021-08-04T10:00"), limit=LIMIT, due_at=at("2021-09-01T17:00")
    )
    assert "20个工作日（《中华人民共和国行政许可法》第四十二条），应于2021年9月1日17:00前办结" in said(paper)
    assert "第三十二条第一款第五项" in said(paper)
    assert ("受理日期", "2021年8月4日") in paper.fields


def test_a_deemed_acceptance_counts_from_the_day_of_receipt() -> None:
    paper = papers.acceptance_notice(MATTER, accepted_at=at("2021-08-10T00:00"), limit=None, due_at=None, deemed=True)
    assert ("受理日期", "2021年8月2日") in paper.fields
    assert "第三十二条第一款第四项" in said(paper)
    assert "无法定时限" in said(paper)


def test_refusals_carry_reason_law_and_both_remedies() -> None:
    for paper in (every_paper()[4], every_paper()[7]):
        assert "60日内" in paper.remedy
        assert "6个月内" in paper.remedy
        assert "行政复议法》第九条" in paper.remedy
        assert paper.footnote == "救济机关与期限待核"
    with pytest.raises(ValueError, match="reason"):
        papers.refusal_notice(MATTER, reason=" ", law="法", at=at("2021-08-04T10:00"))
    with pytest.raises(ValueError, match="law"):
        papers.decision(MATTER, outcome="granted", reason="", law="", at=at("2021-08-04T10:00"))


def test_the_remedy_cites_the_law_that_is_in_force_on_the_day() -> None:
    assert "第九条" in papers.remedy_text(dt.date(2023, 12, 31))[0]
    assert "第二十条" in papers.remedy_text(dt.date(2024, 1, 1))[0]
    late = at("2024-01-01T00:30")
    assert "第二十条" in papers.refusal_notice(MATTER, reason="因", law="法", at=late.astimezone(dt.UTC)).remedy


def test_a_supplement_names_every_defect_at_once() -> None:
    paper = papers.supplement_notice(MATTER, DEFECTS, until=at("2021-08-13T17:00"), at=at("2021-08-04T10:00"))
    assert "（一）审计报告：缺少签字页；请提交完整的扫描件。" in paper.paragraphs
    assert "（二）申请表：未填写联系电话。" in paper.paragraphs
    assert "2021年8月13日17:00前补正" in said(paper)
    with pytest.raises(ValueError, match="defect"):
        papers.supplement_notice(MATTER, [], until=None, at=at("2021-08-04T10:00"))
    assert [papers._numeral(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


def test_a_certificate_is_valid_for_its_term() -> None:
    paper = every_paper()[-1]
    assert (paper.kind, paper.layout) == ("certificate", "certificate")
    assert paper.fields == (("级别", "市级"), ("有效期", "2021年8月16日至长期"))


def test_papers_are_written_in_chinese_punctuation() -> None:
    for paper in every_paper():
        text = said(paper)
        assert not re.search(r"[一-鿿][,;:()]|[,;:()][一-鿿]|。。|，。|；。", text), text


@pytest.mark.django_db
def test_every_paper_can_be_issued(office: Organisation) -> None:
    numbers = {papers.issue_paper(paper, issuer=office, account=None).number for paper in every_paper()}
    assert len(numbers) == 9
    assert set(Issued.objects.values_list("subject_number", flat=True)) == {MATTER.number}
