"""Tests of LPIPS with a stand-in for the package, which is not installed here."""

import contextlib
import sys
import types

import numpy as np
import pytest

from keras_posegan import input_error
from keras_posegan.metrics import lpips_distance


class _Tensor:
    """A tensor of PyTorch, as far as this needs one."""

    def __init__(self, values):
        assert values.flags["C_CONTIGUOUS"]  # PyTorch refuses negative strides.
        self._values = values

    def numpy(self):
        return self._values


class _FakeLpips:
    """Notes what it gets; its distance is the mean squared difference."""

    def __init__(self, **options):
        self.options = options
        self.inputs = []
        self.has_gradient = None

    def __call__(self, *inputs):
        self.inputs = [tensor.numpy() for tensor in inputs]
        self.has_gradient = _Gradient.is_on
        first, second = self.inputs
        squares = np.square(first - second)
        return _Tensor(squares.mean(axis=(1, 2, 3), keepdims=True))


class _Gradient:
    is_on = True


@contextlib.contextmanager
def _no_grad():
    _Gradient.is_on = False
    yield
    _Gradient.is_on = True


@pytest.fixture
def fake_lpips(monkeypatch):
    """Puts both packages where `import` finds them; a list of the networks made."""
    made = []

    def make(**options):
        made.append(_FakeLpips(**options))
        return made[-1]

    lpips = types.SimpleNamespace(LPIPS=make)
    torch = types.SimpleNamespace(from_numpy=_Tensor, no_grad=_no_grad)
    monkeypatch.setitem(sys.modules, "lpips", lpips)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return made


def _pictures():
    random = np.random.default_rng(0)
    return random.integers(0, 256, (2, 2, 5, 4, 3), dtype=np.uint8)


def test_the_network_gets_channels_first_on_minus_one_to_one(fake_lpips):
    reference, generated = _pictures()
    reference[0, 0, 0], reference[0, 1, 0] = 0, 255
    lpips_distance.LpipsDistance()(reference, generated)
    (network,) = fake_lpips
    for pictures, values in zip((reference, generated), network.inputs, strict=True):
        assert values.dtype == np.float32
        assert values.shape == (2, 3, 5, 4)
        for channel in range(3):
            np.testing.assert_allclose(
                values[:, channel], pictures[..., channel] / 127.5 - 1, atol=1e-6
            )
    assert network.inputs[0].min() == -1.0
    assert network.inputs[0].max() == 1.0
    assert network.has_gradient is False


def test_gives_one_distance_a_pair(fake_lpips):
    reference, generated = _pictures()
    distances = lpips_distance.LpipsDistance()(reference, generated)
    assert distances.dtype == np.float64
    expected = np.square(reference / 127.5 - generated / 127.5).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(distances, expected, rtol=1e-5)


def test_the_network_is_the_one_asked_for_and_is_made_once(fake_lpips):
    for name in lpips_distance.NETWORKS:
        distance = lpips_distance.LpipsDistance(name)
        assert distance.network == name
        distance(*_pictures())
        distance(*_pictures())
    assert [network.options["net"] for network in fake_lpips] == [
        "alex",
        "vgg",
        "squeeze",
    ]
    assert {network.options["version"] for network in fake_lpips} == {"0.1"}
    lpips_distance.LpipsDistance()
    assert fake_lpips[-1].options["net"] == "alex"


def test_rejects_an_unknown_network(fake_lpips):
    with pytest.raises(ValueError, match="network='resnet'"):
        lpips_distance.LpipsDistance("resnet")


@pytest.mark.parametrize("package", ["lpips", "torch"])
def test_without_the_package_says_how_to_get_it(fake_lpips, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)  # As if not installed.
    with pytest.raises(
        input_error.InputError, match=r"pip install lpips==0\.1\.4"
    ) as info:
        lpips_distance.LpipsDistance()
    assert package in str(info.value)
    assert "\n" not in str(info.value)


def test_rejects_what_is_not_uint8_pictures(fake_lpips):
    reference, generated = _pictures()
    with pytest.raises(ValueError, match=r"`generated` must be uint8.*float64"):
        lpips_distance.LpipsDistance()(reference, generated / 255.0)
