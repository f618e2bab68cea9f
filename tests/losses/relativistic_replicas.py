"""Program: the relativistic losses of one batch, whole and on two replicas, as JSON.

A process of its own, because logical devices are made before TensorFlow starts.
"""

import json

import numpy as np
import tensorflow as tf

from keras_posegan import losses

REPLICAS = 2
BATCH = 8


def _gradients(loss_function, weight, real, generated, scale):
    """Loss and gradients of weight and logits; the logits are linear in `weight`."""
    with tf.GradientTape() as tape:
        tape.watch([real, generated])
        loss = loss_function(real @ weight, generated @ weight)
        scaled = loss * scale
    gradients = tape.gradient(scaled, [weight, real, generated])
    return loss, gradients[0], tf.concat(gradients[1:], axis=-1)


def main():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(
        cpu, [tf.config.LogicalDeviceConfiguration()] * REPLICAS
    )
    random = np.random.default_rng(3)
    # Halves far apart, so that local means and global ones differ.
    offset = np.repeat([-1.0, 1.0], BATCH // 2)[:, np.newaxis]
    real = (random.normal(size=(BATCH, 5)) + offset).astype("float32")
    generated = (random.normal(size=(BATCH, 5)) - offset).astype("float32")
    initial = random.normal(size=(5, 3)).astype("float32")
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])

    def shard(values):
        parts = np.split(values, REPLICAS)
        return strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(parts[context.replica_id_in_sync_group])
        )

    report = {}
    for side in ("discriminator", "generator"):
        loss_function = getattr(losses, f"relativistic_average_hinge_{side}_loss")
        weight = tf.Variable(initial)
        loss, weight_gradient, logit_gradient = _gradients(
            loss_function, weight, tf.constant(real), tf.constant(generated), 1.0
        )
        local = [
            loss_function(r @ initial, g @ initial)
            for r, g in zip(
                np.split(real, REPLICAS), np.split(generated, REPLICAS), strict=True
            )
        ]
        report[side] = {
            "of_local_means": float(np.mean(local)),
            "single": {
                "loss": float(loss),
                "weight_gradient": weight_gradient.numpy().tolist(),
                "logit_gradient": logit_gradient.numpy().tolist(),
            },
        }
        with strategy.scope():
            mirrored_weight = tf.Variable(initial)

        @tf.function
        def step(
            real,
            generated,
            loss_function=loss_function,
            mirrored_weight=mirrored_weight,
        ):
            return strategy.run(
                _gradients,
                (loss_function, mirrored_weight, real, generated, 1.0 / REPLICAS),
            )

        loss, weight_gradient, logit_gradient = (
            strategy.experimental_local_results(values)
            for values in step(shard(real), shard(generated))
        )
        report[side]["mirrored"] = {
            "loss": float(np.mean(loss)),
            "weight_gradient": np.sum(weight_gradient, axis=0).tolist(),
            "logit_gradient": np.concatenate(logit_gradient).tolist(),
        }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
