"""Tests of `metrics.jsonl`."""

import types

import pytest
import tensorflow as tf

from keras_posegan import run_folder
from keras_posegan.layers import self_attention_2d
from keras_posegan.training import metrics_log


def test_rows_have_losses_and_gammas(tmp_path):
    log = _log(tmp_path, first_step=0, every=2)
    for batch in range(4):
        log.on_train_batch_end(batch, {"a_loss": batch / 10})
    log.on_train_end()
    folder = run_folder.RunFolder(tmp_path)
    assert metrics_log.read_metrics(folder) == [
        {"step": 2, "a_loss": 0.1, "gamma/generator/attention_1": 0.5},
        {"step": 4, "a_loss": 0.3, "gamma/generator/attention_1": 0.5},
    ]
    (events,) = folder.tensorboard.iterdir()
    tags = {
        value.tag
        for event in tf.compat.v1.train.summary_iterator(str(events))
        for value in event.summary.value
    }
    assert tags == {"a_loss", "gamma/generator/attention_1"}


def test_rows_of_steps_done_again_are_cut_off(tmp_path):
    log = _log(tmp_path, first_step=0, every=1)
    for batch in range(3):
        log.on_train_batch_end(batch, {"a_loss": 0.0})
    # The kill also cut the last line short.
    path = run_folder.RunFolder(tmp_path).metrics
    path.write_text(path.read_text()[:-9])
    log = _log(tmp_path, first_step=1, every=1)
    log.on_train_batch_end(1, {"a_loss": 1.0})
    rows = metrics_log.read_metrics(run_folder.RunFolder(tmp_path))
    assert [(row["step"], row["a_loss"]) for row in rows] == [(1, 0.0), (2, 1.0)]


def test_a_run_without_rows_has_none(tmp_path):
    assert metrics_log.read_metrics(run_folder.RunFolder(tmp_path)) == []


@pytest.mark.parametrize("every", [3, 5])
def test_only_every_so_many_steps_are_written(tmp_path, every):
    log = _log(tmp_path, first_step=0, every=every)
    for batch in range(10):
        log.on_train_batch_end(batch, {})
    rows = metrics_log.read_metrics(run_folder.RunFolder(tmp_path))
    assert [row["step"] for row in rows] == list(range(every, 11, every))


def _log(path, first_step, every):
    attention = self_attention_2d.SelfAttention2D(1, name="attention_1")
    attention.build((1, 2, 2, 1))
    attention.gamma.assign(0.5)
    log = metrics_log.MetricsLog(run_folder.RunFolder(path), first_step, every)
    log.set_model(
        types.SimpleNamespace(
            generator=types.SimpleNamespace(name="generator", layers=[attention]),
            discriminator=types.SimpleNamespace(name="discriminator", layers=[]),
        )
    )
    return log
