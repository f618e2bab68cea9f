"""Tests of the fused Adam against Keras's own."""

import json
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_posegan.models import fused_adam


def test_it_makes_the_steps_of_kerass_adam():
    rng = np.random.default_rng(0)
    start = rng.normal(size=(5, 3)).astype("float32")
    paths = []
    for kind in (fused_adam.FusedAdam, keras.optimizers.Adam):
        weight = keras.Variable(start)
        optimizer = kind(1e-2, 0.5, 0.9)
        optimizer.build([weight])
        gradients = np.random.default_rng(1).normal(size=(20, 5, 3))
        for gradient in gradients.astype("float32"):
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
        moments = [np.array(v) for v in optimizer.variables]
        paths.append([np.array(weight), *moments])
    for ours, expected in zip(*paths, strict=True):
        np.testing.assert_allclose(ours, expected, rtol=2e-6, atol=1e-7)
    assert np.abs(paths[0][0] - start).max() > 0.01


def test_two_devices_make_the_same_steps():
    script = pathlib.Path(__file__).with_name("adam_replicas.py")
    result = subprocess.run(
        [sys.executable, "-m", f"tests.models.{script.stem}"],
        cwd=script.parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    ours, expected = json.loads(result.stdout.splitlines()[-1])
    assert len(ours) == 2
    np.testing.assert_array_equal(ours[0], ours[1])
    np.testing.assert_allclose(ours, expected, rtol=2e-6)


def test_its_config_makes_it_again():
    optimizer = fused_adam.FusedAdam(3e-4, 0.25, 0.75, epsilon=1e-5)
    again = fused_adam.FusedAdam.from_config(optimizer.get_config())
    assert again.get_config() == optimizer.get_config()


def test_amsgrad_is_refused():
    with pytest.raises(ValueError, match="amsgrad"):
        fused_adam.FusedAdam(amsgrad=True)
