"""Tests of the numbers of a batch and of all batches."""

import importlib.util

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.evaluation import measures
from keras_posegan.metrics import l1, lpips_distance, ssim
from tests.evaluation import stand_ins


def test_every_pair_is_measured_plain_and_behind_its_mask():
    real, generated, source, masks = _batch(3)
    columns = measures.Measures(stand_ins.protocol()).columns(
        real, {"generated": generated, "copy_source": source}, masks
    )
    assert list(columns) == [
        "generated/ssim",
        "generated/l1",
        "copy_source/ssim",
        "copy_source/l1",
        "generated/masked ssim",
        "generated/masked l1",
        "copy_source/masked ssim",
        "copy_source/masked l1",
    ]
    for name, pictures in (("generated", generated), ("copy_source", source)):
        np.testing.assert_allclose(columns[f"{name}/ssim"], ssim.ssim(real, pictures))
        np.testing.assert_allclose(
            columns[f"{name}/masked l1"],
            l1.l1(real * masks[..., None], pictures * masks[..., None]),
        )


def test_the_classifier_sees_generated_and_real_pictures():
    real, generated, source, masks = _batch(3)
    classifier = stand_ins.Classifier()
    columns = measures.Measures(stand_ins.protocol(), classifier).columns(
        real, {"generated": generated, "copy_source": source}, masks
    )
    assert classifier.seen == 12
    for name, pictures in (("generated", generated), ("real", real)):
        probabilities, features = classifier(pictures)
        masked_probabilities, _ = classifier(pictures * masks[..., None])
        for column, expected in (
            ("probabilities", probabilities),
            ("masked probabilities", masked_probabilities),
            ("features", features),
        ):
            found = columns[f"{name}/{column}"]
            assert found.dtype == np.float32
            np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert not any("masked features" in name for name in columns)
    assert "copy_source/probabilities" not in columns


def test_a_summary_has_means_scores_and_distance():
    random = np.random.default_rng(1)
    probabilities = random.dirichlet(np.ones(5), size=9)
    columns = {
        "generated/l1": np.array([1.0, 2.0, 6.0]),
        "copy_source/l1": np.array([0.0, 0.0, 3.0]),
        "generated/probabilities": probabilities,
        "real/masked probabilities": probabilities[::-1],
        # Equal spreads: the distance is that of the means, 3^2 + 4^2.
        "generated/features": np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]),
        "real/features": np.array([[3.0, 4.0], [4.0, 4.0], [3.0, 5.0]]),
    }
    measured = measures.Measures(stand_ins.protocol(), stand_ins.Classifier())
    row = measured.summary(columns)
    mean, std = _inception_score(probabilities, 2)
    masked_mean, masked_std = _inception_score(probabilities[::-1], 2)
    assert row == {
        "generated": {
            "l1": 3.0,
            "IS (mean colour)": pytest.approx(mean, abs=1e-6),
            "IS (mean colour) std": pytest.approx(std, abs=1e-6),
            "FID (mean colour)": pytest.approx(25.0, abs=1e-5),
        },
        "copy_source": {"l1": 1.0},
        "real": {
            "masked IS (mean colour)": pytest.approx(masked_mean, abs=1e-6),
            "masked IS (mean colour) std": pytest.approx(masked_std, abs=1e-6),
        },
    }


def test_without_classifier_nothing_bears_its_name():
    row = measures.Measures(stand_ins.protocol()).summary({"generated/l1": np.ones(2)})
    assert row == {"generated": {"l1": 1.0}, "real": {}}


def test_infinity_becomes_nothing():
    columns = {"generated/PSNR": np.array([20.0, np.inf])}
    row = measures.Measures(stand_ins.protocol()).summary(columns)
    assert row["generated"] == {"PSNR": None}


@pytest.mark.parametrize(
    ("probabilities", "message"),
    [
        ([[0.5, 0.4], [0.5, 0.5]], r"a sum of 0\.9,"),
        ([[3.0, -2.0], [0.5, 0.5]], r"least -2"),
        ([[0.5, 0.5], [np.nan, 0.5]], r"a sum of nan"),
    ],
)
def test_a_classifier_that_gives_no_probabilities_is_named(probabilities, message):
    real, generated, *_ = _batch(2)
    classifier = stand_ins.Classifier()
    measured = measures.Measures(stand_ins.protocol(), lambda pictures: None)
    measured.classifier = lambda pictures: (probabilities, np.ones((2, 1)))
    measured.classifier.name = classifier.name
    with pytest.raises(input_error.InputError, match=f"'mean colour'.*{message}"):
        measured.columns(real, {"generated": generated})


def test_lpips_is_measured_where_it_is_installed(monkeypatch):
    class Lpips:
        def __init__(self, network):
            assert network == "alex"

        def __call__(self, reference, generated):
            return np.arange(len(reference), dtype=np.float64)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(lpips_distance, "LpipsDistance", Lpips)
    measured = measures.Measures(stand_ins.protocol(lpips_network="alex"))
    real, generated, *_ = _batch(3)
    columns = measured.columns(real, {"generated": generated})
    np.testing.assert_array_equal(columns["generated/lpips"], [0, 1, 2])
    assert measured.left_out == []


def test_lpips_that_is_not_installed_is_left_out_and_it_says_so(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    measured = measures.Measures(stand_ins.protocol(lpips_network="alex"))
    assert list(measured.pair_metrics) == ["ssim", "l1"]
    assert measured.left_out == ["lpips: the package lpips is not installed"]
    assert measures.Measures(stand_ins.protocol()).left_out == []


def test_fewer_pairs_than_splits_are_refused_only_with_a_classifier():
    measured = measures.Measures(stand_ins.protocol(), stand_ins.Classifier())
    measured.check(2, (16, 16))
    with pytest.raises(input_error.InputError, match=r"2 splits.*Received: 1 pairs"):
        measured.check(1, (16, 16))
    measures.Measures(stand_ins.protocol()).check(1, (16, 16))


def test_pictures_smaller_than_a_window_are_refused():
    measured = measures.Measures(stand_ins.protocol())
    with pytest.raises(input_error.InputError, match=r"ssim.* 32 high and 8 wide"):
        measured.check(5, (32, 8))


def _batch(count):
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (3, count, 16, 12, 3), dtype=np.uint8)
    return (*pictures, random.random((count, 16, 12)) < 0.6)


def _inception_score(probabilities, splits):
    """Salimans et al.'s formula, a picture at a time, over contiguous splits."""
    scores = []
    for start in range(splits):
        part = probabilities[
            start * len(probabilities) // splits : (start + 1)
            * len(probabilities)
            // splits
        ]
        mean = part.mean(axis=0)
        divergences = [np.sum(row * np.log(row / mean)) for row in part]
        scores.append(np.exp(np.mean(divergences)))
    return np.mean(scores), np.std(scores)
