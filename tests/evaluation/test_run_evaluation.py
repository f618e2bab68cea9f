"""Tests of measuring a run: the row, its baselines, where it is written."""

import dataclasses
import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import config, inference, input_error
from keras_posegan.data import dataset_check, market1501, pairs
from keras_posegan.evaluation import (
    result_rows,
    run_evaluation,
    streaming,
    strips_evaluation,
)
from keras_posegan.metrics import l1, masked, ssim
from keras_posegan.pose import body_mask
from tests import tiny_run
from tests.data import drawn_dataset
from tests.evaluation import stand_ins


def test_a_row_is_the_mean_over_pairs(run_dir, trained_pairs):
    pictures, chosen, pairs_file = trained_pairs
    # Two batches, the last one short: a mean of means would be wrong.
    row = run_evaluation.evaluate_run(
        str(run_dir),
        stand_ins.protocol(),
        stand_ins.Classifier(),
        pairs_file=pairs_file,
        data_dir=str(pictures.folder.parent),
        batch_size=5,
    )
    image = np.stack([dataset_check.read_picture(p, (32, 16)) for p in pictures.paths])
    source, target = image[chosen[:, 0]], image[chosen[:, 1]]
    keypoints = pictures.keypoints[chosen[:, 1]]
    generator = inference.TrainedGenerator(str(run_dir))
    generated = generator(source, pictures.keypoints[chosen[:, 0]], keypoints)
    mean_picture = run_evaluation.mean_picture(
        market1501.load(pictures.folder.parent, "train"), (32, 16)
    )
    masks = np.stack([body_mask.body_mask(figure, (32, 16)) for figure in keypoints])
    assert row["pairs"] == len(chosen) == 8
    assert row["step"] == 4
    for name, candidate, tolerance in (
        ("copy_source", source, 1e-9),
        ("mean_picture", np.broadcast_to(mean_picture, target.shape), 1e-9),
        # Batches of another size may round a grey level elsewhere.
        ("generated", generated, 1e-3),
    ):
        both = [masked.masked(pictures, masks) for pictures in (target, candidate)]
        expected = {
            "ssim": ssim.ssim(target, candidate).mean(),
            "l1": l1.l1(target, candidate).mean(),
            "masked ssim": ssim.ssim(*both).mean(),
            "masked l1": l1.l1(*both).mean(),
        }
        found = {metric: row[name][metric] for metric in expected}
        assert found == pytest.approx(expected, abs=tolerance)
    for name in "generated", "real":
        for prefix in "", "masked ":
            assert row[name][f"{prefix}IS (mean colour)"] >= 1.0
    assert row["generated"]["FID (mean colour)"] > 0


def test_a_row_says_where_its_numbers_come_from(
    run_dir, tiny_data_dir, quick_generator
):
    row = run_evaluation.evaluate_run(
        str(run_dir), stand_ins.protocol(), checkpoint="best"
    )
    names = drawn_dataset.NAMES["test"]
    expected = {
        "protocol": "test",
        "run_dir": str(run_dir),
        "checkpoint": "best",
        "step": 4,
        "data_dir": str(tiny_data_dir),
        "pairs": 2,
        "pairs_file": "",
        "pairs_sha256": result_rows.pairs_sha256([names, names[::-1]]),
        "classifier": None,
        "commit": result_rows.commit(),
        "config": dataclasses.asdict(config.read(run_dir / "config.json")),
    }
    assert {name: row[name] for name in expected} == expected
    assert row["real"] == {}
    assert quick_generator == [(str(run_dir), "best")]


def test_the_mean_picture_is_the_mean(tiny_data_dir):
    pictures = market1501.load(tiny_data_dir, "train")
    image = [dataset_check.read_picture(p, (32, 16)) for p in pictures.paths]
    np.testing.assert_array_equal(
        run_evaluation.mean_picture(pictures, (32, 16)),
        np.round(np.mean(image, axis=0)).astype("uint8"),
    )


def test_rows_are_appended_and_nothing_else_is_left(run_dir, quick_generator):
    before = set(run_dir.rglob("*"))
    rows = [
        run_evaluation.evaluate_run(str(run_dir), stand_ins.protocol())
        for _ in range(2)
    ]
    path = run_dir / "results.jsonl"
    assert set(run_dir.rglob("*")) - before == {path}
    assert [json.loads(line) for line in path.read_text().splitlines()] == rows


def test_other_pairs_can_be_given(run_dir, tmp_path, quick_generator):
    (tmp_path / "pairs.csv").write_text(
        "from,to\n0001_c1s1_000009_00.jpg,0001_c1s1_000010_00.jpg\n"
    )
    row = run_evaluation.evaluate_run(
        str(run_dir), stand_ins.protocol(), pairs_file=str(tmp_path / "pairs.csv")
    )
    assert row["pairs"] == 1
    assert row["pairs_file"] == str(tmp_path / "pairs.csv")


def test_saved_pictures_are_strips_that_give_the_same_row(
    run_dir, trained_pairs, quick_generator
):
    pictures, chosen, pairs_file = trained_pairs
    protocol = stand_ins.protocol()
    row = run_evaluation.evaluate_run(
        str(run_dir),
        protocol,
        data_dir=str(pictures.folder.parent),
        pairs_file=pairs_file,
        batch_size=3,
        save_pictures=True,
    )
    folder = run_dir / "pictures_000004"
    names = pictures.names
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{names[source]}___{names[target]}_vis.png" for source, target in chosen
    )
    annotations = market1501.annotation_file(pictures.folder.parent, "test")
    strips = strips_evaluation.evaluate_strips(
        str(folder), protocol, annotations=str(annotations)
    )
    assert strips["generated"] == pytest.approx(row["generated"], abs=1e-12)
    assert strips["copy_source"] == pytest.approx(row["copy_source"], abs=1e-12)


def test_an_interrupted_evaluation_goes_on(
    run_dir, trained_pairs, monkeypatch, quick_generator
):
    pictures, _, pairs_file = trained_pairs
    monkeypatch.setattr(streaming, "CHUNK_PAIRS", 3)
    asked = {"pairs_file": pairs_file, "data_dir": str(pictures.folder.parent)}
    whole = run_evaluation.evaluate_run(
        str(run_dir), stand_ins.protocol(), stand_ins.Classifier(), **asked
    )
    classifier = stand_ins.Classifier()
    interrupting = stand_ins.Classifier()

    def interrupt(pictures):
        if interrupting.seen >= 15:  # Three pairs are twelve pictures.
            raise KeyboardInterrupt
        return stand_ins.Classifier.__call__(interrupting, pictures)

    interrupt.name, interrupt.checksum = classifier.name, classifier.checksum
    with pytest.raises(KeyboardInterrupt):
        run_evaluation.evaluate_run(
            str(run_dir), stand_ins.protocol(), interrupt, **asked
        )
    assert len((run_dir / "results.jsonl").read_text().splitlines()) == 1
    row = run_evaluation.evaluate_run(
        str(run_dir), stand_ins.protocol(), classifier, **asked
    )
    assert classifier.seen == 4 * (8 - 3)
    assert row == whole
    assert not (run_dir / "evaluation.partial").exists()


def test_a_generator_of_nan_is_named_with_the_pair(run_dir, monkeypatch):
    run_evaluation.evaluate_run(str(run_dir), stand_ins.protocol())
    before = (run_dir / "results.jsonl").read_bytes()

    class Diverged(inference.TrainedGenerator):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            drawn = tf.fill((2, 32, 16, 3), np.nan)
            self.generator = lambda inputs, training: drawn

    monkeypatch.setattr(inference, "TrainedGenerator", Diverged)
    first, second = drawn_dataset.NAMES["test"]
    with pytest.raises(input_error.InputError, match=f"NaN for {first} -> {second}"):
        run_evaluation.evaluate_run(str(run_dir), stand_ins.protocol())
    assert (run_dir / "results.jsonl").read_bytes() == before


def test_fewer_pairs_than_splits_are_refused_before_the_work(run_dir, tmp_path):
    (tmp_path / "pairs.csv").write_text(
        "from,to\n0001_c1s1_000009_00.jpg,0001_c1s1_000010_00.jpg\n"
    )
    classifier = stand_ins.Classifier()
    with pytest.raises(input_error.InputError, match=r"2 splits.*1 pairs"):
        run_evaluation.evaluate_run(
            str(run_dir),
            stand_ins.protocol(),
            classifier,
            pairs_file=str(tmp_path / "pairs.csv"),
        )
    assert classifier.seen == 0


def test_a_corrupt_training_picture_is_named(tmp_path):
    data_dir = drawn_dataset.write(tmp_path / "data")
    (tmp_path / "run").mkdir()
    config.write(tiny_run.tiny_config(data_dir), tmp_path / "run" / "config.json")
    picture = next((data_dir / "bounding_box_train").glob("0002*"))
    picture.write_bytes(picture.read_bytes()[:100])
    with pytest.raises(input_error.InputError, match=picture.name):
        run_evaluation.evaluate_run(str(tmp_path / "run"), stand_ins.protocol())
    assert not (tmp_path / "run" / "results.jsonl").exists()


def test_other_data_that_is_missing_is_named(run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match="nowhere"):
        run_evaluation.evaluate_run(
            str(run_dir), stand_ins.protocol(), data_dir=str(tmp_path / "nowhere")
        )


@pytest.fixture
def run_dir(tiny_run_dir, tmp_path):
    """A copy of the tiny run, to be written in."""
    kept = shutil.ignore_patterns("results.jsonl", "tensorboard", "samples")
    return shutil.copytree(tiny_run_dir, tmp_path / "run", ignore=kept)


@pytest.fixture
def quick_generator(monkeypatch):
    """Draws the source upside down, in no time; the list of what it was made from."""
    made = []

    class Generator:
        step = 4

        def __init__(self, run_dir, checkpoint):
            made.append((run_dir, checkpoint))

        def __call__(self, source_image, source_keypoints, target_keypoints, names):
            assert len(names) == len(source_keypoints) == len(target_keypoints)
            return source_image[:, ::-1]

    monkeypatch.setattr(inference, "TrainedGenerator", Generator)
    return made


@pytest.fixture
def trained_pairs(tiny_data_dir, tmp_path):
    """The training pictures as a test split: 8 pairs; and a file that lists them."""
    data_dir = shutil.copytree(tiny_data_dir, tmp_path / "data")
    for name in ("bounding_box_{}", "market-annotation-{}.csv"):
        test = data_dir / name.format("test")
        shutil.rmtree(test) if test.is_dir() else test.unlink()
        train = data_dir / name.format("train")
        shutil.copytree(train, test) if train.is_dir() else shutil.copy(train, test)
    pictures = market1501.load(data_dir, "test")
    chosen = pairs.all_pairs(pictures.names, pictures.keypoints)[::-1]
    pairs.write_pairs(tmp_path / "pairs.csv", pictures.names, chosen)
    return pictures, chosen, str(tmp_path / "pairs.csv")
