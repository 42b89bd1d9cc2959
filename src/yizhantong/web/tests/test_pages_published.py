"""Publishing figures by their pages: who may, what is kept, and that it can be counted again."""

from __future__ import annotations

import pytest

from yizhantong.kernel.figures.models import Snapshot
from yizhantong.web.api.tests.conftest import Town
from yizhantong.web.tests.conftest import Browse

pytestmark = pytest.mark.django_db
FIGURE = "/figures/investment.projects/"


def test_only_who_may_publish_sees_the_form_and_is_heard(town: Town, browse: Browse) -> None:
    assert f"{FIGURE}publish/" in browse("statistician").get(FIGURE).content.decode()
    for who in ("clerk", "journalist"):
        assert f"{FIGURE}publish/" not in browse(who).get(FIGURE).content.decode()
        assert browse(who).post(f"{FIGURE}publish/").status_code == 403
    assert browse().post(f"{FIGURE}publish/")["Location"].startswith("/accounts/login/")
    assert browse("statistician").get(f"{FIGURE}publish/").status_code == 405
    assert not Snapshot.objects.exists()


def test_published_value_stands_on_its_page_and_counts_again(town: Town, browse: Browse) -> None:
    client = browse("statistician")
    answer = client.post(f"{FIGURE}publish/?as_of=2021-08-16", {"note": "见报"})
    assert answer["Location"] == f"{FIGURE}?as_of=2021-08-16#published"
    made = Snapshot.objects.get()
    assert (made.shown, made.note, made.published_by) == ("6", "见报", town.users["statistician"])
    page = browse().get(FIGURE).content.decode()
    assert "见报" in page
    checked = browse().get(f"{FIGURE}published/{made.pk}/")
    assert "与公布的数值相符" in checked.content.decode()
    assert browse(language="en").get(f"{FIGURE}published/{made.pk}/").status_code == 200


@pytest.mark.parametrize("path", ["published/99999/", "published/99999999999999999999/", "published/x/"])
def test_publication_that_is_none_is_not_found(browse: Browse, path: str) -> None:
    assert browse().get(f"{FIGURE}{path}").status_code == 404


def test_note_that_is_too_long_is_refused_in_words(browse: Browse) -> None:
    client = browse("statistician")
    client.post(f"{FIGURE}publish/", {"note": "长" * 201})
    assert "最多 200 字" in client.get(FIGURE).content.decode()
    assert not Snapshot.objects.exists()
