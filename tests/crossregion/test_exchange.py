"""Cases pass between two real cities, both ways, through everything that can go wrong on the way."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.crossregion.conftest import City

OWN = "11210700MAAY4CL12E"


def settle(*cities: City) -> None:
    """Let both cities work until nothing is to be done any more."""
    for _ in range(8):
        if sum(city.do("work") for city in cities) == 0:
            return


def post(url: str, body: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Send a request as it is."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("POST", parts.path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def both(here: City, there: City, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both cities' view of a crossing; whatever happened, they agree on who answered when, once all is told."""
    ours, theirs = here.do("look", key=key), there.do("look", key=key)
    if theirs:
        assert ours["spans"] == theirs["spans"]
        for one, following in zip(ours["spans"], ours["spans"][1:], strict=False):
            assert one[2] == following[1]
    return ours, theirs


@pytest.mark.parametrize("back", [False, True])
def test_a_request_received_in_one_city_is_decided_in_the_other_and_handed_out_in_the_first(
    here: City, there: City, back: bool
) -> None:
    one, other = (there, here) if back else (here, there)
    key = one.do("send")["key"]
    settle(one, other)
    ours, theirs = both(one, other, key)
    assert (ours["stage"], theirs["stage"]) == ("held", "held")
    assert theirs["case"]["state"] == "submitted"
    since = theirs["case"]["tenures"][0][1]
    assert (
        ours["received_at"]
        == theirs["received_at"]
        == since
        == ours["case"]["tenures"][0][2]
        == ours["case"]["tenures"][1][1]
    )
    assert ours["case"]["tenures"][1][0] == other.said["office"]["uscc"]
    other.do("decide", key=key)
    settle(one, other)
    ours, _theirs = both(one, other, key)
    assert ours["stage"] == "decided"
    assert ours["case"]["office"] == OWN
    one.do("deliver", key=key)
    settle(one, other)
    ours, theirs = both(one, other, key)
    assert (ours["stage"], theirs["stage"], ours["facts"], theirs["facts"]) == ("closed", "closed", [1, 1], [1, 1])
    assert (ours["case"]["outcome"], theirs["case"]["outcome"]) == ("answered", "granted")
    assert [span[0] for span in ours["spans"]] == ["sender", "receiver", "sender"]


def test_a_supplement_is_asked_there_and_given_here(here: City, there: City) -> None:
    key = here.do("send", mode="online", height=700)["key"]
    settle(here, there)
    there.do("ask_supplement", key=key)
    settle(here, there)
    assert here.do("look", key=key)["stage"] == "supplement"
    here.do("supplement", key=key, text="扩建厂房")
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"], theirs["case"]["state"]) == ("held", "held", "submitted")
    there.do("decide", key=key, outcome="refused")
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], ours["case"]["state"], theirs["case"]["outcome"]) == ("closed", "closed", "refused")
    assert "不符合条件" in ours["case"]["reason"]


def test_what_is_given_back_is_answered_for_here_from_that_moment_and_can_go_out_again(here: City, there: City) -> None:
    key = here.do("send", height=701)["key"]
    settle(here, there)
    there.do("give_back", key=key)
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"], ours["case"]["office"]) == ("returned", "returned", OWN)
    assert ours["case"]["tenures"][-1][1] == ours["spans"][-1][1]
    again = here.do("again", key=key)["key"]
    settle(here, there)
    ours, theirs = both(here, there, again)
    assert (ours["stage"], theirs["stage"], ours["case"]["office"]) == ("held", "held", there.said["office"]["uscc"])


def test_a_withdrawal_ends_the_case_in_both_cities(here: City, there: City) -> None:
    key = here.do("send", height=702)["key"]
    settle(here, there)
    here.do("withdraw", key=key)
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"], theirs["case"]["outcome"]) == ("closed", "closed", "withdrawn")


def test_a_city_that_is_away_for_a_day_loses_nothing_and_the_office_that_waits_is_told(here: City, there: City) -> None:
    there.down()
    key = here.do("send", height=703)["key"]
    settle(here)
    ours = here.do("look", key=key)
    assert (ours["stage"], ours["out"][0][1], ours["case"]["office"]) == ("sent", "waiting", OWN)
    assert "连不上" in ours["out"][0][2]
    assert here.do("age", hours=25)["told"] == 1
    assert here.do("age", hours=26)["told"] == 0
    assert any(title.startswith("对方未联通") for title in here.do("notices"))
    assert here.do("look", key=key)["case"]["orders"] == 1
    there.up()
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"]) == ("held", "held")


def test_a_message_whose_answer_was_lost_is_processed_once_and_answered_alike(here: City, there: City) -> None:
    key = here.do("send", height=704)["key"]
    first = here.do("raw", key=key)
    status, answer = post(first["url"], first["body"], first["headers"])  # processed there; nothing of it is known here
    settle(here, there)
    again = here.do("raw", key=key)
    assert (status, answer) == post(again["url"], again["body"], again["headers"])
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"], theirs["facts"]) == ("held", "held", [1, 0])
    assert theirs["in"] == [["handover", "done"]]


def test_a_replayed_altered_or_old_request_is_refused_and_changes_nothing(here: City, there: City) -> None:
    key = here.do("send", height=705)["key"]
    letter = here.do("raw", key=key)
    altered = letter["body"].replace("扩大经营", "另一事由")
    assert post(letter["url"], altered, letter["headers"])[1]["code"] == "exchange.signature"
    assert post(letter["url"], letter["body"], letter["old"])[1]["code"] == "exchange.signature"
    assert post(letter["url"], letter["body"], {})[0] == 401
    assert there.do("look", key=key) == {}
    assert post(letter["url"], letter["body"], letter["headers"])[0] == 200
    assert post(letter["url"], letter["body"], letter["headers"])[1]["code"] == "exchange.replay"
    settle(here, there)
    assert both(here, there, key)[1]["stage"] == "held"


def test_two_that_send_the_same_message_at_once_make_one_case(here: City, there: City) -> None:
    key = here.do("send", height=706)["key"]
    letters = [here.do("raw", key=key) for _ in range(4)]
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(post(one["url"], one["body"], one["headers"]))) for one in letters
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({json.dumps(answer, sort_keys=True) for answer in answers}) == 1
    settle(here, there)
    assert both(here, there, key)[1]["facts"] == [1, 0]


def test_a_key_that_was_never_introduced_is_refused_until_it_is(here: City, there: City) -> None:
    here.do("forget_keys")
    key = here.do("send", height=707)["key"]
    settle(here, there)
    ours = here.do("look", key=key)
    assert (ours["stage"], ours["out"][0][1]) == ("sent", "waiting")
    assert "签名密钥" in ours["out"][0][2]
    here.do("find_keys")
    settle(here, there)
    assert both(here, there, key)[0]["stage"] == "held"


def test_keys_are_rotated_with_overlap_by_a_signed_hello(here: City, there: City) -> None:
    said = there.do("rotate")
    assert len(said["keys"]) == 2
    here.do("hello")
    key = here.do("send", height=708)["key"]
    settle(here, there)
    assert both(here, there, key)[0]["stage"] == "held"


def test_a_material_that_is_not_what_its_digest_says_is_refused_with_the_reason(here: City, there: City) -> None:
    key = here.do("send", height=709)["key"]
    here.do("spoil", key=key)
    settle(here, there)
    ours, theirs = both(here, there, key)
    assert (ours["stage"], theirs["stage"], theirs["case"], ours["case"]["office"]) == ("refused", "refused", None, OWN)
    assert "摘要不符" in ours["reason"]
    assert any(title.startswith("转出未被接收") for title in here.do("notices"))


def test_versions_that_the_other_does_not_know_are_refused_clearly_and_a_person_goes_on(
    here: City, there: City
) -> None:
    here.do("set_versions", versions=["2.0"])
    key = here.do("send", height=710)["key"]
    settle(here, there)
    ours = here.do("look", key=key)
    assert (ours["stage"], ours["case"]["office"]) == ("refused", OWN)
    assert "不支持协议版本“2.0”" in ours["reason"]
    here.do("set_versions", versions=["1.0"])
    assert there.do("republish") == {"number": 2}
    again = here.do("again", key=key)["key"]
    settle(here, there)
    ours = here.do("look", key=again)
    assert (ours["stage"], ours["facts"]) == ("refused", [0, 0])
    assert "现行版本为 2.0" in ours["reason"]
    here.do("hello")
    third = here.do("again", key=again)["key"]
    settle(here, there)
    assert both(here, there, third)[0]["reason"] != ours["reason"]


def test_a_worker_that_is_killed_in_mid_sending_is_taken_up_again(here: City, there: City) -> None:
    key = there.do("send", height=711)["key"]
    there.tell("work")
    there.kill()
    for _ in range(30):
        settle(there, here)
        if there.do("look", key=key)["stage"] == "held":
            break
    ours, theirs = both(there, here, key)
    assert (ours["stage"], theirs["stage"], theirs["facts"]) == ("held", "held", [1, 0])
