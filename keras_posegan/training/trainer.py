"""From a config to a trained run."""

import signal
import threading
from collections.abc import Sequence

import keras
import tensorflow as tf

from keras_posegan import config, input_error, run_folder
from keras_posegan.data import pair_sets, pipeline
from keras_posegan.models import from_config
from keras_posegan.training import (
    checkpoints,
    metrics_log,
    progress,
    sample_grid,
    selection,
    validation_score,
)


def train(
    run: config.RunConfig,
    run_dir: str,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    strategy: tf.distribute.Strategy | None = None,
) -> int:
    """Trains a run from its start, or from its newest checkpoint, to its last step.

    A first Ctrl-C (or SIGTERM) ends the step at hand, writes a checkpoint and
    returns; the same call goes on from there and ends with the same weights, to the
    bit, as a run that was never stopped. What a kill loses is at most the steps
    since the last epoch's end, and they are done again likewise.

    Args:
        run: the config; written to `run_dir/config.json`.
        run_dir: an empty or new folder, or one with a run of the same config.
        callbacks: Keras callbacks; `self.model` is the `PoseGAN`, a batch is a step
            of the whole run, an epoch is `run.train.epoch_steps` steps.
        strategy: where to train; None for one device, or every GPU of this machine
            if `run.train.mirrored`.

    Returns:
        The step reached: `run.train.steps`, or less if it was interrupted.

    Raises:
        input_error.InputError: if data, config or run folder cannot be used.
    """
    run_folder.check_for_training(run_dir, run)
    pictures, training_pairs = pair_sets.load(run.data, "train")
    test_pictures, test_pairs = pair_sets.load(run.data, "test")

    score = None
    if run.train.select_by != "nothing":
        score = validation_score.ValidationScore(run, test_pictures, test_pairs)

    # Not earlier: what loads a classifier may draw random numbers.
    keras.utils.set_random_seed(run.train.seed)
    if strategy is None:
        strategy = (
            tf.distribute.MirroredStrategy()
            if run.train.mirrored
            else tf.distribute.get_strategy()
        )
    if run.train.batch_size % strategy.num_replicas_in_sync:
        raise input_error.InputError(
            f"--train_batch_size={run.train.batch_size}: must be a multiple of the "
            f"{strategy.num_replicas_in_sync} devices that share a batch."
        )
    with strategy.scope():
        model = from_config.pose_gan_from_config(run)
        # Only now, when everything asked for has turned out to exist.
        folder = run_folder.open_for_training(run_dir, run)
        saved = checkpoints.Checkpoints(model, folder.checkpoints)
        first_step = saved.restore()
    if first_step:
        print(f"{folder.path}: going on at step {first_step}.", flush=True)

    samples = sample_grid.sample_batch(test_pictures, test_pairs, run)
    selections = []
    # Of several workers, one alone compares checkpoints.
    if score is not None and strategy.extended.should_checkpoint:
        selections = [selection.Selection(folder, score, saved, first_step, run.train)]
    callback_list = keras.callbacks.CallbackList(
        [
            *selections,
            metrics_log.MetricsLog(folder, first_step, run.train.log_steps),
            sample_grid.SampleGrid(folder.samples, samples),
            *callbacks,
            progress.Progress(first_step, run.train.steps),
        ],
        model=model,
    )
    batches = strategy.experimental_distribute_dataset(
        pipeline.training_batches(
            pictures,
            training_pairs,
            run.data.image_size,
            run.train.batch_size,
            run.train.seed,
            first_step,
            run.data.in_memory,
        )
    )
    return _loop(run.train, model, strategy, batches, saved, callback_list, first_step)


def _loop(train_config, model, strategy, batches, saved, callback_list, first_step):
    """Steps until the last one or an interruption; returns the step reached."""

    @tf.function
    def train_step(batch):
        logs = strategy.run(model.train_step, args=(batch,))
        # Each replica's value is its share of the global batch's.
        return tf.nest.map_structure(
            lambda value: strategy.reduce("MEAN", value, axis=None), logs
        )

    epoch_steps = train_config.epoch_steps
    step, logs = first_step, {}
    batches = iter(batches)
    callback_list.on_train_begin()
    with _Interruption() as interruption:
        while step < train_config.steps:
            if step % epoch_steps == 0:
                callback_list.on_epoch_begin(step // epoch_steps)
            callback_list.on_train_batch_begin(step)
            logs = {k: float(v) for k, v in train_step(next(batches)).items()}
            callback_list.on_train_batch_end(step, logs)
            step += 1
            is_epoch_end = step % epoch_steps == 0
            is_last = step == train_config.steps
            if is_epoch_end or is_last or model.stop_training:
                callback_list.on_epoch_end((step - 1) // epoch_steps, logs)
            stops = is_last or model.stop_training or interruption.requested
            if is_epoch_end or stops:
                saved.save(step)
            if stops:
                break
    callback_list.on_train_end(logs)
    return step


class _Interruption:
    """Turns the first Ctrl-C or SIGTERM into a request; the second one kills."""

    def __init__(self):
        self.requested = False

    def __enter__(self):
        self._handlers = {}
        # Python lets its main thread alone handle signals.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._handlers[number] = signal.signal(number, self._request)
        return self

    def __exit__(self, *_):
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _request(self, number, _):
        self.requested = True
        signal.signal(number, self._handlers[number])
        print("\nfinishing this step; once more to stop at once", flush=True)
