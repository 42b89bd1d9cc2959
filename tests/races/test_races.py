"""Several who do the same at the same moment, over HTTP: exactly one wins, and the others learn who and when.

``YZT_RACE_TRIALS`` (default 1,000) is how often two officials decide at once.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.races.conftest import Answer, City, Client, Crew

TRIALS = int(os.environ.get("YZT_RACE_TRIALS", "1000"))
JOINT_TRIALS, PACKAGES, REPEATS, SENDERS = 100, 30, 25, 8
Task = Callable[[Client], Answer]


def complete(number: str, step: str, outcome: str, **more: str) -> Task:
    path, body = f"/cases/{number}/steps/{step}/completion", {"outcome": outcome, **more}
    return lambda client: client.send("POST", path, body)


def test_of_two_who_decide_at_once_exactly_one_wins_and_the_other_learns_who(
    city: City, crew: Callable[..., Crew]
) -> None:
    pair, wins = crew("one", "two"), Counter[str]()
    numbers = city.do("file", "race.decide", TRIALS)
    for number in numbers:
        started = dt.datetime.now(dt.UTC)
        results = pair.at_once(
            complete(number, "decide", "pass"), complete(number, "decide", "fail", opinion="不符", law="第三条")
        )
        statuses = [answer.status for answer in results]
        assert sorted(statuses) == [200, 409], results
        winner = ("甲", "乙")[statuses.index(200)]
        lost = results[statuses.index(409)].body
        assert lost["code"] == "cases.already_done", lost
        assert lost["details"]["by"] == winner
        assert abs(dt.datetime.fromisoformat(lost["details"]["at"]) - started) < dt.timedelta(minutes=1)
        wins[winner] += 1
    found = city.do("look", "race.decide")
    assert found["outcomes"] == {name: n for name, n in (("granted", wins["甲"]), ("refused", wins["乙"])) if n}
    assert (found["events"]["closed"], found["open"], found["tenures"]) == (TRIALS, 0, [0, TRIALS])
    assert min(wins["甲"], wins["乙"]) > TRIALS // 50, "they never met: the test proves nothing"


def test_five_agencies_that_finish_together_join_once(city: City, crew: Callable[..., Crew]) -> None:
    five = crew(*(f"office{number}" for number in range(5)))
    for number in city.do("file", "race.joint", JOINT_TRIALS):
        results = five.at_once(*(complete(number, f"part{n}", "pass") for n in range(5)))
        assert [answer.status for answer in results] == [200] * 5, results
    found = city.do("look", "race.joint")
    assert (found["decide"], found["open"], found["events"]["step"]) == (JOINT_TRIALS, JOINT_TRIALS, 5 * JOINT_TRIALS)


def test_five_agencies_that_decide_their_parts_together_end_the_package_once(
    city: City, crew: Callable[..., Crew]
) -> None:
    five, wanted = crew(*(f"head{number}" for number in range(5))), Counter[str]()
    for round_, (_number, *parts) in enumerate(city.do("packages", PACKAGES)):
        refused = round_ % 6
        words = [("fail", {"opinion": "不符", "law": "第三条"}) if n < refused else ("pass", {}) for n in range(5)]
        results = five.at_once(
            *(complete(part, "decide", word, **more) for part, (word, more) in zip(parts, words, strict=True))
        )
        assert [answer.status for answer in results] == [200] * 5, results
        wanted[{0: "granted", 5: "refused"}.get(refused, "partial")] += 1
    found = city.do("look", "package.race")
    assert found["outcomes"] == wanted
    assert (found["events"]["closed"], found["open"], found["tenures"]) == (PACKAGES, 0, [0, PACKAGES])


def test_a_submission_repeated_at_once_with_its_key_is_one_case(city: City, crew: Callable[..., Crew]) -> None:
    before = city.do("look", "race.decide")["numbers"]
    eight = crew(*["asker0"] * SENDERS)
    made = set()
    for round_ in range(REPEATS):
        results = eight.at_once(*[filing(city, f"round-{round_}")] * SENDERS)
        assert [answer.status for answer in results] == [201] * SENDERS, results
        numbers = {answer.body["number"] for answer in results}
        passwords = [answer.body["query_password"] for answer in results]
        assert len(numbers) == 1, results
        assert sum(map(bool, passwords)) == 1, "the password is told once"
        made |= numbers
    found = city.do("look", "race.decide")["numbers"]
    assert len(made) == REPEATS == len(found) - len(before)


def test_one_key_for_two_applications_at_once_makes_one(city: City, crew: Callable[..., Crew]) -> None:
    pair = crew("asker1", "asker1")
    before = len(city.do("look", "race.decide")["numbers"])
    for round_ in range(REPEATS):
        results = pair.at_once(filing(city, f"two-{round_}"), filing(city, f"two-{round_}", agent="另一人"))
        assert sorted(answer.status for answer in results) == [201, 409], results
        assert {answer.body.get("code", "") for answer in results} == {"", "api.idempotency_key_reused"}
    assert len(city.do("look", "race.decide")["numbers"]) == before + REPEATS


def filing(city: City, key: str, **more: Any) -> Task:
    body = {"item": "race.decide", "applicant": city.keys["firm"], **more}
    return lambda client: client.send("POST", "/cases", body, Idempotency_Key=key)
