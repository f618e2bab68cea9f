"""Everything a run needs to go on to the bit, and only that."""

import pathlib

import keras
import tensorflow as tf

from keras_posegan import input_error
from keras_posegan.models import pose_gan


class Checkpoints:
    """Saves and restores a `PoseGAN` in training.

    A checkpoint holds both networks (the vectors of spectral norm included), both
    optimizers, the step, and the state of every dropout's random generator, which
    `tf.train.Checkpoint(model=...)` alone would leave out. The order of the data is
    a function of seed and step, so no iterator is stored.

    Args:
        model: compiled, its optimizers built.
        folder: where checkpoints lie; made on the first save.
        keep: how many of the newest are kept.
    """

    def __init__(self, model: pose_gan.PoseGAN, folder: pathlib.Path, keep: int = 2):
        self.step = tf.Variable(
            0, dtype=tf.int64, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )
        self._checkpoint = tf.train.Checkpoint(
            step=self.step,
            generator=model.generator,
            discriminator=model.discriminator,
            generator_optimizer=model.generator_optimizer,
            discriminator_optimizer=model.discriminator_optimizer,
            random_states=_random_states(model.generator),
        )
        self._manager = tf.train.CheckpointManager(
            self._checkpoint, str(folder), max_to_keep=keep, checkpoint_name="step"
        )

    def restore(self) -> int:
        """Restores the newest checkpoint, if there is one; returns the step.

        Raises:
            input_error.InputError: if it is of other networks, or damaged.
        """
        newest = self._manager.latest_checkpoint
        folder = pathlib.Path(self._manager.directory)
        if not newest and any(folder.glob("step-*.index")):
            raise input_error.InputError(
                f"{folder}: holds checkpoints, but its file `checkpoint`, which says "
                "which one is the newest, is missing or damaged."
            )
        if newest:
            try:
                self._checkpoint.restore(newest).assert_existing_objects_matched()
            except (AssertionError, ValueError, tf.errors.OpError) as error:
                reason = str(error).splitlines()[0]
                raise input_error.InputError(
                    f"{newest}: damaged, or of other networks: {reason}"
                ) from error
        return int(self.step.numpy())

    def save(self, step: int) -> None:
        """Writes a checkpoint of this step; the one of the same step is replaced."""
        self.step.assign(step)
        self._manager.save(checkpoint_number=step)


def _random_states(network):
    """The state of every dropout's random generator, by the layer's name."""
    return {
        layer.name: layer.seed_generator.state.value
        for layer in network.layers
        if isinstance(layer, keras.layers.Dropout)
    }
