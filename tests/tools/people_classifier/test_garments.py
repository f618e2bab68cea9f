"""Tests of the classes of garments."""

import colorsys
import dataclasses

import numpy as np
import pytest

from keras_posegan.data.synthetic_people import wardrobe
from tools.people_classifier import garments


def _appearances(count):
    for seed in range(count):
        yield wardrobe.sample_appearance(np.random.default_rng(seed), seed % 2)


def _dressed(**worn):
    """Somebody in a given top or bottom."""
    look = next(_appearances(1))
    cloth = {k: worn.pop(k) for k in ("kind", "colour") if k in worn}
    return dataclasses.replace(look, top=dataclasses.replace(look.top, **cloth), **worn)


@pytest.mark.parametrize(
    ("rgb", "name"),
    [
        ((1, 1, 1), "white"),
        ((0.5, 0.5, 0.5), "grey"),
        ((0, 0, 0), "grey"),
        ((1, 0, 0), "red"),
        ((1, 0, 0.15), "red"),
        ((0.5, 0.3, 0.1), "orange"),
        ((1, 0.9, 0), "orange"),
        ((0, 0.5, 0), "green"),
        ((0, 0.8, 0.7), "turquoise"),
        ((0, 0, 0.5), "blue"),
        ((0.6, 0, 0.8), "purple"),
    ],
)
def test_colours_have_their_names(rgb, name):
    assert garments.colour(rgb) == name


@pytest.mark.parametrize("kind", ["plain", "dots", "mottled"])
def test_the_class_of_cloth_with_one_main_colour_is_the_colour(kind):
    look = _dressed(kind=kind, colour=(0, 0, 0.9))
    assert garments.TOPS[garments.top(look)] == "blue"


@pytest.mark.parametrize("kind", garments.PATTERNS)
def test_the_class_of_two_equal_colours_is_the_pattern(kind):
    look = _dressed(kind=kind, colour=(0, 0, 0.9))
    assert garments.TOPS[garments.top(look)] == kind


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("trousers", "trousers"),
        ("slim", "trousers"),
        ("shorts", "shorts"),
        ("skirt", "skirt"),
    ],
)
def test_the_class_of_a_bottom_is_its_cut(kind, name):
    assert garments.BOTTOMS[garments.bottom(_dressed(bottom_kind=kind))] == name


def test_a_class_is_a_top_with_a_bottom():
    top, bottom = garments.TOPS.index("checks"), garments.BOTTOMS.index("shorts")
    assert garments.CLASSES[garments.joined(top, bottom)] == "checks top, shorts"
    everything = garments.joined(np.arange(12)[:, None], np.arange(3)).ravel()
    assert everything.tolist() == list(range(len(garments.CLASSES)))


def test_the_wardrobe_fills_every_class_and_no_class_dominates():
    counts = np.zeros(len(garments.CLASSES))
    for look in _appearances(2000):
        counts[garments.joined(garments.top(look), garments.bottom(look))] += 1
    shares = counts / counts.sum()
    assert shares.min() > 0.003
    # The inception score of a perfect classifier of people evenly drawn.
    assert np.exp(-np.sum(shares * np.log(shares))) > 30


def test_few_colours_of_the_wardrobe_lie_on_a_border_of_two_names():
    colours = [look.top.colour for look in _appearances(1000)]
    moved = 0
    for rgb in colours:
        hue, saturation, value = colorsys.rgb_to_hsv(*rgb)
        names = {
            garments.colour(colorsys.hsv_to_rgb((hue + shift) % 1, saturation, value))
            for shift in (-0.005, 0.005)
        }
        moved += len(names) > 1
    assert moved < 50
