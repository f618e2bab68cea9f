"""Pictures of the same pairs, again and again, while training goes on."""

import pathlib

import keras
import numpy as np
from PIL import Image

from keras_posegan import config, inference
from keras_posegan.data import annotated_pictures, pipeline
from keras_posegan.pose import drawing


class SampleGrid(keras.callbacks.Callback):
    """Writes a grid after every epoch: source, target pose, generated, real.

    Args:
        folder: where to write `step_000500.png`; made on the first epoch.
        samples: one batch of the data pipeline, as NumPy arrays.
    """

    def __init__(self, folder: pathlib.Path, samples: dict):
        super().__init__()
        self._folder = folder
        self._samples = samples
        self._step = 0

    def on_train_batch_end(self, batch, logs=None):
        """Remembers how many steps are done."""
        self._step = batch + 1

    def on_epoch_end(self, epoch, logs=None):
        """Draws the samples with the generator as it is now."""
        generated = inference.generate_pictures(
            self.model.generator,
            self._samples["source_image"],
            self._samples["source_keypoints"],
            self._samples["target_keypoints"],
        ).numpy()
        self._folder.mkdir(exist_ok=True)
        grid = sample_grid(self._samples, generated)
        Image.fromarray(grid).save(self._folder / f"step_{self._step:06d}.png")


def sample_batch(
    pictures: annotated_pictures.AnnotatedPictures,
    pairs: np.ndarray,
    run: config.RunConfig,
) -> dict[str, np.ndarray]:
    """The pairs that a run shows: `train.sample_pairs` of its test pairs, spread.

    Args:
        pictures: of the test split.
        pairs: int (P, 2), the test pairs.
        run: the run's config.

    Returns:
        One batch of the data pipeline, as NumPy arrays.
    """
    chosen = spread_pairs(pairs, run.train.sample_pairs)
    batches = pipeline.evaluation_batches(
        pictures, chosen, run.data.image_size, len(chosen)
    )
    return next(iter(batches.as_numpy_iterator()))


def spread_pairs(pairs: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of the pairs, spread over the list evenly.

    (Neighbours in the list show the same person.)
    """
    count = min(count, len(pairs))
    return pairs[np.arange(count) * len(pairs) // count]


def sample_grid(samples: dict, generated: np.ndarray) -> np.ndarray:
    """Puts pictures in rows: source, target pose, generated, real.

    Args:
        samples: a batch of the data pipeline, NumPy arrays.
        generated: uint8 (B, H, W, 3).

    Returns:
        uint8 (B * H, 4 * W, 3), a row for each pair.
    """
    image_size = generated.shape[1:3]
    poses = [
        drawing.draw_skeleton(keypoints, image_size)
        for keypoints in samples["target_keypoints"]
    ]
    columns = (samples["source_image"], poses, generated, samples["target_image"])
    return np.concatenate([np.concatenate(column) for column in columns], axis=1)
