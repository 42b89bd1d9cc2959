"""The zone's kinds of messages, and who is told what; links to sign go to people who need no account."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from yizhantong.kernel.access.models import User
from yizhantong.kernel.cases import people
from yizhantong.kernel.cases.models import Case
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.notices import channels
from yizhantong.kernel.notices.actions import send
from yizhantong.kernel.notices.kinds import declare_kind
from yizhantong.zones.onething.models import Cosignature

SIGN = declare_kind("onething.sign", _("请求共同签署"))
SIGNED = declare_kind("onething.signed", _("共同签署结果"))
UNFIT = declare_kind("onething.unfit", _("材料不合格,后续事项等待"), mandatory=True)
STALE = declare_kind("onething.stale", _("套餐所含事项有新版本"))


def asked_to_sign(row: Cosignature, path: str, site: str = "") -> str:
    """Send the link: by text message to the number on the form, and to the account of the person where there is one.

    Returns ``sent``, or ``none`` where no text messages leave here and the person has no account; raises the channel's errors.
    """
    days = max((row.expires_at - row.invited_at).days, 1)
    title = f"请签署:{package_name(row)}"
    told = f"{title}({row.label})。{days} 天内有效,仅限本人使用,签署前请核对内容:{site}{path}"
    accounts = _accounts(row)
    if accounts:
        send(
            SIGN.code,
            accounts,
            title=title,
            body=f"您是{row.label},请核对内容后签署。",
            link=path,
            subject=row.case.number,
        )
    if channels.is_set_up("sms"):
        channels.sms_gateway().send(row.contact, told, f"onething-sign-{row.pk}")
        return str(Cosignature.Delivery.SENT)
    return str(Cosignature.Delivery.SENT if accounts else Cosignature.Delivery.NONE)


def _accounts(row: Cosignature) -> list[User]:
    if not row.identity_index:
        return []
    return list(User.objects.filter(person__identity_index=row.identity_index, is_active=True))


def package_name(row: Cosignature) -> str:
    """Return the name of the package that is signed."""
    return row.case.title


def signed(row: Cosignature) -> None:
    """Tell the asker that somebody has signed."""
    _to_asker(row, f"{row.label}已签署:{package_name(row)}", "全部签署后即可提交。")


def declined(row: Cosignature) -> None:
    """Tell the asker that somebody will not sign."""
    _to_asker(row, f"{row.label}未同意签署:{package_name(row)}", f"原因:{row.reason}")


def _to_asker(row: Cosignature, title: str, body: str) -> None:
    accounts = _askers(row.case) or ([row.invited_by_id] if row.invited_by_id else [])
    if accounts:
        send(
            SIGNED.code, accounts, title=title, body=body, link=f"/my/cases/{row.case.number}/", subject=row.case.number
        )


def _askers(case: Case) -> list[int]:
    return people.askers(case)


def stale(package: Item, part: Item, number: int) -> None:
    """Tell the lead agency's editors that a part of their package was published anew."""
    accounts = people.officials(package.agency_id, ("items.edit", "items.publish"))
    if accounts:
        send(
            STALE.code, accounts, title=f"“{package.name}”所含事项已更新", subject=package.code,
            body=f"“{part.name}”已发布第 {number} 版,套餐仍按原版本受理;请核对合并后的表单和材料,重新发布套餐。",
            link=f"/onething/packages/{package.code}/",
        )  # fmt: skip


def unfit(package: Case, texts: Sequence[str]) -> None:
    """Tell the asker which materials later parts wait for, and the lead's officials, who may stop the clock by a further notice."""
    body = ";".join(texts)[:600]
    accounts = _askers(package)
    if accounts:
        send(
            UNFIT.code, accounts, title=f"请重新提交材料:{package.title}", body=f"{body}。重新提交以前,后续事项不启动。",
            link=f"/my/cases/{package.number}/#materials", subject=package.number,
        )  # fmt: skip
    officials = people.officials(package.office_id or "", ("cases.handle", "cases.decide"))
    if officials:
        send(
            UNFIT.code, officials, title=f"材料不合格,后续事项等待:{package.title}", body=body,
            link=f"/desk/cases/{package.number}/", subject=package.number,
        )  # fmt: skip
