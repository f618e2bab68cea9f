"""Tests of the poses of somebody who does not exist."""

import subprocess
import sys

import numpy as np
import pytest

from keras_posegan.animation import pose_film
from keras_posegan.data.synthetic_people import animation
from keras_posegan.pose import skeleton


@pytest.mark.parametrize("motion", ["walk", "turn"])
def test_a_motion_is_written_as_animate_reads_it(tmp_path, motion):
    output = tmp_path / "poses.json"
    result = _run(
        f"--motion={motion}",
        f"--output={output}",
        "--yaw=30",
        "--frames=12",
        "--cycles=3",
        "--frames_per_second=15",
    )
    assert result.returncode == 0, result.stderr
    film = pose_film.read(output, None)
    assert film.frames_per_second == 15
    expected = animation.walk_cycle(
        36, np.pi / 6, cycles=3, turns=int(motion == "turn")
    )
    np.testing.assert_allclose(film.keypoints, expected, atol=1e-3)
    shoulders = film.keypoints[:, [skeleton.RIGHT_SHOULDER, skeleton.LEFT_SHOULDER], 0]
    turned = shoulders[:, 0] > shoulders[:, 1]  # Seen from behind.
    assert turned.any() == (motion == "turn")


def test_an_output_that_cannot_be_written_is_named(tmp_path):
    result = _run(f"--output={tmp_path / 'missing' / 'poses.json'}")
    assert result.returncode == 1
    assert result.stderr.startswith("error: --output=")


def _run(*flags):
    return subprocess.run(
        [sys.executable, "-m", "tools.synthesize_motion", *flags],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
