"""Shows how training goes: every loss term and the time left."""

import keras

from keras_posegan import progress_line


class Progress(keras.callbacks.Callback):
    """A progress line over the steps of a run.

    Args:
        first_step: the step at which this session starts.
        last_step: the step at which the run ends.
    """

    def __init__(self, first_step: int, last_step: int):
        super().__init__()
        self._line = progress_line.ProgressLine("step", last_step, first_step)

    def on_train_batch_end(self, batch, logs=None):
        """Moves on by a step, and shows the loss terms of this step alone."""
        terms = (f"{name} {value:.4g}" for name, value in logs.items())
        self._line.advance(note="  ".join(terms))
