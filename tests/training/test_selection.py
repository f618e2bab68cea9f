"""Tests of the best checkpoint: which it is, and that no kill loses it."""

import itertools
import math
import types

import keras
import pytest
import tensorflow as tf

from keras_posegan import config, run_folder
from keras_posegan.training import checkpoints, selection, step_rows

_NAN, _INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("scores", "higher_is_better", "best"),
    [
        ([1.0, 3.0, 2.0], True, 2),
        ([1.0, 3.0, 2.0], False, 1),
        ([2.0, 1.0, 3.0], False, 2),
        ([-3.0, -2.0, -4.0], True, 2),
        # Of equal ones the first.
        ([1.0, 2.0, 2.0], True, 2),
        ([2.0, 1.0, 1.0], False, 2),
        ([_NAN, 1.0, _NAN], True, 2),
        ([_NAN, 1.0, _NAN], False, 2),
        ([_NAN, _NAN, _NAN], True, None),
        ([_INF, _NAN, _INF], False, None),
    ],
)
def test_the_best_is_kept(tmp_path, scores, higher_is_better, best):
    folder = run_folder.RunFolder(tmp_path)
    _train(folder, scores, higher_is_better=higher_is_better)
    assert _step(folder.best) == best
    assert len(list(folder.best.glob("*.index"))) == (best is not None)
    rows = step_rows.read(folder.selection)
    assert [row["step"] for row in rows] == [1, 2, 3]
    assert [row["score"] for row in rows] == pytest.approx(scores, nan_ok=True)
    assert {row["name"] for row in rows} == {"score of the test"}


@pytest.mark.parametrize(
    ("every", "expected"), [(1, [1, 2, 3, 4, 5]), (2, [2, 4, 5]), (9, [5])]
)
def test_every_so_many_steps_and_the_last_are_scored(tmp_path, every, expected):
    folder = run_folder.RunFolder(tmp_path)
    _train(folder, [5.0, 4.0, 3.0, 2.0, 1.0], every=every)
    rows = step_rows.read(folder.selection)
    assert [row["step"] for row in rows] == expected
    assert _step(folder.best) == expected[0]


def test_an_interrupted_step_is_scored_by_the_session_that_goes_on(tmp_path):
    folder = run_folder.RunFolder(tmp_path)
    scores = [3.0, 2.0, 1.0, 4.0]
    _train(folder, scores, every=2, stop=2)
    assert step_rows.read(folder.selection) == []
    _train(folder, scores, every=2)
    rows = step_rows.read(folder.selection)
    assert [(row["step"], row["score"]) for row in rows] == [(2, 2.0), (4, 4.0)]


def test_a_finished_run_is_not_scored_again(tmp_path):
    folder = run_folder.RunFolder(tmp_path)
    _train(folder, [1.0, 2.0])
    content = folder.selection.read_bytes()
    _train(folder, [])  # Asking for a score would raise.
    assert folder.selection.read_bytes() == content
    assert _step(folder.best) == 2


def test_a_resumed_run_knows_the_best_of_before(tmp_path):
    folder = run_folder.RunFolder(tmp_path)
    _train(folder, [1.0, 3.0, _NAN, 2.0], stop=3)
    _train(folder, [1.0, 3.0, _NAN, 2.0])
    assert _step(folder.best) == 2


def test_rows_after_the_resumed_step_do_not_count(tmp_path):
    folder = run_folder.RunFolder(tmp_path)
    _train(folder, [1.0, 2.0], stop=2)
    # Of a step whose checkpoint was lost, on a machine that computes otherwise.
    step_rows.append(folder.selection, {"step": 3, "name": "a", "score": 9.0})
    _train(folder, [1.0, 2.0, 3.0])
    rows = step_rows.read(folder.selection)
    assert [row["score"] for row in rows] == [1.0, 2.0, 3.0]
    assert _step(folder.best) == 3


def test_a_kill_at_any_moment_changes_nothing(tmp_path, monkeypatch):
    scores = [1.0, 3.0, 2.0, 3.0, _NAN]
    whole = run_folder.RunFolder(tmp_path / "whole")
    whole.path.mkdir()
    _train(whole, scores, epoch_steps=3)
    for kill_at in itertools.count():
        folder = run_folder.RunFolder(tmp_path / str(kill_at))
        folder.path.mkdir()
        with monkeypatch.context() as patch:
            done = _kill(patch, kill_at)
            try:
                _train(folder, scores, epoch_steps=3)
                break
            except _KilledError:
                pass
        best, newest = _step(folder.best), _step(folder.checkpoints)
        # A best checkpoint, once written, is never without successor, and a resume
        # never starts before it.
        assert best is not None or "best" not in done
        assert best is None or best <= newest
        _train(folder, scores, epoch_steps=3)
        assert folder.selection.read_text() == whole.selection.read_text()
        assert _step(folder.best) == 2
        assert len(list(folder.best.glob("*.index"))) == 1
    # Two bests and the checkpoints of steps 1, 2, 3 and 5, with the deletions of
    # each, and five rows.
    assert kill_at == 2 * (2 * (2 + 4) + 5)


def _train(
    folder,
    scores,
    *,
    higher_is_better=True,
    every=1,
    epoch_steps=2,
    stop=_INF,
):
    """The trainer's loop around a generator whose one weight counts the steps."""
    model = _counting_model()
    saved = checkpoints.Checkpoints(model, folder.checkpoints)
    step = saved.restore()
    steps = len(scores) or step
    callback = selection.Selection(
        folder,
        _Score(scores, higher_is_better),
        saved,
        step,
        config.TrainConfig(steps=steps, select_steps=every),
    )
    callback.set_model(model)
    callback.on_train_begin()
    while step < min(steps, stop):
        callback.on_train_batch_begin(step)
        model.generator.layers[0].kernel.assign_add([[1.0]])
        callback.on_train_batch_end(step)
        step += 1
        if step % epoch_steps == 0 or step == min(steps, stop):
            saved.save(step)
    callback.on_train_end()


class _Score:
    name = "score of the test"

    def __init__(self, scores, higher_is_better):
        self._scores = scores
        self.higher_is_better = higher_is_better

    def __call__(self, generator):
        return self._scores[int(generator.layers[0].kernel.numpy()[0, 0]) - 1]


def _counting_model():
    networks = []
    for _ in range(2):
        layer = keras.layers.Dense(1, kernel_initializer="zeros")
        network = keras.Sequential([keras.Input((1,)), layer])
        networks.append(network)
    return types.SimpleNamespace(
        generator=networks[0],
        discriminator=networks[1],
        generator_optimizer=tf.Module(),
        discriminator_optimizer=tf.Module(),
    )


def _step(folder):
    """The step that the generator of a folder's checkpoint has reached."""
    path = tf.train.latest_checkpoint(str(folder))
    if path is None:
        return None
    model = _counting_model()
    checkpoint = tf.train.Checkpoint(generator=model.generator)
    checkpoint.restore(path).expect_partial().assert_existing_objects_matched()
    step = int(model.generator.layers[0].kernel.numpy()[0, 0])
    assert path.endswith(f"step-{step}")
    return step


class _KilledError(BaseException):
    pass


def _kill(patch, kill_at):
    """Kills at moment number `kill_at`, of those before and after every write.

    Returns:
        The list of the writes done.
    """
    moments, done = itertools.count(), []

    def killable(function, name):
        def write(*args, **kwargs):
            if next(moments) == kill_at:
                raise _KilledError
            function(*args, **kwargs)
            done.append(name(*args))
            if next(moments) == kill_at:
                raise _KilledError

        return write

    manager = tf.train.CheckpointManager
    for owner, attribute, name in (
        (manager, "save", lambda manager: manager.directory.rpartition("/")[-1]),
        # Inside a save, when the new checkpoint is there and the old one, too.
        (manager, "_sweep", lambda manager: "old ones deleted"),
        (step_rows, "append", lambda path, row: "row"),
    ):
        patch.setattr(owner, attribute, killable(getattr(owner, attribute), name))
    return done
