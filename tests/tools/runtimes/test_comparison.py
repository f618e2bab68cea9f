"""Tests of the comparison of what two runtimes drew."""

import numpy as np
import pytest

from tools.runtimes import comparison


def _outputs(change=0, where=slice(None)):
    pictures = np.full((2, 4, 2, 3), 100)
    pictures.reshape(-1)[where] += change  # 48 values.
    return {
        "generated_image": pictures.astype("uint8"),
        "status": np.array([0, 2], np.int32),
    }


def test_differences_are_the_slow_ones():
    random = np.random.default_rng(0)
    ours, theirs = _outputs(), _outputs()
    for each in (ours, theirs):
        each["generated_image"] = random.integers(0, 256, (2, 4, 2, 3), np.uint8)
    row = comparison.compare("float32", ours, theirs)
    differences = [
        abs(int(a) - int(b))
        for a, b in zip(
            ours["generated_image"].flat, theirs["generated_image"].flat, strict=True
        )
    ]
    assert row["max_difference"] == max(differences)
    assert row["mean_difference"] == pytest.approx(sum(differences) / 48)
    assert row["share_beyond"] == sum(each > 1 for each in differences) / 48


@pytest.mark.parametrize("variant", ["float32", "float16", "dynamic_int8", "int8"])
@pytest.mark.parametrize("change", [-1, 0, 1])
def test_one_grey_level_passes(variant, change):
    row = comparison.compare(variant, _outputs(), _outputs(change))
    assert row["fault"] is None
    assert row["max_difference"] == row["mean_difference"] == abs(change)
    assert row["share_beyond"] == 0


@pytest.mark.parametrize("variant", ["float32", "float16"])
@pytest.mark.parametrize("change", [-2, 2])
def test_one_value_further_off_fails_a_float_file(variant, change):
    row = comparison.compare(variant, _outputs(), _outputs(change, 7))
    assert row["fault"] == "max_difference exceeds 1 grey level"
    assert row["share_beyond"] == 1 / 48


@pytest.mark.parametrize("variant", ["dynamic_int8", "int8"])
def test_the_mean_of_a_rounded_file_is_bounded(variant):
    row = comparison.compare(variant, _outputs(), _outputs(48, 7))
    assert row["fault"] is None
    assert (row["max_difference"], row["mean_difference"]) == (48, 1.0)
    row = comparison.compare(variant, _outputs(), _outputs(49, 7))
    assert row["fault"] == "mean_difference exceeds 1 grey level"


def test_another_status_fails():
    other = _outputs()
    other["status"] = np.array([0, 3], np.int32)
    row = comparison.compare("int8", _outputs(), other)
    assert row["fault"] == "status is [0, 3], not [0, 2]"


@pytest.mark.parametrize(
    "change", [lambda x: x[:1], lambda x: x.astype(np.float32), lambda x: x[..., 0]]
)
def test_outputs_of_another_kind_fail(change):
    other = _outputs()
    other["generated_image"] = change(other["generated_image"])
    assert (
        "not uint8 (2, 4, 2, 3)"
        in (comparison.compare("float32", _outputs(), other)["fault"])
    )
