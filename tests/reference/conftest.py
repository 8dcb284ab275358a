from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.reference import bench as benches


@pytest.fixture
def bench() -> Iterator[benches.Bench]:
    """A correct product in front of the scripted MES."""
    with benches.bench() as made:
        yield made
