"""Pairs of a run's own data, to calibrate on and to compare with Keras on."""

import pathlib

import numpy as np

from keras_posegan import config, input_error
from keras_posegan.data import dataset_check, pair_sets

# Inputs of the signature by name: uint8 (P, H, W, 3), float32 (P, 18, 3) twice.
Pairs = dict[str, np.ndarray]


def load(data: config.DataConfig, split: str, count: int) -> Pairs:
    """Draws pairs of a split, always the same ones.

    Args:
        data: the run's.
        split: "train" or "test".
        count: how many, at least 1; of "train" fewer if there are no more.

    Raises:
        input_error.InputError: if the data cannot be read, or "test" has fewer pairs.
    """
    pictures, pairs = pair_sets.load(data, split)
    if split == "test" and len(pairs) < count:
        raise input_error.InputError(
            f"--pairs={count}: {data.dir} has {len(pairs)} test pairs."
        )
    chosen = pairs[np.random.default_rng(0).permutation(len(pairs))[:count]]
    return {
        "image": np.stack(
            [
                dataset_check.read_picture(
                    pathlib.Path(pictures.paths[source]), data.image_size
                )
                for source in chosen[:, 0]
            ]
        ),
        "source_keypoints": pictures.keypoints[chosen[:, 0]],
        "target_keypoints": pictures.keypoints[chosen[:, 1]],
    }
