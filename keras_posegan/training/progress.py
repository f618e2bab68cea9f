"""Shows how training goes: a bar with every loss term and the time left."""

import sys

import keras


class Progress(keras.callbacks.Callback):
    """Keras's progress bar over the steps of a run.

    On a terminal it moves five times a second; in a log file it is a line every 20
    seconds.

    Args:
        first_step: the step at which this session starts.
        last_step: the step at which the run ends.
    """

    def __init__(self, first_step: int, last_step: int):
        super().__init__()
        self._first_step = first_step
        self._bar = keras.utils.Progbar(
            last_step - first_step, interval=0.2 if sys.stdout.isatty() else 20.0
        )

    def on_train_batch_end(self, batch, logs=None):
        """Moves the bar to the step `batch`, which has just been done."""
        # As they are now: an average since the start would hide where they went.
        self._bar.stateful_metrics.update(logs)
        self._bar.update(batch + 1 - self._first_step, logs.items())
