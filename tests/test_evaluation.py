"""Tests of evaluation: the row, its baselines, where it is written."""

import json

import numpy as np
import pytest

from keras_posegan import evaluation, inference, input_error
from keras_posegan.data import dataset_check, market1501, pairs
from keras_posegan.metrics import l1, ssim
from keras_posegan.training import trainer
from tests import tiny_run
from tests.data import drawn_dataset


def test_a_row_is_the_mean_over_pairs(tiny_run_dir, tiny_data_dir):
    generator = inference.TrainedGenerator(str(tiny_run_dir))
    pictures = market1501.load(tiny_data_dir, "train")
    chosen = pairs.all_pairs(pictures.names, pictures.keypoints)
    mean_picture = np.full((32, 16, 3), 100, np.uint8)
    # Two batches, the last one short: a mean of means would be wrong.
    row = evaluation.evaluate(generator, pictures, chosen, mean_picture, batch_size=5)

    image = np.stack([dataset_check.read_picture(p, (32, 16)) for p in pictures.paths])
    source, target = image[chosen[:, 0]], image[chosen[:, 1]]
    generated = generator(
        source, pictures.keypoints[chosen[:, 0]], pictures.keypoints[chosen[:, 1]]
    )
    assert row["pairs"] == len(chosen) == 8
    assert row["step"] == 4
    for name, candidate, tolerance in (
        ("copy_source", source, 1e-9),
        ("mean_picture", np.broadcast_to(mean_picture, target.shape), 1e-9),
        # Batches of another size may round a grey level elsewhere.
        ("generated", generated, 1e-3),
    ):
        assert row[name] == pytest.approx(
            {
                "ssim": ssim.ssim(target, candidate).mean(),
                "l1": l1.l1(target, candidate).mean(),
            },
            abs=tolerance,
        )


def test_the_mean_picture_is_the_mean(tiny_data_dir):
    pictures = market1501.load(tiny_data_dir, "train")
    image = [dataset_check.read_picture(p, (32, 16)) for p in pictures.paths]
    np.testing.assert_array_equal(
        evaluation.mean_picture(pictures, (32, 16)),
        np.round(np.mean(image, axis=0)).astype("uint8"),
    )


def test_rows_are_appended(tiny_run_dir):
    path = tiny_run_dir / "evaluation.jsonl"
    before = path.read_text().splitlines() if path.exists() else []
    row = evaluation.evaluate_run(str(tiny_run_dir))
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        *(json.loads(line) for line in before),
        row,
    ]
    assert row["pairs"] == 2


def test_other_pairs_can_be_given(tiny_run_dir, tmp_path):
    (tmp_path / "pairs.csv").write_text(
        "from,to\n0001_c1s1_000009_00.jpg,0001_c1s1_000010_00.jpg\n"
    )
    row = evaluation.evaluate_run(
        str(tiny_run_dir), pairs_file=str(tmp_path / "pairs.csv")
    )
    assert row["pairs"] == 1


def test_a_corrupt_training_picture_is_named(tmp_path):
    data_dir = drawn_dataset.write(tmp_path / "data")
    trainer.train(tiny_run.tiny_config(data_dir, steps=1), str(tmp_path / "run"))
    picture = next((data_dir / "bounding_box_train").glob("0002*"))
    picture.write_bytes(picture.read_bytes()[:100])
    with pytest.raises(input_error.InputError, match=picture.name):
        evaluation.evaluate_run(str(tmp_path / "run"))
    assert not (tmp_path / "run" / "evaluation.jsonl").exists()


def test_other_data_that_is_missing_is_named(tiny_run_dir, tmp_path):
    with pytest.raises(input_error.InputError, match="nowhere"):
        evaluation.evaluate_run(str(tiny_run_dir), data_dir=str(tmp_path / "nowhere"))
