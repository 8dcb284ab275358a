"""The page of figures is the one that the profiles give today."""

from __future__ import annotations

import pytest

from tests.profiles import official
from tests.profiles.figures import PAGE, page

pytestmark = pytest.mark.skipif(not official.packages(), reason=official.ABSENT)


def test_the_page_is_up_to_date() -> None:
    written = PAGE.read_text("utf-8") if PAGE.exists() else ""
    assert page() == written, "lancer « python -m tests.profiles.figures --ecrire »"
