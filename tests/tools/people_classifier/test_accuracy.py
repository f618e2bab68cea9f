"""Tests of the measures of a classifier, on opinions made up."""

import numpy as np

from tools.people_classifier import accuracy, labelled_people

PEOPLE = labelled_people.LabelledPeople(
    # The first byte of a picture is its number.
    pictures=np.arange(5, dtype="uint8")[:, None, None, None] * np.ones(3, "uint8"),
    people=np.array([0, 0, 0, 1, 1], "int32"),
    tops=np.array([11, 11, 11, 4, 4], "int32"),
    bottoms=np.array([2, 2, 2, 0, 0], "int32"),
)


def _measure(classes, features, batch_size=2):
    probabilities = np.full((5, 36), 0.01, "float32")
    probabilities[np.arange(5), classes] = 0.65
    features = np.asarray(features, "float32")

    def classify(pictures):
        rows = pictures[:, 0, 0, 0]
        return probabilities[rows], features[rows]

    return accuracy.measure(classify, PEOPLE, batch_size)


def test_tops_bottoms_and_classes_are_counted_apart():
    # Class 3 top + bottom. Right, wrong bottom, wrong top, right, both wrong.
    measured = _measure([35, 34, 32, 12, 2], np.eye(5))
    assert measured["class"] == 2 / 5
    assert measured["top"] == 3 / 5
    assert measured["bottom"] == 3 / 5


def test_a_person_is_found_where_the_nearest_other_picture_shows_them():
    # The nearest of 0 is 1 and of 1 is 0; of 2, 3 and of 3, 2; of 4, 3.
    measured = _measure([0] * 5, [[0], [1], [5], [6], [8]])
    assert measured["person"] == 3 / 5


def test_the_size_of_batches_makes_no_difference():
    features = np.random.default_rng(0).normal(size=(5, 3))
    measured = [_measure([35, 34, 32, 12, 2], features, size) for size in (1, 3, 9)]
    assert measured[0] == measured[1] == measured[2]
