"""From a trained run to one row of numbers, beside what no model would reach."""

import sys
from typing import Any

import keras
import numpy as np

from keras_posegan import inference
from keras_posegan.data import annotated_pictures, pipeline
from keras_posegan.metrics import l1, ssim

_METRICS = {"ssim": ssim.ssim, "l1": l1.l1}


def evaluate(
    generator: inference.TrainedGenerator,
    pictures: annotated_pictures.AnnotatedPictures,
    pairs: np.ndarray,
    mean_picture: np.ndarray,
    batch_size: int = 32,
) -> dict[str, Any]:
    """Measures a generator on pairs, and two baselines that any model must beat.

    SSIM and L1 are the field's (see `metrics.ssim`, `metrics.l1`), averaged over
    pairs. The baselines: copying the source picture, and one and the same picture
    for all, the mean of the training pictures.

    Args:
        generator: of a trained run.
        pictures: what the pairs point into.
        pairs: int (P, 2), indices of source and target.
        mean_picture: uint8 (H, W, 3).
        batch_size: pairs at a time.

    Returns:
        One row, ready for JSON: `step`, `pairs`, and `ssim` and `l1` of each of
        `generated`, `copy_source` and `mean_picture`.
    """
    bar = keras.utils.Progbar(
        len(pairs), interval=0.2 if sys.stdout.isatty() else 20.0, unit_name="pair"
    )
    scores: dict[str, dict[str, list]] = {}
    for batch in pipeline.evaluation_batches(
        pictures, pairs, generator.config.data.image_size, batch_size
    ).as_numpy_iterator():
        real = batch["target_image"]
        candidates = {
            "generated": generator(
                batch["source_image"],
                batch["source_keypoints"],
                batch["target_keypoints"],
            ),
            "copy_source": batch["source_image"],
            "mean_picture": np.broadcast_to(mean_picture, real.shape),
        }
        for name, candidate in candidates.items():
            for metric, function in _METRICS.items():
                values = scores.setdefault(name, {}).setdefault(metric, [])
                values.extend(function(real, candidate))
        bar.add(len(real))
    return {
        "step": generator.step,
        "pairs": len(pairs),
        **{
            name: {metric: float(np.mean(values)) for metric, values in metrics.items()}
            for name, metrics in scores.items()
        },
    }


def mean_picture(
    pictures: annotated_pictures.AnnotatedPictures, image_size: tuple[int, int]
) -> np.ndarray:
    """The mean of pictures, uint8 (H, W, 3)."""
    # Each picture as the source of a pair with itself.
    pairs = np.repeat(np.arange(len(pictures.names))[:, None], 2, axis=1)
    total = np.zeros((*image_size, 3))
    for batch in pipeline.evaluation_batches(
        pictures, pairs, image_size, batch_size=64
    ).as_numpy_iterator():
        total += batch["source_image"].sum(axis=0)
    return np.round(total / len(pairs)).astype(np.uint8)
