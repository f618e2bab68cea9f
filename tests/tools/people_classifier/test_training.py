"""Tests of training, on a handful of pictures whose classes a child could tell."""

import numpy as np
import pytest

from tools.people_classifier import labelled_people, training


@pytest.fixture(scope="module")
def people():
    """Sixteen noisy pictures: what is worn above is dark or light, below too."""
    random = np.random.default_rng(0)
    tops, bottoms = np.arange(16) % 2, np.arange(16) // 2 % 2
    pictures = random.integers(0, 60, (16, 32, 16, 3))
    pictures[:, :16] += 150 * tops[:, None, None, None]
    pictures[:, 16:] += 150 * bottoms[:, None, None, None]
    return labelled_people.LabelledPeople(
        pictures=pictures.astype("uint8"),
        people=(tops + 2 * bottoms).astype("int32"),
        tops=tops.astype("int32"),
        bottoms=bottoms.astype("int32"),
    )


def _train(people, **options):
    defaults = {"epochs": 12, "batch_size": 8, "learning_rate": 5e-3, "seed": 0}
    return training.train(people, **{**defaults, **options})


def test_every_head_learns_its_label(people):
    classifier = _train(people)
    logits = classifier(people.pictures / 127.5 - 1, training=False)
    assert np.argmax(logits["top"], axis=1).tolist() == people.tops.tolist()
    assert np.argmax(logits["bottom"], axis=1).tolist() == people.bottoms.tolist()
    assert np.argmax(logits["person"], axis=1).tolist() == people.people.tolist()


def test_a_seed_gives_the_same_weights_again(people):
    one, other = (_train(people, epochs=1).get_weights() for _ in range(2))
    for weight, same in zip(one, other, strict=True):
        np.testing.assert_array_equal(weight, same)
