"""One sentence, one verdict: what the wording states, and what it does not."""

import pytest

from .. import read_article

FALSE = [
    ("sum", "全市共有养老机构120家,其中公办45家、民办82家。"),
    ("part", "全市共有学校120所,其中小学136所。"),
    ("share", "全市新签约项目80个,其中外资项目20个,占总数的35%。"),
    ("sum", "购置铲车12台、卡车8台,共计25台。"),
    ("growth", "高新技术企业由120家增加到180家,增长60%。"),
    ("growth", "医保报销比例由60%提高到75%,提高12个百分点。"),
    ("order", "审批时限由5天压缩到12天。"),
    ("balance", "全市排查问题320件,已解决280件,未解决50件。"),
    ("rate", "共受理投诉400件,办结380件,办结率98%。"),
    ("average", "合作社带动200户农户增收300万元,户均增收2.2万元。"),
    ("product", "为300名困难学生发放助学金,每人发放助学金2000元,共发放助学金90万元。"),
    ("range", "全市无障碍设施覆盖率达到118%。"),
    ("range", "培训班于13月5日开班。"),
    ("range", "活动自9月20日至9月12日举行。"),
    ("order", "当天最高气温12℃,最低气温18℃。"),
    ("sum", "三次产业结构为12.1:40.2:49.9。"),
    ("conflict", "全市累计建成口袋公园136个,群众满意。\n\n据介绍,全市累计建成口袋公园163个。"),
    ("conflict", "# 我市新增公共停车泊位3200个\n\n本报讯 今年我市新增公共停车泊位3600个,缓解停车难。"),
    ("growth", "接待游客120万人次,比上年同期增加20万人次,增长25%。"),
    ("respectively", "东城区、西城区、南城区分别为12家、15家。"),
]  # fmt: skip

QUIET = [
    "今年签约项目30个,其中工业项目12个,在建项目56个。",
    "地区生产总值1286.4亿元,比上年的1231.5亿元增长5.6%(按可比价格计算)。",
    "东城区新建公园12个,西城区新建公园15个。",
    "东城区建成公厕12座。\n\n西城区建成公厕18座。",
    "毛入学率达到103%,完成全年任务的120%。",
    "去年建成公厕12座,今年建成公厕18座。",
    "完成投资50亿元,其中贷款8亿元;实现税收60亿元。",
    "小学50所、初中20所,其中乡村学校60所。",
    "全市党员3.2万名,其中女党员1.1万名、35岁以下党员0.9万名、大专以上学历党员2.4万名。",
    "活动自12月20日至1月12日举行。",
    "# 新增贷款超50亿元\n\n全市新增贷款50.3亿元。",
    "投入资金300万元,新建大棚12座,户均增收2万元,带动农户85户。",
    "男子100米决赛,选手以10秒86夺冠,两队比分86:79。",
    "服务热线12345,文号为云政发〔2021〕15号,全长26.5公里的G228国道。",
    "占地面积120亩,总建筑面积15万平方米,其中地下建筑面积3万平方米。",
    "全市企业复工率98%,同比提高120个百分点不可能,但增速达到230%。",
    "一季度办理业务1200件,二季度办理业务1350件,上半年共办理业务2550件。",
    "该镇发展大棚300栋,亩均收入2万元,每户年增收5000元。",
    "今年以来开展巡查329批次,走访企业533家。市级领导带队巡查55批次,走访企业83家。",
    "近万名群众参加,千余家企业受益,投入10余万元。",
]  # fmt: skip

TRUE = [
    ("sum", "全市共有养老机构120家,其中公办45家、民办75家。"),
    ("share", "全市新签约项目80个,其中外资项目20个,占总数的四分之一。"),
    ("share", "完成投资629.0亿元,占年度计划647.4亿元的97.2%。"),
    ("growth", "高新技术企业由120家增加到180家,增长50%。"),
    ("balance", "全市排查问题320件,已解决280件,未解决40件。"),
    ("sum", "一季度办理业务1200件,二季度办理业务1350件,共2550件。"),
    ("respectively", "东城区、西城区分别为12家、15家。"),
    ("same", "# 孵化企业11家\n\n本市孵化企业11家。"),
    ("average", "合作社带动200户农户增收300万元,户均增收1.5万元。"),
    ("rate", "共受理投诉400件,办结380件,办结率95%。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), FALSE)
def test_impossible_statements_are_called_so(kind: str, text: str) -> None:
    assert [r.kind for r in read_article(text).relations if r.holds is False] == [kind]


@pytest.mark.parametrize("text", QUIET)
def test_nothing_is_called_impossible_without_need(text: str) -> None:
    assert [r.sentence for r in read_article(text).relations if r.holds is False] == []


@pytest.mark.parametrize(("kind", "text"), TRUE)
def test_true_statements_are_confirmed(kind: str, text: str) -> None:
    assert (kind, True) in {(r.kind, r.holds) for r in read_article(text).relations}


def test_a_rounding_the_other_way_is_no_alarm() -> None:
    (share,) = [
        r for r in read_article("全市新签约项目90个,其中工业项目56个,占总数的63%。").relations if r.kind == "share"
    ]
    assert share.holds is None


def test_overlap_of_different_attributes_is_explained() -> None:
    article = read_article(
        "71个项目入选。这些项目中,达到国际先进水平的有11项,国内先进水平的有57项,填补国内空白的有8项。"
    )
    (overlap,) = [r for r in article.relations if r.kind == "overlap"]
    assert overlap.holds is None
    assert "至少有5个" in overlap.sentence
