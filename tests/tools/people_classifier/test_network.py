"""Tests of the classifier's layout."""

import keras
import numpy as np

from tools.people_classifier import network


def test_a_head_for_each_label_and_features_of_the_stated_shapes():
    classifier = network.build_network((64, 32), people=5)
    pictures = np.zeros((2, 64, 32, 3), "float32")
    shapes = {name: logits.shape for name, logits in classifier(pictures).items()}
    assert shapes == {"top": (2, 12), "bottom": (2, 3), "person": (2, 5)}
    features = keras.Model(classifier.input, classifier.get_layer("features").output)
    assert features(pictures).shape == (2, 128)


def test_the_first_block_keeps_the_size_of_any_picture():
    first_block = network.build_network((64, 32), people=5).get_layer("first_block")
    assert first_block(np.zeros((2, 17, 9, 3), "float32")).shape == (2, 17, 9, 16)


def test_upper_and_lower_half_of_a_picture_are_told_apart():
    classifier = network.build_network((64, 32), people=5)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 64, 32, 3))
    swapped = np.roll(picture, 32, axis=1)
    one, other = (classifier(p.astype("float32"))["top"] for p in (picture, swapped))
    assert np.abs(one - other).max() > 1e-2
