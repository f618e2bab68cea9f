"""The discriminator: is this picture a photo of that person in that pose?"""

import keras

from keras_posegan.layers import (
    keypoint_heatmaps,
    self_attention_2d,
    spectral_conv_2d,
)
from keras_posegan.models import blocks

_FILTERS = (64, 128, 256, 512)


def build_discriminator(
    image_size: tuple[int, int] = (128, 64),
    *,
    width: float = 1.0,
    spectral_norm: bool = True,
    instance_norm: bool = False,
    attention_strides: tuple[int, ...] = (8, 16),
    attention_reduction: int = 8,
    attention_key_pooling: int = 1,
    heatmap_sigma_pixels: float = 6.0,
) -> keras.Model:
    """Builds the discriminator D of the paper: one logit per patch, no sigmoid.

    The picture in question, the source picture and the heatmaps of both poses are
    concatenated; 4x4 convolutions of stride 2 with 64, 128, 256 and 512 filters
    (LeakyReLU 0.2 between) lead to a last one with a single channel. The first
    convolution is not padded, the others by 1, as in Deformable GAN: a 128x64
    picture has maps of 63x31, 31x15, 15x7, 7x3 and 3x1 logits.

    Pictures less than 64 pixels wide, which the paper does not have, get fewer
    blocks, so that logits remain.

    Args:
        image_size: (height, width) in pixels, each at least 8.
        width: > 0. Multiplier of every filter count.
        spectral_norm: whether every convolution is spectrally normalized.
        instance_norm: whether blocks 2 to 4 have instance norm (Deformable GAN
            does; the paper is silent, and spectral norm makes it needless).
        attention_strides: levels followed by self-attention, as strides of the
            picture. (8, 16) is the paper's "last two layers": the last two with
            features, because attention over one-channel logits is degenerate.
        attention_reduction, attention_key_pooling: see `SelfAttention2D`.
        heatmap_sigma_pixels: standard deviation of the keypoint heatmaps, pixels.

    Returns:
        A model with the named inputs `source_image`, `image` (B, H, W, 3) in
        [-1, 1], `source_keypoints`, `target_keypoints` (B, 18, 3) in pixels, and
        the output `logits` (B, h, w, 1).

    Raises:
        ValueError: if an attention stride names no level of the network.

    Reference:
        Horiuchi et al., MVA 2019, sections 3.2 to 3.4. Siarohin et al., CVPR 2018.
    """
    height, image_width = image_size
    # A picture at least 2^(n + 2) pixels wide leaves logits after n blocks.
    num_blocks = min(len(_FILTERS), min(image_size).bit_length() - 3)
    strides = [2 ** (block + 1) for block in range(num_blocks)]
    blocks.check_strides(attention_strides, strides)
    convolution = (
        spectral_conv_2d.SpectralConv2D if spectral_norm else keras.layers.Conv2D
    )

    source_image = keras.Input((height, image_width, 3), name="source_image")
    image = keras.Input((height, image_width, 3), name="image")
    source_keypoints = keras.Input((18, 3), name="source_keypoints")
    target_keypoints = keras.Input((18, 3), name="target_keypoints")
    heatmaps = keypoint_heatmaps.KeypointHeatmaps(image_size, heatmap_sigma_pixels)
    features = keras.layers.Concatenate()(
        [source_image, heatmaps(source_keypoints), image, heatmaps(target_keypoints)]
    )
    for stride, count in zip(strides, _FILTERS, strict=False):
        if stride > 2:
            features = keras.layers.LeakyReLU(0.2)(features)
            features = keras.layers.ZeroPadding2D(1)(features)
        has_norm = instance_norm and stride > 2
        features = convolution(
            max(1, round(count * width)),
            4,
            strides=2,
            use_bias=not has_norm,
            name=f"features_{stride}",
        )(features)
        if has_norm:
            features = blocks.instance_norm(f"features_{stride}_norm")(features)
        if stride in attention_strides:
            features = self_attention_2d.SelfAttention2D(
                attention_reduction,
                key_pooling=attention_key_pooling,
                name=f"attention_{stride}",
            )(features)
    features = keras.layers.LeakyReLU(0.2)(features)
    features = keras.layers.ZeroPadding2D(1)(features)
    logits = convolution(
        1,
        4,
        strides=2,
        name="patch_logits",
    )(features)
    logits = keras.layers.Activation("linear", dtype="float32", name="logits")(logits)
    return keras.Model(
        {
            "source_image": source_image,
            "source_keypoints": source_keypoints,
            "image": image,
            "target_keypoints": target_keypoints,
        },
        logits,
        name="discriminator",
    )
