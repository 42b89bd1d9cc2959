"""Every page in English: no violation that axe-core knows, no sideways scrolling, wide and narrow, light and dark."""

from __future__ import annotations

import pytest

from tests.browser.axe import faults
from tests.browser.conftest import City, OpenPage
from tests.browser.pages import VISITS, Visit


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_page_has_no_fault(city: City, open_page: OpenPage, visit: Visit) -> None:
    page = visit.open(open_page, city, language="en")
    found = faults(page, visit.name)
    assert not found, "\n".join(found)
