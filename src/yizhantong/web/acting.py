"""As whom somebody works now: as himself, or on behalf of one organisation; kept in the session until it is changed or lapses.

Whoever chose an identity sees only its things in my space and asks for it by default; without a choice everything of everybody
he may act for is there. The choice gives no right: every action asks the mandate itself, so that one which ended is over at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from yizhantong.web.casework.parties import Party, chosen

KEY, NAME = "acting", "acting_name"


def choose(request: HttpRequest, key: str) -> Party | None:
    """Work as this party from now on; an unknown one, or none, means as everybody. Return it."""
    party = chosen(request.user, key) if key else None
    if party is None:
        forget(request)
        return None
    request.session[KEY], request.session[NAME] = party.key, party.name
    return party


def forget(request: HttpRequest) -> None:
    """Work as everybody again."""
    for name in (KEY, NAME):
        request.session.pop(name, None)


def key_of(request: HttpRequest) -> str:
    """Return the key of the party chosen, or "" where none is."""
    return str(request.session.get(KEY, ""))


def narrowed(request: HttpRequest, parties: Sequence[Party]) -> list[Party]:
    """Return the party chosen among these; all of them where none is chosen, or its mandate has lapsed."""
    wanted = key_of(request)
    found = [party for party in parties if party.key == wanted]
    if wanted and not found:
        forget(request)
    return found or list(parties)
