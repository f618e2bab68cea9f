"""Similarities of many pictures."""

import functools

import numpy as np

from keras_posegan.metrics import batch_ssim, ssim
from tools.benchmarks import candidate
from tools.benchmarks import size as size_lib

_PICTURES = 1000


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {
        "straightforward": functools.partial(_build, size, ssim.ssim),
        "batched": functools.partial(_build, size, batch_ssim.batch_ssim),
    }


def _build(size, similarity):
    shape = (_PICTURES, *size.image_size, 3)
    reference, generated = np.random.default_rng(0).integers(
        256, size=(2, *shape), dtype=np.uint8
    )
    # As an array, so that it is there when the run ends.
    return candidate.Candidate(
        lambda: np.asarray(similarity(reference, generated)), items=_PICTURES
    )
