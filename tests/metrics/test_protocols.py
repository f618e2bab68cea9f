"""Tests of the protocols against scikit-image with each family's own arguments."""

import dataclasses

import numpy as np
import pytest
import skimage.metrics

from keras_posegan import input_error
from keras_posegan.metrics import lpips_distance, protocols


def _pictures():
    random = np.random.default_rng(0)
    reference = random.integers(0, 256, (2, 64, 52, 3))
    generated = np.clip(reference + random.normal(0, 40, reference.shape), 20, 220)
    return reference.astype("uint8"), generated.astype("uint8")


def _dgan(real, generated):
    """One pair, as the code of Deformable GAN measures it."""
    scaled = [2 * (picture / 255.0 - 0.5) for picture in (real, generated)]
    return {
        "ssim": _gaussian_ssim(real, generated),
        "l1": np.abs(scaled[0] - scaled[1]).mean(),
    }


def _gfla(real, generated):
    """One pair, as the code of Global-Flow-Local-Attention measures it."""
    real, generated = (x.astype("float32") / 255.0 for x in (real, generated))
    difference = np.abs(real - generated)
    return {
        "psnr": skimage.metrics.peak_signal_noise_ratio(real, generated, data_range=1),
        "ssim": skimage.metrics.structural_similarity(
            real, generated, data_range=1, win_size=51, channel_axis=-1
        ),
        "ssim_256": _gaussian_ssim(real * 255.0, generated * 255.0),
        "mae": np.sum(difference) / np.sum(real + generated),
        "l1": np.mean(difference),
    }


def _gaussian_ssim(real, generated):
    return skimage.metrics.structural_similarity(
        real,
        generated,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        channel_axis=-1,
        data_range=generated.max() - generated.min(),
    )


@pytest.mark.parametrize(("name", "twin"), [("dgan", _dgan), ("gfla", _gfla)])
def test_pair_metrics_equal_the_fields_code(name, twin):
    reference, generated = _pictures()
    functions = protocols.protocol(name).pair_metrics
    expected = [twin(x, y) for x, y in zip(reference, generated, strict=True)]
    assert set(functions) == set(expected[0])
    for metric, function in functions.items():
        values = function(reference, generated)
        assert values.dtype == np.float64
        np.testing.assert_allclose(
            values, [row[metric] for row in expected], rtol=1e-5, err_msg=metric
        )


def test_what_else_the_papers_report():
    dgan, gfla = protocols.PROTOCOLS["dgan"], protocols.PROTOCOLS["gfla"]
    assert (dgan.is_masked, gfla.is_masked) == (True, False)
    assert dgan.splits == 10
    assert dgan.lpips_network is None
    assert gfla.lpips_network in lpips_distance.NETWORKS


def test_a_protocol_goes_by_its_name_and_cannot_be_changed():
    for name, protocol in protocols.PROTOCOLS.items():
        assert protocols.protocol(name) is protocol
        assert protocol.name == name
        with pytest.raises(dataclasses.FrozenInstanceError):
            protocol.splits = 5


def test_rejects_an_unknown_name():
    with pytest.raises(input_error.InputError, match="'fid' is none of dgan, gfla"):
        protocols.protocol("fid")
