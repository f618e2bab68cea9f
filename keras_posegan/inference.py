"""The one path from a picture and two poses to a picture.

Evaluation, the sample pictures of training, `generate` and every export go through
`generate_pictures`: what they show is the same to the grey level.
"""

import dataclasses
import pathlib
from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from keras_posegan import input_error, run_folder
from keras_posegan.data import person_photo
from keras_posegan.models import folding, from_config, pixels, reposing
from keras_posegan.pose import drawing, skeleton


def generate_pictures(
    generator: keras.Model, source_image, source_keypoints, target_keypoints
):
    """Draws each person in the pose asked for.

    Args:
        generator: see `build_generator`; run without dropout.
        source_image: uint8 (B, H, W, 3), the generator's height and width.
        source_keypoints: (B, 18, 3), x, y in pixels of the picture, visible 0 or 1.
        target_keypoints: (B, 18, 3), likewise, of the pose to draw.

    Returns:
        uint8 tensor (B, H, W, 3).
    """
    return pixels.to_grey_levels(
        _draw(generator, source_image, source_keypoints, target_keypoints)
    )


def _draw(generator, source_image, source_keypoints, target_keypoints):
    """`generate_pictures` before its last step: float32 in [-1, 1]."""
    return generator(
        {
            "source_image": pixels.to_network_range(source_image),
            "source_keypoints": tf.cast(source_keypoints, tf.float32),
            "target_keypoints": tf.cast(target_keypoints, tf.float32),
        },
        training=False,
    )


class TrainedGenerator:
    """A run's generator, ready to draw.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        checkpoint: "newest", or "best": the one with the best score on the
            validation pairs, if the run selects (`--train_select_by`).
        folded: whether to fold it, see `folding.fold`; it draws the same either way.
        precision: what to compute in instead of the run's own
            `--model_precision`; None: that.

    Attributes:
        generator: the Keras model, with the checkpoint's weights; folded, it draws but
            cannot be trained.
        config: the run's `RunConfig`.
        step: the training step of the weights.

    Raises:
        input_error.InputError: if the folder holds no run or no such checkpoint, or
            the checkpoint is of another network.
        ValueError: if `checkpoint` is neither of the two.

    Example:
    >>> generator = TrainedGenerator("runs/demo")
    >>> picture = generator(source_image, source_keypoints, target_keypoints)
    """

    def __init__(
        self,
        run_dir: str,
        checkpoint: str = "newest",
        folded: bool = True,
        precision: str | None = None,
    ):
        folder, self.config = run_folder.open_for_reading(run_dir)
        if precision:
            model = dataclasses.replace(self.config.model, precision=precision)
            self.config = dataclasses.replace(self.config, model=model)
        path = _checkpoint(folder, checkpoint)
        trainable = from_config.generator_from_config(self.config)
        self.step = _restore(trainable, path)
        self.generator = folding.fold(trainable) if folded else trainable
        self._run_dir = run_dir

        @tf.function
        def generate(*inputs):
            drawn = _draw(self.generator, *inputs)
            is_sound = tf.reduce_all(tf.math.is_finite(drawn), axis=(1, 2, 3))
            return pixels.to_grey_levels(drawn), is_sound

        self._generate = generate

    def __call__(
        self,
        source_image: np.ndarray,
        source_keypoints: np.ndarray,
        target_keypoints: np.ndarray,
        names: Sequence[str] = (),
    ) -> np.ndarray:
        """Draws a batch of people; see `generate_pictures` for shapes and units.

        Args:
            source_image: the people.
            source_keypoints: their poses.
            target_keypoints: the poses to draw.
            names: what an error calls the pictures; none: their place in the batch.

        Raises:
            ValueError: if a shape or type is not the one the generator takes.
            input_error.InputError: if a picture has NaN in it, which grey levels
                would show as black: the weights are of a training that diverged.
        """
        height, width = self.config.data.image_size
        count = len(source_image)
        for name, value, shape in (
            ("source_image", source_image, (count, height, width, 3)),
            ("source_keypoints", source_keypoints, (count, skeleton.NUM_JOINTS, 3)),
            ("target_keypoints", target_keypoints, (count, skeleton.NUM_JOINTS, 3)),
        ):
            if np.shape(value) != shape:
                raise ValueError(
                    f"`{name}` must have shape {shape}. Received: {np.shape(value)}"
                )
        if source_image.dtype != np.uint8:
            raise ValueError(
                f"`source_image` must be uint8. Received: {source_image.dtype}"
            )
        # As tensors, so that one traced function serves every call of one shape.
        generated, is_sound = self._generate(
            tf.constant(source_image),
            tf.constant(source_keypoints, tf.float32),
            tf.constant(target_keypoints, tf.float32),
        )
        self._check_sound(is_sound, names)
        return generated.numpy()

    def repose(
        self,
        source_image: np.ndarray,
        source_keypoints: np.ndarray,
        target_keypoints: np.ndarray,
        batch_size: int = 8,
    ) -> Iterator[np.ndarray]:
        """Draws one person in many poses; the person is encoded once.

        Args:
            source_image: uint8 (H, W, 3), of the generator's size.
            source_keypoints: (18, 3).
            target_keypoints: (poses, 18, 3).
            batch_size: poses drawn at once, at most.

        Yields:
            uint8 (H, W, 3), pose by pose, as a call would draw each.

        Raises:
            input_error.InputError: as a call.
        """
        batch_size = max(min(batch_size, len(target_keypoints)), 1)
        encoder, painter = reposing.split(self.generator)
        source = tf.constant(source_keypoints, tf.float32)[None]
        maps = encoder(
            {
                "source_image": pixels.to_network_range(source_image[None]),
                "source_keypoints": source,
            },
            training=False,
        )

        @tf.function
        def paint(targets):
            repeated = [tf.repeat(each, batch_size, axis=0) for each in (*maps, source)]
            drawn = painter([*repeated, targets], training=False)
            is_sound = tf.reduce_all(tf.math.is_finite(drawn), axis=(1, 2, 3))
            return pixels.to_grey_levels(drawn), is_sound

        for first in range(0, len(target_keypoints), batch_size):
            batch = np.float32(target_keypoints[first : first + batch_size])
            count = len(batch)
            # The last batch is filled up: another size would be traced again.
            batch = np.pad(batch, ((0, batch_size - count), (0, 0), (0, 0)), "edge")
            generated, is_sound = paint(tf.constant(batch))
            names = [f"frame {first + 1 + index}" for index in range(count)]
            self._check_sound(is_sound[:count], names)
            yield from generated.numpy()[:count]

    def _check_sound(self, is_sound, names):
        """Raises InputError, naming the first picture of NaN."""
        bad = np.flatnonzero(~is_sound.numpy())
        if len(bad):
            name = names[bad[0]] if len(names) else f"picture {bad[0]} of the batch"
            raise input_error.InputError(
                f"{self._run_dir}: the generator of step {self.step} draws NaN for "
                f"{name} ({len(bad)} of {len(is_sound)} pictures): its training "
                "diverged."
            )


def _checkpoint(folder, which):
    """The path of the newest or of the best checkpoint."""
    if which not in run_folder.CHECKPOINTS:
        raise ValueError(
            f"`checkpoint` must be one of {run_folder.CHECKPOINTS}. "
            f"Received: checkpoint={which!r}"
        )
    place = folder.best if which == "best" else folder.checkpoints
    path = tf.train.latest_checkpoint(str(place))
    if path is None:
        missing = (
            "no best checkpoint; only a run with --train_select_by has one"
            if which == "best"
            else "no checkpoint; train the run first"
        )
        raise input_error.InputError(f"{place}: {missing}.")
    return path


def _restore(generator, path):
    """Restores a checkpoint's generator alone; returns its step."""
    step = tf.Variable(0, dtype=tf.int64)
    try:
        status = tf.train.Checkpoint(step=step, generator=generator).restore(path)
        status.expect_partial().assert_existing_objects_matched()
    except (AssertionError, ValueError, tf.errors.OpError) as error:
        reason = str(error).splitlines()[0]
        raise input_error.InputError(
            f"{path}: damaged, or of another network: {reason}"
        ) from error
    return int(step.numpy())


def write_pictures(
    generator: TrainedGenerator,
    source: person_photo.PersonPhoto,
    target_keypoints: np.ndarray,
    output: pathlib.Path,
    strip: pathlib.Path | None = None,
    paste_back: bool = False,
) -> None:
    """Draws a person in another pose, into files.

    Args:
        generator: of a trained run.
        source: the person, cut to the generator's size.
        target_keypoints: (18, 3), in pixels of the generator's picture.
        output: the picture to write; its suffix says the format.
        strip: gets source, target skeleton and generated picture side by side.
        paste_back: `output` is the whole photo, with the drawn picture in its place.

    Raises:
        input_error.InputError: if a file cannot be written.
    """
    generated = generator(
        source.picture[None], source.keypoints[None], target_keypoints[None]
    )[0]
    _save("output", output, source.paste_back(generated) if paste_back else generated)
    if strip is not None:
        _save("strip", strip, side_by_side(source.picture, target_keypoints, generated))


def side_by_side(
    source_image: np.ndarray, target_keypoints: np.ndarray, generated: np.ndarray
) -> np.ndarray:
    """Source, target skeleton and generated picture: uint8 (H, 3 W, 3)."""
    drawn = drawing.draw_skeleton(target_keypoints, source_image.shape[:2])
    return np.concatenate([source_image, drawn, generated], axis=1)


def _save(flag, path, picture):
    try:
        Image.fromarray(picture).save(path)
    except (OSError, ValueError) as error:
        raise input_error.InputError(f"--{flag}={path}: {error}") from error
