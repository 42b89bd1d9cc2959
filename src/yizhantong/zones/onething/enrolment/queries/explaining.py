"""Why a child got which place, in sentences that its parents understand and can check."""

from __future__ import annotations

from django.utils.translation import gettext as _

from yizhantong.zones.onething.enrolment import terms
from yizhantong.zones.onething.enrolment.models import Placement, School


def sentences(place: Placement) -> list[str]:
    """Return the explanation of a result; ``place`` with its child, season, school and batch."""
    said, season = place.explanation, place.child.season
    given = terms.read(season.rules)
    names = dict(School.objects.filter(season=season).values_list("code", "name"))
    own = names.get(said["school"], "")
    category = given.category(said["category"])
    found = [
        _("核定类别为“%(category)s”,对应学校为%(school)s。") % {"category": category.name, "school": own},
        _(
            "该校本批有 %(places)s 个学位,%(of)s 名学生以该校为对应学校,按类别、类别内规则和摇号,您的孩子排第 %(position)s 位。"
        )
        % said,
    ]
    order = _order(category, said["keys"])
    if order:
        found.append(_("类别内依次比较:%(order)s;都相同的按摇号数由小到大。") % {"order": order})
    held = names.get(said.get("held", ""), "")
    if said["why"] == "own":
        found.append(_("因此录取到对应学校%(school)s。") % {"school": own})
        if held:
            text = _("原来调剂录取的%(school)s的学位已退回,转给以该校为对应学校的候补学生。")
            found.append(text % {"school": held})
        return found
    found.append(_last(said, given))
    if said["why"] == "kept":
        text = _("已录取的%(school)s的学位继续保留,同时仍在对应学校的候补名单上;轮到时改录对应学校,保留的学位才退回。")
        found.append(text % {"school": held})
    elif said["why"] == "diverted" and place.school is not None:
        full = "、".join(names.get(code, code) for code in said["tried"])
        text = _("对应学校没有余位,按调剂顺序录取到%(school)s。") % {"school": place.school.name}
        found.append(text + (_("调剂顺序在前的%(full)s也没有余位。") % {"full": full} if full else ""))
        found.append(_("调剂录取不影响候补:对应学校空出学位时,仍按同样的顺序轮候;不想再等的,可以选择不再候补。"))
    else:
        found.append(_("本批暂未录取,列入候补;有学位空出或进入统筹批次时按同样的顺序录取。"))
    return found


def _order(category: terms.Category, keys: list[int]) -> str:
    told = []
    for preference, key in zip(category.order, keys, strict=False):
        value = _("%(number)s") % {"number": -key} if key < 0 else _("有") if key == 0 else _("无或不详")
        told.append(f"{preference.name}({value})")
    return "、".join(told)


def _last(said: dict[str, object], given: terms.Terms) -> str:
    last = said["last"]
    if not isinstance(last, list) or not last:
        return _("对应学校本批没有空余学位。")
    return _("对应学校最后录取的一位类别为“%(category)s”。") % {"category": given.categories[int(last[0])].name}
