"""Tests of what a checkpoint holds: everything that training reads again."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.models import from_config
from keras_posegan.training import checkpoints
from tests import tiny_run


def test_everything_comes_back(tmp_path):
    saved, model = _new(tmp_path, seed=0)
    random = np.random.default_rng(0)
    for variable in _variables(model):
        noise = random.integers(1, 100, variable.shape)
        variable.assign(tf.cast(noise, variable.dtype))
    saved.save(7)
    restored, other = _new(tmp_path, seed=1)
    assert restored.restore() == 7
    for mine, theirs in zip(_variables(other), _variables(model), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_new_run_starts_at_step_0(tmp_path):
    saved, _ = _new(tmp_path, seed=0)
    assert saved.restore() == 0


def test_checkpoints_without_their_index_are_not_overwritten(tmp_path):
    saved, _ = _new(tmp_path, seed=0)
    saved.save(5)
    (tmp_path / "checkpoint").unlink()
    other, _ = _new(tmp_path, seed=0)
    with pytest.raises(input_error.InputError, match="which one is the newest"):
        other.restore()


def test_only_the_newest_are_kept(tmp_path):
    saved, _ = _new(tmp_path, seed=0)
    for step in (1, 2, 3):
        saved.save(step)
    assert sorted(path.stem for path in tmp_path.glob("*.index")) == [
        "step-2",
        "step-3",
    ]


def _new(folder, seed):
    keras.utils.set_random_seed(seed)
    model = from_config.pose_gan_from_config(tiny_run.tiny_config("unused"))
    return checkpoints.Checkpoints(model, folder), model


def _variables(model):
    """All of Keras's variables, dropout states and optimizers included."""
    return [
        variable.value
        for owner in (
            model.generator,
            model.discriminator,
            model.generator_optimizer,
            model.discriminator_optimizer,
        )
        for variable in owner.variables
    ]
