"""Writes what training measured, for plots and for TensorBoard."""

import keras
import tensorflow as tf

from keras_posegan import run_folder
from keras_posegan.layers import self_attention_2d
from keras_posegan.training import step_rows


class MetricsLog(keras.callbacks.Callback):
    """Appends a row to `metrics.jsonl`, and to TensorBoard, every few steps.

    A row holds the step (the number of updates done), every loss term of that step
    alone, and gamma of every self-attention layer as `gamma/generator/attention_2`.

    Rows later than the step that a run resumes from are cut off: they belong to
    steps that are done again.

    Args:
        folder: the run's.
        first_step: the step at which this session starts.
        every: steps between rows.
    """

    def __init__(self, folder: run_folder.RunFolder, first_step: int, every: int):
        super().__init__()
        self._path = folder.metrics
        self._every = every
        self._writer = tf.summary.create_file_writer(str(folder.tensorboard))
        step_rows.cut(self._path, first_step)

    def on_train_batch_end(self, batch, logs=None):
        """Writes the row of step `batch + 1`, if it is one of those to write."""
        step = batch + 1
        if step % self._every:
            return
        row = {name: float(value) for name, value in logs.items()}
        row |= {
            f"gamma/{network.name}/{layer.name}": float(layer.gamma.numpy())
            for network in (self.model.generator, self.model.discriminator)
            for layer in network.layers
            if isinstance(layer, self_attention_2d.SelfAttention2D)
        }
        step_rows.append(self._path, {"step": step, **row})
        with self._writer.as_default(step):
            for name, value in row.items():
                tf.summary.scalar(name, value)

    def on_train_end(self, logs=None):
        """Flushes TensorBoard's file."""
        self._writer.close()


def read_metrics(folder: run_folder.RunFolder) -> list[dict[str, float]]:
    """The rows of a run's `metrics.jsonl`; a last line cut short by a kill is left."""
    return step_rows.read(folder.metrics)
