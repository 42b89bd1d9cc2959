"""The API tells and does what pages do, and no more."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from yizhantong.kernel.access.models import Token
from yizhantong.kernel.divisions import clock
from yizhantong.kernel.files.models import Stored
from yizhantong.zones.crossregion import config
from yizhantong.zones.crossregion.models import Crossing, PartnerItem
from yizhantong.zones.crossregion.protocol import messages
from yizhantong.zones.crossregion.tests.conftest import Town

pytestmark = pytest.mark.django_db
BASE = "/api/v1/crossregion"


def picture(shade: int) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 120)).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def one_material(town: Town) -> str:
    """Let the neighbour's first item require one material; return its code."""
    listed = [{"code": "proof", "name": "居住证明", "need": "required"}]
    PartnerItem.objects.filter(pk=town.item.pk).update(materials=listed)
    return "proof"


@pytest.fixture
def call(town: Town) -> Callable[..., tuple[int, object]]:
    """Return a function that calls the API as an account."""

    def send(who: str, method: str, path: str, body: object = None) -> tuple[int, object]:
        given = {"HTTP_AUTHORIZATION": f"Bearer {Token.issue(town.users[who], '测试')[1]}"} if who else {}
        data = json.dumps(body) if body is not None else ""
        answer = Client().generic(
            method, BASE + path, data, content_type="application/json" if body is not None else "", **given
        )
        return answer.status_code, json.loads(answer.content)

    return send


def test_everybody_reads_what_is_open_both_ways(town: Town, call: Callable[..., tuple[int, object]]) -> None:
    status, offers = call("", "GET", "/offers")
    assert (status, len(offers)) == (200, 4)  # type: ignore[arg-type]
    status, openings = call("", "GET", "/openings")
    assert status == 200
    assert {row["code"] for row in openings} >= {"hall.medical_abroad"}  # type: ignore[union-attr, index]


def test_an_asker_asks_and_withdraws_and_nobody_else_sees_it(
    town: Town, call: Callable[..., tuple[int, object]]
) -> None:
    wanted = {"offer": town.item.pk, "form": {"application_reason": "迁居"}, "key": "a1"}
    status, made = call("asker", "POST", "/cases", wanted)
    assert status == 201
    assert call("asker", "POST", "/cases", wanted)[1]["number"] == made["number"]  # type: ignore[index]
    path = f"/cases/{made['number']}"  # type: ignore[index]
    assert [call(who, "GET", path)[0] for who in ("", "stranger", "official", "asker", "clerk")] == [
        401,
        404,
        404,
        200,
        200,
    ]
    assert call("official", "POST", f"{path}/return", {"reason": "不是我们的"})[0] == 404
    assert call("clerk", "POST", f"{path}/return", {"reason": "不是我们的"})[0] in (409, 422)
    status, told = call("asker", "POST", f"{path}/withdrawal", {"reason": "不办了"})
    assert (status, told["stage"]) == (200, "withdrawing")  # type: ignore[index]


def test_what_lacks_is_refused_as_a_problem(town: Town, call: Callable[..., tuple[int, object]]) -> None:
    status, problem = call("asker", "POST", "/cases", {"offer": town.item.pk})
    assert (status, problem["code"]) == (422, "crossregion.form")  # type: ignore[index]
    assert call("asker", "POST", "/cases", {"offer": 999_999})[0] == 404


def uploaded(town: Town, who: str, content: bytes, name: str = "扫描件.png") -> tuple[int, dict[str, Any]]:
    token = Token.issue(town.users[who], "上传")[1]
    given = {"file": SimpleUploadedFile(name, content)}
    answer = Client().post(BASE + "/files", given, HTTP_AUTHORIZATION=f"Bearer {token}")
    return answer.status_code, json.loads(answer.content)


def test_only_who_can_make_a_request_may_leave_files(town: Town) -> None:
    assert Client().post(BASE + "/files", {"file": SimpleUploadedFile("a.png", picture(3))}).status_code == 401
    assert [uploaded(town, who, picture(3))[0] for who in ("asker", "stranger", "clerk")] == [201] * 3
    for who in ("window", "official"):
        status, problem = uploaded(town, who, picture(3))
        assert (status, problem["code"]) == (403, "crossregion.not_a_party")
    assert not Stored.objects.filter(uploaded_by__in=[town["window"], town["official"]]).exists()


def test_a_city_without_its_own_item_says_so(
    town: Town, call: Callable[..., tuple[int, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(config.SEND, "online", "crossregion.gone")
    status, problem = call("asker", "POST", "/cases", {"offer": town.item.pk, "form": {"application_reason": "迁居"}})
    assert (status, problem["code"]) == (404, "items.unknown_item")  # type: ignore[index]
    assert not Crossing.objects.exists()


def test_files_are_kept_first_and_named_in_the_request_and_the_supplement(
    town: Town, call: Callable[..., tuple[int, object]], one_material: str
) -> None:
    status, kept = uploaded(town, "asker", picture(1))
    assert (status, kept["media_type"]) == (201, "image/png")
    wanted = {"offer": town.item.pk, "form": {"application_reason": "迁居"}}
    assert call("asker", "POST", "/cases", wanted)[0] == 422  # the material lacks
    files = [{"material": one_material, "file": kept["file"]}]
    assert call("stranger", "POST", "/cases", wanted | {"files": files})[1]["code"] == "crossregion.no_file"  # type: ignore[index]
    strange = [{"material": "passport", "file": kept["file"]}]
    assert call("asker", "POST", "/cases", wanted | {"files": [*files, *strange]})[0] == 422
    status, made = call("asker", "POST", "/cases", wanted | {"files": files})
    assert status == 201
    town.deliver()
    crossing = Crossing.objects.get()
    assert [one.sha256 for one in town.peer.heard[-1].content.materials] == [kept["sha256"]]
    say = lambda kind, body: town.peer.say(town.partner, crossing.key, kind, body)  # noqa: E731
    say("receipt", messages.Receipt(received_at=clock.now(), number="N-9", office="邻市局"))
    defect = messages.Defect(kind="material", code=one_material, text="扫描件不清晰")
    say("supplement_asked", messages.SupplementAsked(defects=(defect,), at=clock.now()))
    _status, clearer = uploaded(town, "asker", picture(2))
    path = f"/cases/{made['number']}/supplement"  # type: ignore[index]
    given = {"files": [{"material": one_material, "file": clearer["file"]}]}
    assert [call(who, "POST", path, given)[0] for who in ("", "stranger")] == [401, 404]
    assert call("asker", "POST", path, {})[0] == 422
    status, told = call("asker", "POST", path, given)
    assert (status, told["stage"]) == (200, "held")  # type: ignore[index]
    town.deliver()
    assert [one.sha256 for one in town.peer.heard[-1].content.materials] == [clearer["sha256"]]
