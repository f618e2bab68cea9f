"""Tests of the number by which checkpoints are compared."""

import dataclasses
import pathlib

import keras
import numpy as np
import pytest

from keras_posegan import inference, input_error
from keras_posegan.data import pair_sets, pipeline
from keras_posegan.metrics import classifiers, frechet_distance, inception_score, ssim
from keras_posegan.models import from_config
from keras_posegan.training import validation_score
from tests import tiny_selection


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tiny_selection.write(tmp_path_factory.mktemp("selection"))


@pytest.fixture(scope="module")
def generator(run):
    keras.utils.set_random_seed(0)
    return from_config.generator_from_config(run)


@pytest.fixture(scope="module")
def pictures(run, generator):
    """Target and generated pictures, each alone, in the order of the list."""
    found, test_pairs = pair_sets.load(run.data, "test")
    pairs = pair_sets.load_validation(run.data, found, test_pairs)
    real, generated = [], []
    for batch in pipeline.evaluation_batches(found, pairs, run.data.image_size, 1):
        real.append(batch.pop("target_image").numpy())
        generated.append(inference.generate_pictures(generator, **batch).numpy())
    return real, generated


@pytest.fixture
def classifier(monkeypatch):
    """The classifier loaded; two batches of pairs, of six each."""
    fake = tiny_selection.FakeClassifier()
    monkeypatch.setattr(classifiers, "load", {"fake.pb": fake}.__getitem__)
    monkeypatch.setattr(validation_score, "_BATCH_SIZE", 6)
    return fake


def test_ssim_is_the_mean_over_pairs(run, generator, classifier, pictures):
    score = _score(run, "ssim")
    assert (score.name, score.higher_is_better) == ("SSIM", True)
    real, generated = pictures
    expected = np.mean([ssim.ssim(*pair) for pair in zip(real, generated, strict=True)])
    assert score(generator) == pytest.approx(expected, abs=1e-3)
    assert isinstance(score(generator), float)
    assert not classifier.batches


def test_inception_score_is_of_all_generated_in_order(
    run, generator, classifier, pictures, monkeypatch
):
    received = {}

    def fake(probabilities, splits):
        received.update(probabilities=probabilities, splits=splits)
        return 3.0, 0.5

    monkeypatch.setattr(inception_score, "inception_score", fake)
    monkeypatch.setattr(validation_score, "_BATCH_SIZE", 5)  # The last one is short.
    score = _score(run, "inception_score")
    assert (score.name, score.higher_is_better) == ("IS (fake)", True)
    assert score(generator) == 3.0
    # Bounded memory: never all twelve at once.
    assert classifier.batches == [5, 5, 2]
    assert received["splits"] == 10
    _, generated = pictures
    expected = np.concatenate([classifier(picture)[0] for picture in generated])
    np.testing.assert_allclose(received["probabilities"], expected, atol=0.01)
    assert not np.allclose(expected, expected[::-1], atol=0.02)


def test_frechet_distance_is_between_generated_and_target(
    run, generator, classifier, pictures, monkeypatch
):
    received = []

    def fake(features, other):
        received.extend([features, other])
        return 7.0

    monkeypatch.setattr(frechet_distance, "frechet_distance", fake)
    score = _score(run, "frechet_distance")
    assert (score.name, score.higher_is_better) == ("FID (fake)", False)
    assert score(generator) == 7.0
    assert max(classifier.batches) == 6
    real, generated = pictures
    for features, drawn in zip(received, (generated, real), strict=True):
        expected = np.concatenate([classifier(picture)[1] for picture in drawn])
        np.testing.assert_allclose(features, expected, atol=0.01)


def test_the_score_is_of_the_weights_as_they_are(run, generator, classifier):
    score = _score(run, "ssim")
    before = score(generator)
    bias = generator.get_layer("decoder_picture").bias
    kept = bias.numpy()
    bias.assign(kept + 0.5)
    assert score(generator) != before
    bias.assign(kept)
    assert score(generator) == before
    assert score._generate.experimental_get_tracing_count() == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_generator_scores_nan(run, generator, classifier, bad):
    # Its pictures would be black, and have a score like any others.
    bias = generator.get_layer("decoder_picture").bias
    kept = bias.numpy()
    bias.assign([*kept[:2], bad])
    assert np.isnan(_score(run, "ssim")(generator))
    bias.assign(kept)


@pytest.mark.parametrize(
    ("select_by", "fewest"),
    [("inception_score", 10), ("frechet_distance", 2), ("ssim", 1)],
)
def test_too_few_pairs_are_refused(run, classifier, tmp_path, select_by, fewest):
    lines = pathlib.Path(run.data.validation_pairs).read_text().splitlines()
    path = tmp_path / "few.csv"
    data = dataclasses.replace(run.data, validation_pairs=str(path))
    few = dataclasses.replace(run, data=data)
    path.write_text("\n".join(lines[: 1 + fewest]))
    _score(few, select_by)  # Just enough, below the header.
    if fewest == 1:
        return
    path.write_text("\n".join(lines[:fewest]))
    message = rf"few\.csv.*={select_by} takes {fewest} .*Received: {fewest - 1}"
    with pytest.raises(input_error.InputError, match=message):
        _score(few, select_by)


def test_a_classifier_that_cannot_be_read_names_the_flag(run, monkeypatch):
    def load(path):
        raise input_error.InputError("no such file")

    monkeypatch.setattr(classifiers, "load", load)
    message = r"--train_select_classifier=fake\.pb: no such file"
    with pytest.raises(input_error.InputError, match=message):
        _score(run, "inception_score")


def _score(run, select_by):
    train = dataclasses.replace(run.train, select_by=select_by)
    run = dataclasses.replace(run, train=train)
    return validation_score.ValidationScore(run, *pair_sets.load(run.data, "test"))
