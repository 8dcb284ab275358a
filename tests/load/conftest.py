from pathlib import Path

import pytest

from tests.load.command import patient_profiles


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """The shipped profiles, without limits of saturation and with few people."""
    return patient_profiles(tmp_path)
