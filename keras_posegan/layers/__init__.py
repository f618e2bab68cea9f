"""The layers of the paper; importing one makes its saved models loadable."""

from keras_posegan.layers.body_parts import BodyParts
from keras_posegan.layers.deformable_skip import DeformableSkip
from keras_posegan.layers.keypoint_heatmaps import KeypointHeatmaps
from keras_posegan.layers.product_conv_2d import ProductConv2D
from keras_posegan.layers.product_conv_2d_transpose import ProductConv2DTranspose
from keras_posegan.layers.self_attention_2d import SelfAttention2D
from keras_posegan.layers.spectral_conv_2d import SpectralConv2D
from keras_posegan.layers.spectral_conv_2d_transpose import SpectralConv2DTranspose
from keras_posegan.layers.spectral_product_conv_2d_transpose import (
    SpectralProductConv2DTranspose,
)

__all__ = [
    "BodyParts",
    "DeformableSkip",
    "KeypointHeatmaps",
    "ProductConv2D",
    "ProductConv2DTranspose",
    "SelfAttention2D",
    "SpectralConv2D",
    "SpectralConv2DTranspose",
    "SpectralProductConv2DTranspose",
]
