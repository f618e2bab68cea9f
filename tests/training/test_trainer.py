"""Tests of training: resume to the bit, callbacks, what a run writes."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_posegan import config, inference, input_error, run_folder
from keras_posegan.training import metrics_log, step_rows, trainer
from tests import tiny_run, tiny_selection
from tests.data import drawn_dataset

ROOT = pathlib.Path(__file__).parents[2]


def test_a_run_writes_what_it_promises(tiny_run_dir, tiny_data_dir):
    folder, run = run_folder.open_for_reading(str(tiny_run_dir))
    assert run == tiny_run.tiny_config(tiny_data_dir)
    rows = metrics_log.read_metrics(folder)
    assert [row["step"] for row in rows] == [1, 2, 3, 4]
    assert set(rows[0]) == {
        "step",
        "discriminator_loss",
        "generator_adversarial_loss",
        "nearest_neighbor_loss",
        "gamma/generator/attention_2",
        "gamma/generator/attention_1",
        "gamma/discriminator/attention_2",
        "gamma/discriminator/attention_4",
    }
    samples = sorted(path.name for path in folder.samples.iterdir())
    assert samples == ["step_000002.png", "step_000004.png"]
    grid = np.array(Image.open(folder.samples / samples[-1]))
    height, width = drawn_dataset.IMAGE_SIZE
    assert grid.shape == (2 * height, 4 * width, 3)
    assert any(folder.tensorboard.iterdir())


@pytest.mark.slow
def test_an_interrupted_run_goes_on_to_the_bit(tmp_path, tiny_data_dir, tiny_run_dir):
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:  # In the middle of the second epoch.
                os.kill(os.getpid(), signal.SIGINT)

    run = tiny_run.tiny_config(tiny_data_dir)
    run_dir = tmp_path / "run"
    assert trainer.train(run, str(run_dir), [Interrupt()]) == 3
    assert inference.TrainedGenerator(str(run_dir)).step == 3
    assert trainer.train(run, str(run_dir)) == 4
    _assert_same_run(run_dir, tiny_run_dir)


@pytest.mark.slow
def test_a_killed_run_goes_on_to_the_bit(tmp_path, tiny_data_dir, tiny_run_dir):
    run = tiny_run.tiny_config(tiny_data_dir)
    config.write(run, tmp_path / "config.json")
    # SIGKILL in the third step: the steps since the last epoch's end are lost.
    script = """
import os, pathlib, signal, sys
import keras
from keras_posegan import config
from keras_posegan.training import trainer
class Kill(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            os.kill(os.getpid(), signal.SIGKILL)
trainer.train(config.read(pathlib.Path(sys.argv[1])), sys.argv[2], [Kill()])
"""
    run_dir = tmp_path / "run"
    killed = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "config.json", run_dir],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert trainer.train(run, str(run_dir)) == 4
    _assert_same_run(run_dir, tiny_run_dir)


@pytest.mark.slow
def test_two_devices_train_as_one(tmp_path):
    config.write(tiny_selection.write(tmp_path, steps=2), tmp_path / "config.json")
    rows, scores = [], []
    for replicas in "1", "2":
        run_dir = tmp_path / replicas
        process = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.training.replica_training",
                tmp_path / "config.json",
                run_dir,
                replicas,
            ],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        folder = run_folder.RunFolder(run_dir)
        rows.append(metrics_log.read_metrics(folder))
        scores.append([row["score"] for row in step_rows.read(folder.selection)])
    one, two = rows
    # The second step shows what the first one did to the weights.
    for mine, other in zip(one, two, strict=True):
        assert mine == pytest.approx(other, rel=1e-3, abs=1e-6)
    one, two = scores
    assert len(one) == 2
    assert one == pytest.approx(two, abs=1e-3)


def test_a_batch_that_devices_cannot_share_is_refused(tmp_path, tiny_data_dir):
    class ThreeReplicas(tf.distribute.OneDeviceStrategy):
        num_replicas_in_sync = 3

    run = tiny_run.tiny_config(tiny_data_dir)
    with pytest.raises(input_error.InputError, match="--train_batch_size=2"):
        trainer.train(run, str(tmp_path / "run"), (), ThreeReplicas("CPU:0"))


def test_a_finished_run_is_left_as_it_is(tiny_run_dir, tiny_data_dir):
    before = _weights(tiny_run_dir)
    files = {
        path: path.read_bytes()
        for path in (tiny_run_dir / "metrics.jsonl", *tiny_run_dir.glob("samples/*"))
    }
    assert trainer.train(tiny_run.tiny_config(tiny_data_dir), str(tiny_run_dir)) == 4
    for name, weight in _weights(tiny_run_dir).items():
        np.testing.assert_array_equal(weight, before[name])
    for path, content in files.items():
        assert path.read_bytes() == content, path


def test_callbacks_of_the_user_see_steps_epochs_and_losses(tmp_path, tiny_data_dir):
    events = []

    class Spy(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            events.append(("begin", epoch))

        def on_train_batch_end(self, batch, logs=None):
            events.append(("step", batch, sorted(logs)))

        def on_epoch_end(self, epoch, logs=None):
            events.append(("end", epoch))
            self.model.stop_training = True

    run = tiny_run.tiny_config(tiny_data_dir)
    assert trainer.train(run, str(tmp_path / "run"), [Spy()]) == 2
    losses = [
        "discriminator_loss",
        "generator_adversarial_loss",
        "nearest_neighbor_loss",
    ]
    assert events == [
        ("begin", 0),
        ("step", 0, losses),
        ("step", 1, losses),
        ("end", 0),
    ]


def test_another_seed_is_another_run(tmp_path, tiny_data_dir, tiny_run_dir):
    run = tiny_run.tiny_config(tiny_data_dir, seed=1, steps=1)
    trainer.train(run, str(tmp_path / "run"))
    rows = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    first = (tiny_run_dir / "metrics.jsonl").read_text().splitlines()[0]
    assert json.loads(rows[0])["nearest_neighbor_loss"] != pytest.approx(
        json.loads(first)["nearest_neighbor_loss"], rel=1e-6
    )


def test_bad_data_is_refused_before_the_run_folder_is_made(tmp_path):
    data_dir = drawn_dataset.write(tmp_path / "data")
    picture = next((data_dir / "bounding_box_train").iterdir())
    picture.write_bytes(picture.read_bytes()[:100])
    with pytest.raises(input_error.InputError, match=picture.name):
        trainer.train(tiny_run.tiny_config(data_dir), str(tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_features_that_cannot_be_had_leave_no_run_folder(tmp_path, tiny_data_dir):
    run = tiny_run.tiny_config(tiny_data_dir)
    loss = dataclasses.replace(run.loss, perceptual_features="nowhere.npz")
    with pytest.raises(input_error.InputError, match=r"nowhere\.npz"):
        trainer.train(dataclasses.replace(run, loss=loss), str(tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_an_empty_data_dir_is_refused(tmp_path):
    with pytest.raises(input_error.InputError, match="--data_dir is empty"):
        trainer.train(tiny_run.tiny_config(""), str(tmp_path / "run"))


def test_a_checkpoint_of_other_networks_is_refused(tmp_path, tiny_run_dir):
    folder, _ = run_folder.open_for_reading(str(tiny_run_dir))
    (tmp_path / "config.json").write_text(
        folder.config.read_text().replace('"width": 0.125', '"width": 0.25')
    )
    (tmp_path / "checkpoints").symlink_to(folder.checkpoints)
    with pytest.raises(input_error.InputError, match="of another network"):
        inference.TrainedGenerator(str(tmp_path))


def _assert_same_run(run_dir, other_dir):
    """Weights, optimizers, random states and logs: everything, to the bit."""
    mine, other = _weights(run_dir), _weights(other_dir)
    assert set(mine) == set(other)
    for name, weight in mine.items():
        np.testing.assert_array_equal(weight, other[name], err_msg=name)
    for file in ("metrics.jsonl", "samples/step_000004.png"):
        assert (run_dir / file).read_bytes() == (other_dir / file).read_bytes(), file


def _weights(run_dir):
    """Every variable of the newest checkpoint by name."""
    reader = tf.train.load_checkpoint(str(pathlib.Path(run_dir) / "checkpoints"))
    return {
        name: reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if not name.startswith(("_CHECKPOINTABLE", "save_counter"))
    }
