"""Other cities: introducing them, their keys and items, testing the connection, and what we open to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from yizhantong.foundation.codes import uscc
from yizhantong.kernel.access import policy
from yizhantong.kernel.access.models import User
from yizhantong.kernel.divisions import clock, tree
from yizhantong.kernel.items.models import Item
from yizhantong.kernel.ledger.audit import audit
from yizhantong.kernel.ledger.models import AuditEvent
from yizhantong.kernel.parties.models import Organisation
from yizhantong.zones.crossregion import config, keys, transport
from yizhantong.zones.crossregion.access import check
from yizhantong.zones.crossregion.actions.outbox import key_of
from yizhantong.zones.crossregion.errors import CrossingError
from yizhantong.zones.crossregion.models import Mode, Opening, Partner, PartnerItem, PartnerKey
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

State = Partner.State
FIELD_KEYS = ("code", "name", "kind", "required", "choices", "help")


@transaction.atomic
def introduce(said: Mapping[str, Any], *, account: policy.Account | None, contact: str = "") -> Partner:
    """Register a city by its introduction (``yzt crossregion keys --json`` prints ours), or renew address, keys and versions.

    Introductions are exchanged by people who know each other, not over the net. ``said``: code, name, base_url, office {uscc, name},
    versions, keys [{keyid, public, valid_from, valid_to}].
    """
    check(account)
    code, name, office = _introduction(said)
    if code[:4] == config.own_code()[:4]:
        raise CrossingError("same_city", "这是本市自己的介绍信,不能登记为通办城市", field="introduction")
    try:
        base_url = transport.check_address(str(said["base_url"]))
    except ProtocolError as error:
        raise CrossingError("address", error.sentence, field="base_url") from error
    found = Partner.objects.select_for_update().filter(code=code).first()
    made = found or Partner(
        code=code, introduced_at=clock.now(), introduced_by=account if isinstance(account, User) else None
    )
    made.name, made.base_url, made.versions = name, base_url, [str(v) for v in said.get("versions", [])][:10]
    made.contact = contact.strip()[:120] or made.contact
    if found is None:
        made.organisation = _office(office, name)
    made.save()
    for each in said["keys"]:
        add_key(made, each, account=account)
    audit(account, AuditEvent.Event.SETTING, f"partner:{code}", how="introduced", address=base_url)
    return made


def _introduction(said: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    code, name, office = str(said.get("code", "")), str(said.get("name", "")).strip(), said.get("office")
    keys_said = said.get("keys")
    wrong = not (code.isdigit() and len(code) == 6) or not name or not isinstance(office, Mapping)
    if wrong or not isinstance(keys_said, list) or not keys_said or not said.get("base_url"):
        text = "介绍信不完整:应有 code(6 位区划代码)、name、base_url、office、versions、keys"
        raise CrossingError("introduction", text, field="introduction")
    assert isinstance(office, Mapping)
    return code, name[:32], office


def _office(said: Mapping[str, Any], city: str) -> Organisation:
    code, name = str(said.get("uscc", "")), str(said.get("name", ""))[:120] or f"{city}政务服务部门"
    if len(code) != 18:
        raise CrossingError("introduction", "介绍信中对方单位的统一社会信用代码不对", field="introduction")
    held = Organisation.objects.filter(pk=code).first()
    if held is not None and not Partner.objects.filter(organisation=held).exists() and held.division_id != tree.root():
        raise CrossingError(
            "introduction", f"信用代码 {code} 在本市登记的是“{held.name}”,请向对方核对", field="introduction"
        )
    return held or Organisation.objects.create(
        uscc=code, name=name, kind=Organisation.Kind.AGENCY, division_id=tree.root(), demonstration=True
    )


def add_key(partner: Partner, said: Mapping[str, Any], *, account: policy.Account | None) -> PartnerKey:
    """Register a public key of a partner; a key that is known keeps its bytes, its end may be brought forward."""
    keyid, public = str(said.get("keyid", ""))[:64], str(said.get("public", ""))
    keys.decoded(public)
    begins = parse_datetime(str(said.get("valid_from") or "")) or timezone.now()
    ends = parse_datetime(str(said["valid_to"])) if said.get("valid_to") else None
    held = PartnerKey.objects.filter(keyid=keyid).first()
    if held is not None:
        if held.partner_id != partner.pk or held.public != public:
            raise CrossingError("key_taken", f"密钥编号“{keyid}”已登记为另一把公钥,请向对方核对", field="keyid")
        if ends is not None and (held.valid_to is None or ends < held.valid_to):
            held.valid_to = ends
            held.save(update_fields=["valid_to"])
        return held
    if not keyid:
        raise CrossingError("keyid", "请填写密钥编号", field="keyid")
    made = PartnerKey.objects.create(partner=partner, keyid=keyid, public=public, valid_from=begins, valid_to=ends)
    audit(account, AuditEvent.Event.SETTING, f"partner:{partner.code}", how="key", keyid=keyid)
    return made


def revoke_key(key: PartnerKey, *, account: policy.Account | None) -> PartnerKey:
    """Trust a key no more, from now on."""
    check(account)
    if key.revoked_at is None:
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        audit(account, AuditEvent.Event.SETTING, f"partner:{key.partner.code}", how="key revoked", keyid=key.keyid)
    return key


def set_state(partner: Partner, state: str, *, account: policy.Account | None) -> Partner:
    """Activate or suspend a city; what waits for a suspended one stays in the outbox."""
    check(account)
    if state not in (State.ACTIVE, State.SUSPENDED):
        raise CrossingError("state", f"“{state}”不是可设的状态", field="state")
    partner.state = state
    partner.save(update_fields=["state"])
    audit(account, AuditEvent.Event.SETTING, f"partner:{partner.code}", how=state)
    return partner


def test_connection(partner: Partner, *, account: policy.Account | None) -> dict[str, Any]:
    """Ask a city for its hello, signed both ways; learn its versions, keys and items. Raises :class:`CrossingError` with the cause."""
    check(account)
    try:
        reply = transport.ask(partner.base_url, "GET", "/hello", b"", lambda keyid: key_of(keyid, partner))
        said = json.loads(reply.body)
        if reply.status != 200 or said.get("code") != partner.code:
            raise transport.Unreachable(str(said.get("detail") or f"HTTP {reply.status}"))
    except (transport.Unreachable, ValueError) as error:
        Partner.objects.filter(pk=partner.pk).update(failed_at=timezone.now(), failure=str(error)[:300])
        raise CrossingError("unreachable", f"没有连通{partner.name}:{error}"[:400]) from error
    learn(partner, said)
    return {"versions": said["versions"], "items": len(said["items"]), "clock_apart": clock_apart(said)}


def clock_apart(said: Mapping[str, Any]) -> int:
    """Return by how many seconds the other city's clock is ahead of ours."""
    theirs = parse_datetime(str(said.get("now", "")))
    return int((theirs - clock.now()).total_seconds()) if theirs is not None else 0


@transaction.atomic
def learn(partner: Partner, said: Mapping[str, Any]) -> None:
    """Take over what a verified hello says: versions, further keys, and the whole list of open items."""
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    held.versions = [str(v) for v in said.get("versions", [])][:10]
    held.seen_at, held.failure = timezone.now(), ""
    held.save()
    for each in said.get("keys", []):
        add_key(held, each, account=None)
    items = [each for each in said.get("items", []) if isinstance(each, Mapping)][:2000]
    PartnerItem.objects.filter(partner=held).exclude(code__in=[str(each.get("code")) for each in items]).update(
        open=False
    )
    for each in items:
        PartnerItem.objects.update_or_create(partner=held, code=str(each["code"])[:64], defaults=_item(each))
    partner.refresh_from_db()


def _item(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = [
        {name: row[name] for name in FIELD_KEYS if name in row} for row in said.get("fields", []) if "code" in row
    ]
    return {
        "name": str(said.get("name", ""))[:120], "version": str(said.get("version", ""))[:9],
        "modes": [mode for mode in said.get("modes", []) if mode in Mode.values], "audience": list(said.get("audience", [])),
        "limit": str(said.get("limit", ""))[:32], "agency": str(said.get("agency", ""))[:120], "fields": fields,
        "materials": [dict(row) for row in said.get("materials", []) if "code" in row], "open": True, "fetched_at": clock.now(),
    }  # fmt: skip


@transaction.atomic
def open_item(
    item: Item, modes: Iterable[str], *, account: policy.Account | None, partner: Partner | None = None
) -> Opening:
    """Open an item of ours to a city (None: to every active one), in some modes; again changes the modes."""
    check(account)
    wanted = sorted(set(modes))
    if not wanted or not set(wanted) <= set(Mode.values):
        raise CrossingError("mode", "请选择一种以上的通办方式", field="modes")
    if item.current_id is None or item.pk in config.SEND.values():
        raise CrossingError("not_published", f"“{item.name}”尚未发布,或本身就是转办事项,不能开放", field="item")
    if item.kind == Item.Kind.PACKAGE:
        raise CrossingError("package", "“一件事”由牵头城市组织,请开放其中的单个事项", field="item")
    by = account if isinstance(account, User) else None
    found, made = Opening.objects.get_or_create(
        item=item,
        partner=partner,
        closed_at=None,
        defaults={"modes": wanted, "opened_at": clock.now(), "opened_by": by},
    )  # two who open it at once: the database lets one in, the other changes its modes
    if not made:
        found.modes = wanted
        found.save(update_fields=["modes"])
    return found


def close_item(opening: Opening, *, account: policy.Account | None) -> Opening:
    """Take an item off the list; what has been handed over already is not touched."""
    check(account)
    if opening.closed_at is None:
        opening.closed_at = clock.now()
        opening.save(update_fields=["closed_at"])
    return opening


def demonstration_office(code: str) -> str:
    """Return an invented GB 32100 code for the office of a demonstration city."""
    return uscc.make(code, "MB21DEMA", authority="1", category="1")
