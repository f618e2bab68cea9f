"""What all tests share: quiet TensorFlow, and where the shared real data lies."""

import os
import pathlib

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

SHARED = pathlib.Path(__file__).parents[2] / "shared"


@pytest.fixture
def shared_dir() -> pathlib.Path:
    """The folder of real annotations and pictures; absent on a user's machine."""
    if not SHARED.is_dir():
        pytest.skip(f"no real Market-1501 data at {SHARED}")
    return SHARED
