"""Tests of measuring pictures that another program wrote."""

import json

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.evaluation import (
    result_rows,
    streaming,
    strip_folder,
    strips_evaluation,
)
from keras_posegan.metrics import l1, masked, ssim
from keras_posegan.pose import body_mask, keypoint_files
from tests.evaluation import stand_ins

SIZE = (16, 12)
# In the order of the strips' file names.
NAMES = [("a.jpg", "b.jpg"), ("b.jpg", "a.jpg"), ("b.jpg", "c.jpg")]


def test_a_row_is_the_mean_over_strips(strips):
    folder, (source, real, generated) = strips
    row = strips_evaluation.evaluate_strips(
        str(folder),
        stand_ins.protocol(is_masked=False),
        stand_ins.Classifier(),
        batch_size=2,
    )
    assert row["generated"]["ssim"] == pytest.approx(ssim.ssim(real, generated).mean())
    assert row["generated"]["l1"] == pytest.approx(l1.l1(real, generated).mean())
    assert row["copy_source"]["l1"] == pytest.approx(l1.l1(real, source).mean())
    assert "FID (mean colour)" in row["generated"]
    assert list(row["real"]) == ["IS (mean colour)", "IS (mean colour) std"]
    assert row["pairs"] == 3
    assert row["pairs_sha256"] == result_rows.pairs_sha256(NAMES)
    assert row["strips"] == str(folder)


def test_annotations_of_the_targets_give_the_masked_measures(strips, tmp_path):
    folder, (source, real, generated) = strips
    keypoints = np.zeros((3, 18, 3), np.float32)
    keypoints[:, 4] = [(2, 3, 1), (8, 5, 1), (5, 12, 1)]  # One joint each.
    annotations = tmp_path / "annotations.csv"
    keypoint_files.write_annotations(
        annotations, ["c.jpg", "a.jpg", "b.jpg"], keypoints
    )
    row = strips_evaluation.evaluate_strips(
        str(folder), stand_ins.protocol(), annotations=str(annotations)
    )
    # The targets are b, a, c.
    masks = np.stack([body_mask.body_mask(keypoints[i], SIZE) for i in (2, 1, 0)])
    assert 0 < masks.mean() < 1
    for name, pictures in (("generated", generated), ("copy_source", source)):
        assert row[name]["masked l1"] == pytest.approx(
            l1.l1(masked.masked(real, masks), masked.masked(pictures, masks)).mean()
        )
    assert row["left_out"] == []


def test_without_annotations_the_masked_measures_are_left_out_and_it_says_so(
    strips, capsys
):
    folder, _ = strips
    row = strips_evaluation.evaluate_strips(str(folder), stand_ins.protocol())
    assert row["left_out"] == ["masked measures: they need --annotations"]
    assert not any("masked" in name for name in row["generated"])
    assert "left out: masked measures: they need" in capsys.readouterr().out


def test_a_protocol_without_masks_says_nothing_of_them(strips, capsys):
    folder, _ = strips
    protocol = stand_ins.protocol(is_masked=False)
    row = strips_evaluation.evaluate_strips(str(folder), protocol)
    assert row["left_out"] == []
    assert "masked" not in capsys.readouterr().out


def test_a_list_says_which_strips_and_in_which_order(strips, tmp_path):
    folder, (_, real, generated) = strips
    (tmp_path / "pairs.csv").write_text("from,to\nb.jpg,c.jpg\na.jpg,b.jpg\n")
    row = strips_evaluation.evaluate_strips(
        str(folder),
        stand_ins.protocol(is_masked=False),
        pairs_file=str(tmp_path / "pairs.csv"),
    )
    assert row["pairs_sha256"] == result_rows.pairs_sha256([NAMES[2], NAMES[0]])
    expected = l1.l1(real[[2, 0]], generated[[2, 0]]).mean()
    assert row["generated"]["l1"] == pytest.approx(expected)


def test_rows_are_appended_and_nothing_else_is_left(strips):
    folder, _ = strips
    before = set(folder.iterdir())
    rows = [
        strips_evaluation.evaluate_strips(str(folder), stand_ins.protocol())
        for _ in range(2)
    ]
    assert set(folder.iterdir()) - before == {folder / "results.jsonl"}
    lines = (folder / "results.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_strips_written_anew_are_not_taken_from_an_interrupted_evaluation(
    strips, monkeypatch
):
    folder, (source, real, _) = strips
    monkeypatch.setattr(streaming, "CHUNK_PAIRS", 1)
    protocol = stand_ins.protocol(is_masked=False)
    broken = folder / "b.jpg___c.jpg_vis.png"
    broken.write_bytes(broken.read_bytes()[:-30])
    with pytest.raises(input_error.InputError, match=broken.name):
        strips_evaluation.evaluate_strips(str(folder), protocol)
    assert len(list(folder.rglob("*.npz"))) == 2
    strip_folder.write(folder, NAMES, (source, real, real))
    row = strips_evaluation.evaluate_strips(str(folder), protocol)
    assert row["generated"]["l1"] == 0.0


def test_bad_input_leaves_the_rows_as_they_were(strips, tmp_path):
    folder, _ = strips
    strips_evaluation.evaluate_strips(str(folder), stand_ins.protocol())
    before = (folder / "results.jsonl").read_bytes()
    annotations = tmp_path / "annotations.csv"
    keypoint_files.write_annotations(annotations, ["a.jpg"], np.ones((1, 18, 3)))
    with pytest.raises(
        input_error.InputError, match=r"no row for 2 of the 3 target.*b\.jpg, c\.jpg"
    ):
        strips_evaluation.evaluate_strips(
            str(folder), stand_ins.protocol(), annotations=str(annotations)
        )
    classifier = stand_ins.Classifier()
    pairs_file = tmp_path / "pairs.csv"
    pairs_file.write_text("from,to\na.jpg,b.jpg\n")
    with pytest.raises(input_error.InputError, match="2 splits"):
        strips_evaluation.evaluate_strips(
            str(folder), stand_ins.protocol(), classifier, pairs_file=str(pairs_file)
        )
    assert (folder / "results.jsonl").read_bytes() == before


@pytest.fixture
def strips(tmp_path):
    """A folder of three strips, and their pictures in the same order."""
    folder = tmp_path / "strips"
    random = np.random.default_rng(0)
    pictures = random.integers(0, 256, (3, 3, *SIZE, 3), dtype=np.uint8)
    strip_folder.write(folder, NAMES, pictures)
    return folder, pictures
