"""From a trained run to one row of numbers, beside what no model would reach."""

import dataclasses
import json
from typing import Any

import numpy as np

from keras_posegan import inference, progress_line, run_folder
from keras_posegan.data import (
    annotated_pictures,
    dataset_check,
    market1501,
    pair_sets,
    pipeline,
)
from keras_posegan.metrics import l1, ssim

_METRICS = {"ssim": ssim.ssim, "l1": l1.l1}


def evaluate_run(
    run_dir: str, data_dir: str = "", pairs_file: str = "", batch_size: int = 32
) -> dict[str, Any]:
    """Measures a run on its test pairs and appends the row to `evaluation.jsonl`.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        data_dir: other data than the run's.
        pairs_file: other test pairs than the run's, a CSV.
        batch_size: pairs at a time.

    Returns:
        The row: `data_dir`, `test_pairs` (empty: all pairs of one person), and what
        `evaluate` gives. The mean picture is that of the run's training pictures.

    Raises:
        input_error.InputError: if run or data cannot be used; nothing is written.
    """
    folder, run = run_folder.open_for_reading(run_dir)
    data = dataclasses.replace(
        run.data,
        dir=data_dir or run.data.dir,
        test_pairs=pairs_file or run.data.test_pairs,
    )
    pictures, pairs = pair_sets.load(data, "test")
    training_pictures = market1501.load(run.data.dir, "train")
    row = {
        "data_dir": data.dir,
        "test_pairs": data.test_pairs,
        **evaluate(
            inference.TrainedGenerator(run_dir),
            pictures,
            pairs,
            mean_picture(training_pictures, data.image_size),
            batch_size,
        ),
    }
    with folder.evaluations.open("a") as file:
        file.write(json.dumps(row) + "\n")
    return row


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
    line = progress_line.ProgressLine("pair", len(pairs))
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
        line.advance(len(real))
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
    """The mean of pictures, uint8 (H, W, 3).

    Raises:
        input_error.InputError: naming the first picture that cannot be read.
    """
    total = np.zeros((*image_size, 3))
    for path in pictures.paths:
        total += dataset_check.read_picture(path, image_size)
    return np.round(total / len(pictures.paths)).astype(np.uint8)
