"""What policies publish as open data: every card that is online, with its window and its document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from yizhantong.web.opendata import Column, Dataset, Value, register
from yizhantong.zones.policies.models import PolicyDocument
from yizhantong.zones.policies.queries import visible


def _updated() -> dt.datetime | None:
    documents = PolicyDocument.objects.filter(state__in=visible.PUBLIC)
    last: dt.datetime | None = documents.aggregate(last=Max("approved_at"))["last"]
    return last


def _rows() -> Iterator[tuple[Value, ...]]:
    cards = visible.cards(AnonymousUser()).select_related("document__issuer", "unit").order_by("number")
    for card in cards:
        document = card.document
        yield (
            card.number, card.title, card.policy_class, card.target, document.title, document.document, document.issuer.name,
            document.level, document.area, document.published_on, document.effective_on, document.valid_until, card.window_start,
            card.window_end, card.fund, card.online_apply, card.contact or None, document.demonstration,
        )  # fmt: skip


register(
    Dataset(
        code="policies", title=_("惠企政策"), zone="policies", updated=_updated, rows=_rows, keywords=("惠企政策", "申报"),
        description=_("在线的惠企政策兑现事项:惠及对象、发文、申报起止、资金级次,每项一行。"),
        columns=(
            Column("number", _("政策编号")), Column("title", _("兑现事项")), Column("class", _("类别")), Column("target", _("惠及对象")),
            Column("document", _("文件")), Column("document_number", _("发文字号")), Column("issuer", _("发文机关")), Column("level", _("政策层级")),
            Column("area", _("政策领域")), Column("published_on", _("发布日期"), "date"), Column("effective_on", _("施行日期"), "date"),
            Column("valid_until", _("有效期至"), "date"), Column("window_start", _("申报开始"), "date"),
            Column("window_end", _("申报截止"), "date"), Column("fund", _("资金级次")), Column("online", _("在线申报"), "boolean"),
            Column("contact", _("咨询电话")), Column("demonstration", _("演示数据"), "boolean"),
        ),
    )
)  # fmt: skip
