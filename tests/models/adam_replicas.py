"""Steps an optimizer on two CPU devices; a test's own process.

Usage: adam_replicas.py; prints each replica's weight after five steps.
"""

import json

import keras
import numpy as np
import tensorflow as tf

from keras_posegan.models import fused_adam


def _weights(strategy, kind):
    """Each replica's weight, as nested lists."""
    with strategy.scope():
        weight = keras.Variable(np.ones((3, 2), "float32"))
        optimizer = kind(1e-2, 0.5, 0.9)
        optimizer.build([weight])

    @tf.function
    def step(number):
        def replica_step():
            context = tf.distribute.get_replica_context()
            gradient = number * tf.reshape(tf.range(6.0) - 2.0, (3, 2))
            # Other gradients on each replica: the sum must arrive on both.
            gradient += 3.0 * tf.cast(context.replica_id_in_sync_group, tf.float32)
            optimizer.apply([gradient], [weight])

        strategy.run(replica_step)

    for number in (1.0, -2.0, 0.5, 1.0, 1.0):
        step(tf.constant(number))
    copies = strategy.experimental_local_results(weight.value)
    return [copy.numpy().tolist() for copy in copies]


def main():
    """See the module."""
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * 2
    )
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    kinds = fused_adam.FusedAdam, keras.optimizers.Adam
    print(json.dumps([_weights(strategy, kind) for kind in kinds]))


if __name__ == "__main__":
    main()
