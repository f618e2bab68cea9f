"""The generator in the form that TFLite's converter and interpreters take best."""

import keras

from keras_posegan.layers import (
    deformable_skip,
    plain_instance_norm,
    product_conv_2d,
    product_conv_2d_transpose,
)

_CLASSES = {
    keras.layers.GroupNormalization: plain_instance_norm.PlainInstanceNorm,
    product_conv_2d.ProductConv2D: keras.layers.Conv2D,
    product_conv_2d_transpose.ProductConv2DTranspose: keras.layers.Conv2DTranspose,
}


def for_phones(generator: keras.Model) -> keras.Model:
    """Copies a folded generator into one of builtin TFLite operations.

    Computes the same numbers, in float32 whatever the run's precision: deformable
    skips by the kernel "plain", convolutions as such and not as products of matrices,
    instance norms on maps of four axes.

    Args:
        generator: see `folding.fold`.

    Returns:
        A new model with the inputs and the output of `generator`; it shares nothing
        with it.
    """

    def copy(layer):
        config = {**layer.get_config(), "dtype": "float32"}
        if isinstance(layer, deformable_skip.DeformableSkip):
            config["kernel"] = "plain"
        return _CLASSES.get(type(layer), type(layer)).from_config(config)

    clone = keras.models.clone_model(generator, clone_function=copy)
    clone.set_weights(generator.get_weights())
    clone.trainable = False
    return clone
