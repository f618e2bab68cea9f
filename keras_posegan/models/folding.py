"""The generator as inference runs it: nothing in it is of use to training alone."""

import keras

from keras_posegan.layers import (
    product_conv_2d_transpose,
    spectral_conv_2d,
    spectral_conv_2d_transpose,
    spectral_product_conv_2d_transpose,
)

_PLAIN_CLASSES = {
    spectral_conv_2d.SpectralConv2D: keras.layers.Conv2D,
    spectral_conv_2d_transpose.SpectralConv2DTranspose: keras.layers.Conv2DTranspose,
    spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose: (
        product_conv_2d_transpose.ProductConv2DTranspose
    ),
}


def fold(generator: keras.Model) -> keras.Model:
    """Copies a generator into one that only draws.

    Computes what `generator(inputs, training=False)` does. Each spectrally
    normalized convolution is a plain one that holds its kernel already divided,

        kernel = W / σ(W)

    with the σ of the layer's `left_vector` as it stands, and the dropout layers are
    gone. So no call takes a norm, draws a random number or changes a weight: no
    weight is trainable, and none is a `left_vector` or the state of a seed.

    The other layers keep class, config, dtype policy and weights; every layer
    keeps its name. The copy shares nothing with the original: folding again is
    what follows a change of weights.

    Args:
        generator: see `build_generator`; any functional model whose layers of the
            kinds named stand in its own graph, not in a model inside it.

    Returns:
        A new model with the inputs and the output of `generator`.

    Example:
    >>> folded = fold(build_generator())
    >>> type(folded.get_layer("decoder_1"))
    <class 'keras.src.layers.convolutional.conv2d_transpose.Conv2DTranspose'>
    """
    folded = keras.models.clone_model(
        generator, clone_function=_without_weights, call_function=_call
    )
    for layer in generator.layers:
        if isinstance(layer, keras.layers.Dropout):
            continue
        weights = layer.get_weights()
        if type(layer) in _PLAIN_CLASSES:
            weights = [layer.normalized_kernel()]
            weights += [layer.bias] if layer.use_bias else []
        folded.get_layer(layer.name).set_weights(weights)
    folded.trainable = False
    return folded


def _without_weights(layer):
    """The layer that stands for one of the original's, as yet without its weights."""
    if isinstance(layer, keras.layers.Dropout):
        return layer  # Never called: see `_call`.
    layer_class = _PLAIN_CLASSES.get(type(layer), type(layer))
    return layer_class.from_config(layer.get_config())


def _call(layer, *args, **kwargs):
    """Calls a layer of the copy; goes past dropout."""
    if isinstance(layer, keras.layers.Dropout):
        return args[0]
    return layer(*args, **kwargs)
