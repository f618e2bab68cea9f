"""Tests of strips of pictures side by side, as other programs write them."""

import re

import numpy as np
import pytest
from PIL import Image

from keras_posegan import input_error
from keras_posegan.evaluation import strip_folder

SIZE = (16, 12)


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("a.jpg___b.jpg_vis.png", ("a.jpg", "b.jpg")),
        ("a___b_vis.jpg", ("a", "b")),
        ("0002_c1s1_04_03.jpg_-1_c1_0.jpg.png", ("0002_c1s1_04_03.jpg", "-1_c1_0.jpg")),
        ("a_1.jpg_b_2.jpg.jpg", ("a_1.jpg", "b_2.jpg")),
    ],
)
def test_a_name_tells_the_pair(tmp_path, name, pair):
    _write(tmp_path / name, 3)
    assert strip_folder.StripFolder(tmp_path).names == [pair]


@pytest.mark.parametrize(
    "name",
    ["a.png", "a_b.png", "a.jpg___b.jpg.png", "a___b___c_vis.png", "___b_vis.png"],
)
def test_a_name_that_tells_no_pair_is_refused(tmp_path, name):
    _write(tmp_path / name, 3)
    with pytest.raises(
        input_error.InputError, match=f"{re.escape(name)}: a strip must"
    ):
        strip_folder.StripFolder(tmp_path)


def test_written_strips_are_read_back(tmp_path):
    source, real, generated = _pictures(0), _pictures(1), _pictures(2)
    names = [("a.jpg", "b.jpg"), ("b.jpg", "a.jpg")]
    strip_folder.write(tmp_path / "new", names, (source, real, generated))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "a.jpg___b.jpg_vis.png",
        "b.jpg___a.jpg_vis.png",
    ]
    strips = strip_folder.StripFolder(tmp_path / "new")
    assert strips.names == names
    assert strips.image_size == SIZE
    for row, pair in enumerate(names):
        panels = strips.read(pair)
        assert list(panels) == ["source", "target", "generated"]
        np.testing.assert_array_equal(panels["source"], source[row])
        np.testing.assert_array_equal(panels["target"], real[row])
        np.testing.assert_array_equal(panels["generated"], generated[row])


def test_panels_may_stand_elsewhere(tmp_path):
    five = [_pictures(seed)[0] for seed in range(5)]
    Image.fromarray(np.concatenate(five, axis=1)).save(tmp_path / "a___b_vis.png")
    panels = ("source", "pose", "target", "pose", "generated")
    strips = strip_folder.StripFolder(tmp_path, panels)
    assert strips.image_size == SIZE
    read = strips.read(("a", "b"))
    assert list(read) == ["source", "target", "generated"]
    for name, index in (("source", 0), ("target", 2), ("generated", 4)):
        np.testing.assert_array_equal(read[name], five[index])
    panels = ("generated", "-", "-", "-", "target")
    assert list(strip_folder.StripFolder(tmp_path, panels).read(("a", "b"))) == [
        "generated",
        "target",
    ]


@pytest.mark.parametrize(
    "panels",
    [
        ("source", "generated"),
        ("target", "real"),
        ("target", "generated", "generated"),
        ("source", "source", "target", "generated"),
    ],
)
def test_panels_that_lack_or_repeat_one_are_refused(tmp_path, panels):
    with pytest.raises(input_error.InputError, match=f"strip_panels.*{panels[0]}"):
        strip_folder.StripFolder(tmp_path, panels)


def test_a_strip_that_cannot_be_split_is_named(tmp_path):
    Image.new("RGB", (37, 16)).save(tmp_path / "a___b_vis.png")
    with pytest.raises(
        input_error.InputError, match=r"a___b_vis\.png: 37 pixels wide.*3 panels"
    ):
        strip_folder.StripFolder(tmp_path)


def test_a_strip_of_another_size_is_named(tmp_path):
    _write(tmp_path / "a___b_vis.png", 3)
    _write(tmp_path / "a___c_vis.png", 3)
    Image.new("RGB", (36, 17)).save(tmp_path / "b___a_vis.png")
    with pytest.raises(
        input_error.InputError, match=r"b___a_vis\.png: 17 pixels high.*a___b_vis\.png"
    ):
        strip_folder.StripFolder(tmp_path)


def test_two_strips_of_one_pair_are_named(tmp_path):
    _write(tmp_path / "a.jpg___b.jpg_vis.png", 3)
    _write(tmp_path / "a.jpg_b.jpg.png", 3)
    with pytest.raises(input_error.InputError, match="shows the pair of a"):
        strip_folder.StripFolder(tmp_path)


def test_pairs_of_a_list_that_have_no_strip_are_named_and_counted(tmp_path):
    for name in "abc":
        _write(tmp_path / f"{name}___z_vis.png", 3)
    strips = strip_folder.StripFolder(tmp_path)
    strips.select([("c", "z"), ("a", "z")], "pairs.csv")
    assert strips.names == [("c", "z"), ("a", "z")]
    wanted = [("a", "z"), *((name, "y") for name in "pqrs")]
    with pytest.raises(
        input_error.InputError,
        match=r"4 of the 5 pairs of pairs\.csv: p -> y; q -> y; r -> y; \.\.\.$",
    ):
        strips.select(wanted, "pairs.csv")


def test_a_folder_without_strips_is_refused(tmp_path):
    (tmp_path / "results.jsonl").write_text("{}")
    with pytest.raises(input_error.InputError, match="holds no pictures"):
        strip_folder.StripFolder(tmp_path)
    with pytest.raises(input_error.InputError, match="nowhere: no such folder"):
        strip_folder.StripFolder(tmp_path / "nowhere")


def test_a_damaged_strip_is_named(tmp_path):
    path = tmp_path / "a___b_vis.png"
    path.write_bytes(b"no picture")
    with pytest.raises(input_error.InputError, match=r"read picture .*a___b_vis\.png"):
        strip_folder.StripFolder(tmp_path)
    _write(path, 3)
    strips = strip_folder.StripFolder(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(input_error.InputError, match=r"read picture .*a___b_vis\.png"):
        strips.read(("a", "b"))


def test_a_strip_written_anew_changes_the_fingerprint(tmp_path):
    _write(tmp_path / "a___b_vis.png", 3)
    strips = strip_folder.StripFolder(tmp_path)
    before = strips.fingerprint()
    assert before == strip_folder.StripFolder(tmp_path).fingerprint()
    _write(tmp_path / "a___b_vis.png", 3, seed=1)
    assert strips.fingerprint() != before


def _pictures(seed):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (2, *SIZE, 3), dtype=np.uint8)


def _write(path, panels, seed=0):
    strip = np.concatenate([_pictures(seed)[0]] * panels, axis=1)
    Image.fromarray(strip).save(path)
