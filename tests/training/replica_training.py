"""Trains the tiny run on as many CPU devices as asked for; a test's own process.

Usage: replica_training.py CONFIG RUN_DIR NUM_REPLICAS
"""

import pathlib
import sys

import keras
import tensorflow as tf

from keras_posegan import config
from keras_posegan.training import trainer


class _Comparable(keras.callbacks.Callback):
    """Takes out what keeps runs of one and of two replicas from being compared.

    Each replica would draw its own dropout noise; and Adam takes the same step for
    gradients twice as large, so that a wrong sum over replicas would not be seen.
    """

    def __init__(self, strategy):
        super().__init__()
        self._strategy = strategy

    def on_train_begin(self, logs=None):
        for layer in self.model.generator.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        with self._strategy.scope():
            for network in "generator", "discriminator":
                optimizer = keras.optimizers.SGD(1e-2)
                optimizer.build(getattr(self.model, network).trainable_variables)
                setattr(self.model, f"{network}_optimizer", optimizer)


def main(config_file, run_dir, num_replicas):
    devices = [tf.config.LogicalDeviceConfiguration()] * num_replicas
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, devices)
    strategy = tf.distribute.MirroredStrategy(
        [f"CPU:{number}" for number in range(num_replicas)]
    )
    run = config.read(pathlib.Path(config_file))
    trainer.train(run, run_dir, [_Comparable(strategy)], strategy)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
