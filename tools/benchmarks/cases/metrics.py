"""Similarities of many pictures."""

import functools

import numpy as np

from keras_posegan.metrics import ssim
from tools.benchmarks import candidate
from tools.benchmarks import size as size_lib

_PICTURES = 200


def builders(size: size_lib.Size):
    """Builds each candidate, by name."""
    return {"straightforward": functools.partial(_scikit_image, size)}


def _scikit_image(size):
    shape = (_PICTURES, *size.image_size, 3)
    reference, generated = np.random.default_rng(0).integers(
        256, size=(2, *shape), dtype=np.uint8
    )
    return candidate.Candidate(lambda: ssim.ssim(reference, generated), items=_PICTURES)
