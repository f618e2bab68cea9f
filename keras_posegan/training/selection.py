"""Keeps the best checkpoint beside the newest."""

import math

import keras

from keras_posegan import config, run_folder
from keras_posegan.training import checkpoints, step_rows, validation_score


class Selection(keras.callbacks.Callback):
    """Scores the generator every few steps, and keeps the best one's checkpoint.

    The paper trains 50,000 iterations and takes the model with the largest Inception
    Score on the validation pairs (section 4); it does not say how often it looks.

    Each score is a row of `selection.jsonl`: `step`, `name` and `score`. The best so
    far, of equal ones the first, has its checkpoint in `best/`, which is whole like
    those of `checkpoints/`. A score that is not a number is never the best.

    A kill at any moment leaves the file and the folder in agreement. A step is
    scored once all else of it is done; if it is the best, the checkpoint that a
    resume starts from is written first, then the best one, then the row. So no best
    checkpoint is later than the step that a run resumes from, where a step without
    its row is scored again. Later rows are cut off: their steps are done again.

    Nothing of this changes what is trained.

    Args:
        folder: the run's.
        score: what is compared.
        saved: the checkpoints that the run resumes from.
        first_step: the step at which this session starts.
        train_config: says the steps between scores and the last one, which is
            scored, too.
    """

    def __init__(
        self,
        folder: run_folder.RunFolder,
        score: validation_score.ValidationScore,
        saved: checkpoints.Checkpoints,
        first_step: int,
        train_config: config.TrainConfig,
    ):
        super().__init__()
        self._folder = folder
        self._score = score
        self._saved = saved
        self._step = first_step
        self._last_step = train_config.steps
        self._every = train_config.select_steps
        step_rows.cut(folder.selection, first_step)
        rows = step_rows.read(folder.selection)
        self._scored = {0, *(row["step"] for row in rows)}  # 0: nothing is trained.
        self._best_goodness = -math.inf
        for row in rows:
            self._is_best(row["score"])

    def on_train_begin(self, logs=None):
        """Opens the folder of the best checkpoint."""
        self._best = checkpoints.Checkpoints(self.model, self._folder.best, keep=1)

    def on_train_batch_begin(self, batch, logs=None):
        """Scores the step just done, whose callbacks and checkpoint are done, too."""
        if batch % self._every == 0:
            self._select(batch)

    def on_train_batch_end(self, batch, logs=None):
        """Remembers how many steps are done."""
        self._step = batch + 1

    def on_train_end(self, logs=None):
        """Scores the last step."""
        if self._step == self._last_step:
            self._select(self._step)

    def _select(self, step):
        """Scores the generator, unless this step's row is there."""
        if step in self._scored:
            return
        self._scored.add(step)
        score = self._score(self.model.generator)
        if self._is_best(score):
            if int(self._saved.step.numpy()) != step:
                self._saved.save(step)
            self._best.save(step)
        row = {"step": step, "name": self._score.name, "score": score}
        step_rows.append(self._folder.selection, row)

    def _is_best(self, score):
        """Whether a score is better than all before; remembers it then."""
        goodness = score if self._score.higher_is_better else -score
        if not goodness > self._best_goodness:  # NaN compares false.
            return False
        self._best_goodness = goodness
        return True
