"""A network made of straightforward layers."""

import keras

from keras_posegan.layers import (
    deformable_skip,
    product_conv_2d,
    product_conv_2d_transpose,
    self_attention_2d,
    spectral_conv_2d,
    spectral_conv_2d_transpose,
    spectral_product_conv_2d_transpose,
)
from tools.benchmarks.straightforward import (
    gathered_skip,
    plain_spectral_conv_2d,
    plain_spectral_conv_2d_transpose,
    tiled_skip,
    whole_attention,
)


def straightforward(network: keras.Model, exact_gradient: bool = False) -> keras.Model:
    """A copy of a network, weights and all, made of this folder's layers.

    Args:
        network: the project's generator or discriminator, in float32.
        exact_gradient: see `TiledSkip`.

    Returns:
        The copy; it shares no weight with the original.
    """
    replacements = {
        deformable_skip.DeformableSkip: tiled_skip.TiledSkip,
        self_attention_2d.SelfAttention2D: whole_attention.WholeAttention,
        spectral_conv_2d.SpectralConv2D: plain_spectral_conv_2d.PlainSpectralConv2D,
        spectral_conv_2d_transpose.SpectralConv2DTranspose: (
            plain_spectral_conv_2d_transpose.PlainSpectralConv2DTranspose
        ),
        spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose: (
            plain_spectral_conv_2d_transpose.PlainSpectralConv2DTranspose
        ),
        product_conv_2d.ProductConv2D: keras.layers.Conv2D,
    }

    def copy(layer):
        kind = replacements.get(type(layer), type(layer))
        new = kind.from_config(layer.get_config())
        if kind is tiled_skip.TiledSkip:
            new.exact_gradient = exact_gradient
            new.kernel = "projective"
        return new

    clone = keras.models.clone_model(network, clone_function=copy)
    clone.set_weights(network.get_weights())
    return clone


def for_phones(network: keras.Model) -> keras.Model:
    """A copy of a folded generator that TFLite can run: whole attention, all copies."""
    replacements = {
        deformable_skip.DeformableSkip: gathered_skip.GatheredSkip,
        self_attention_2d.SelfAttention2D: whole_attention.WholeAttention,
        product_conv_2d.ProductConv2D: keras.layers.Conv2D,
        product_conv_2d_transpose.ProductConv2DTranspose: keras.layers.Conv2DTranspose,
    }
    clone = keras.models.clone_model(
        network,
        clone_function=lambda layer: replacements.get(
            type(layer), type(layer)
        ).from_config(layer.get_config()),
    )
    clone.set_weights(network.get_weights())
    return clone
