"""Tests of runs that select their checkpoint: trained as without, killed as without."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import inference, input_error, run_folder
from keras_posegan.training import step_rows, trainer
from tests import tiny_selection


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return tiny_selection.write(tmp_path_factory.mktemp("selection"))


@pytest.fixture(scope="module")
def selected(run, tmp_path_factory):
    """The folder of a run of 4 steps that scored each."""
    path = tmp_path_factory.mktemp("runs") / "selected"
    trainer.train(run, str(path))
    return run_folder.RunFolder(path)


def test_what_is_trained_is_the_same_to_the_bit(selected, tiny_run_dir):
    other = run_folder.RunFolder(tiny_run_dir)
    mine, theirs = _weights(selected.checkpoints), _weights(other.checkpoints)
    assert mine.keys() == theirs.keys()
    assert any("random_states" in name for name in mine)
    for name, weight in mine.items():
        np.testing.assert_array_equal(weight, theirs[name], err_msg=name)
    assert selected.metrics.read_bytes() == other.metrics.read_bytes()


def test_the_best_checkpoint_is_the_one_the_rows_say(selected):
    rows = step_rows.read(selected.selection)
    assert [row["step"] for row in rows] == [1, 2, 3, 4]
    assert {row["name"] for row in rows} == {"SSIM"}
    best = max(rows, key=lambda row: row["score"])
    path = str(selected.path)
    assert inference.TrainedGenerator(path, "best").step == best["step"]
    assert inference.TrainedGenerator(path).step == 4


@pytest.mark.slow
def test_a_killed_run_selects_the_same(run, selected, tmp_path):
    class KillError(BaseException):
        pass

    class Kill(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 3:  # Scored, but the newest checkpoint may be of step 2.
                raise KillError

    with pytest.raises(KillError):
        trainer.train(run, str(tmp_path), [Kill()])
    folder = run_folder.RunFolder(tmp_path)
    assert len(step_rows.read(folder.selection)) == 3
    trainer.train(run, str(tmp_path))
    assert folder.selection.read_bytes() == selected.selection.read_bytes()
    mine, theirs = _weights(folder.best), _weights(selected.best)
    for name, weight in mine.items():
        np.testing.assert_array_equal(weight, theirs[name], err_msg=name)


@pytest.mark.slow
def test_of_several_workers_only_the_chief_selects(run, tmp_path, monkeypatch):
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    worker = property(lambda self: False)
    monkeypatch.setattr(type(strategy.extended), "should_checkpoint", worker)
    one_step = dataclasses.replace(run, train=dataclasses.replace(run.train, steps=1))
    assert trainer.train(one_step, str(tmp_path / "run"), (), strategy) == 1
    assert not (tmp_path / "run" / "selection.jsonl").exists()


def test_people_tested_on_are_refused_before_the_run_folder_is_made(run, tmp_path):
    data = dataclasses.replace(run.data, validation_pairs=run.data.test_pairs)
    with pytest.raises(input_error.InputError, match="person '0001'"):
        trainer.train(dataclasses.replace(run, data=data), str(tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_another_selection_is_refused_on_resume(run, selected):
    config_text = selected.config.read_text()
    other = dataclasses.replace(run.train, select_by="inception_score")
    with pytest.raises(input_error.InputError, match="--train_select_by: 'ssim' in"):
        trainer.train(dataclasses.replace(run, train=other), str(selected.path))
    assert selected.config.read_text() == config_text
    assert json.loads(config_text)["train"]["select_by"] == "ssim"


def _weights(folder):
    """Every variable of the newest checkpoint by name."""
    reader = tf.train.load_checkpoint(str(folder))
    return {
        name: reader.get_tensor(name)
        for name in reader.get_variable_to_shape_map()
        if not name.startswith(("_CHECKPOINTABLE", "save_counter"))
    }
