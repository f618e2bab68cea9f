"""Trains the tiny run on as many CPU devices as asked for; a test's own process.

Usage: replica_training.py CONFIG RUN_DIR NUM_REPLICAS
"""

import pathlib
import sys

import keras
import tensorflow as tf

from keras_posegan import config
from keras_posegan.training import trainer


class _NoDropout(keras.callbacks.Callback):
    """Each replica would draw its own noise: without it runs can be compared."""

    def on_train_begin(self, logs=None):
        for layer in self.model.generator.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0


def main(config_file, run_dir, num_replicas):
    devices = [tf.config.LogicalDeviceConfiguration()] * num_replicas
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, devices)
    strategy = tf.distribute.MirroredStrategy(
        [f"CPU:{number}" for number in range(num_replicas)]
    )
    run = config.read(pathlib.Path(config_file))
    trainer.train(run, run_dir, [_NoDropout()], strategy)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
