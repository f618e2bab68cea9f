"""The generator: two encoders, a decoder, and skips that follow the body."""

import keras

from keras_posegan.layers import (
    body_parts,
    deformable_skip,
    keypoint_heatmaps,
    product_conv_2d,
    product_conv_2d_transpose,
    self_attention_2d,
    spectral_conv_2d,
    spectral_conv_2d_transpose,
    spectral_product_conv_2d_transpose,
)
from keras_posegan.models import blocks

# The four shallowest appearance maps are warped, the deeper ones are not: a map of
# 8x4 positions has no limbs to move (Siarohin et al.).
NUM_WARPED_LEVELS = 4

CONVOLUTION_KERNELS = ("convolution", "product")
# Up to so many positions a 4x4 convolution is the faster as a product: its kernel is
# much the larger.
_FEW_POSITIONS = 128
# By whether the kernel is spectrally normalized, and whether it is a product.
_UP_CONVOLUTIONS = {
    (False, False): keras.layers.Conv2DTranspose,
    (False, True): product_conv_2d_transpose.ProductConv2DTranspose,
    (True, False): spectral_conv_2d_transpose.SpectralConv2DTranspose,
    (True, True): spectral_product_conv_2d_transpose.SpectralProductConv2DTranspose,
}


def build_generator(
    image_size: tuple[int, int] = (128, 64),
    *,
    width: float = 1.0,
    spectral_norm: bool = True,
    attention_strides: tuple[int, ...] = (2, 1),
    attention_reduction: int = 8,
    attention_key_pooling: int = 1,
    warp_interpolation: str = "bilinear",
    warp_centre_aligned: bool = True,
    warp_kernel: str = "projective",
    convolution_kernel: str = "convolution",
    heatmap_sigma_pixels: float = 6.0,
) -> keras.Model:
    """Builds the generator G of the paper, section 3.

        appearance encoder: source picture + its heatmaps ─┐ warped skips
        pose encoder:       target heatmaps ───────────────┤ plain skips
        decoder:            deepest maps of both ──────────┴─> picture, tanh

    Encoder filters are 64 (3x3, stride 1), then 128, 256, 512, 512, ... (LeakyReLU
    0.2, 4x4 convolution of stride 2, instance norm; none after the last) down to 4
    rows. The decoder mirrors them (ReLU, transposed 4x4 of stride 2, instance norm,
    dropout 0.5 in the first three blocks) and ends with ReLU, 3x3, tanh. The
    dropout is the paper's noise z; a call with `training=False` has none. Initial
    weights and noise follow `keras.utils.set_random_seed`.

    Args:
        image_size: (height, width) in pixels; height a power of two >= 16, width a
            multiple of height / 4.
        width: > 0. Multiplier of every filter count.
        spectral_norm: whether the decoder's convolutions are spectrally normalized.
        attention_strides: decoder levels followed by self-attention, as strides of
            the picture. (2, 1) is the paper's "last two layers".
        attention_reduction, attention_key_pooling: see `SelfAttention2D`.
        warp_interpolation, warp_centre_aligned, warp_kernel: see `DeformableSkip`.
        convolution_kernel: how the deep convolutions are computed, to the same
            numbers: "convolution" (one op each, for GPUs and phones), or "product"
            (of patches and kernel, for CPUs; see `patch_products`).
        heatmap_sigma_pixels: standard deviation of the keypoint heatmaps, pixels.

    Returns:
        A model with the named inputs `source_image` (B, H, W, 3) in [-1, 1],
        `source_keypoints` and `target_keypoints` (B, 18, 3) in pixels, and the
        output `generated_image` (B, H, W, 3) in [-1, 1]. All geometry is inside.

    Raises:
        ValueError: if an attention stride names no level of the decoder, or
            `convolution_kernel` is none of these.

    Reference:
        Horiuchi et al., MVA 2019, section 3. Siarohin et al., "Deformable GANs for
        Pose-based Human Image Generation", CVPR 2018.
    """
    height, image_width = image_size
    num_downsamplings = height.bit_length() - 3  # Down to 4 rows.
    decoder_strides = [2**level for level in reversed(range(num_downsamplings))]
    blocks.check_strides(attention_strides, decoder_strides)
    if convolution_kernel not in CONVOLUTION_KERNELS:
        raise ValueError(
            f"`convolution_kernel` must be one of {CONVOLUTION_KERNELS}. "
            f"Received: {convolution_kernel=}"
        )
    few_positions = _FEW_POSITIONS if convolution_kernel == "product" else 0
    counts = [64, 128, 256, *[512] * (num_downsamplings - 2)]
    filters = [max(1, round(count * width)) for count in counts]

    source_image = keras.Input((height, image_width, 3), name="source_image")
    source_keypoints = keras.Input((18, 3), name="source_keypoints")
    target_keypoints = keras.Input((18, 3), name="target_keypoints")
    heatmaps = keypoint_heatmaps.KeypointHeatmaps(image_size, heatmap_sigma_pixels)
    appearance = keras.layers.Concatenate()([source_image, heatmaps(source_keypoints)])
    appearance_maps = _encode(appearance, filters, "appearance", few_positions)
    pose_maps = _encode(heatmaps(target_keypoints), filters, "pose", few_positions)

    transforms, masks = body_parts.BodyParts(image_size, name="body_parts")(
        source_keypoints, target_keypoints
    )
    for level in range(min(NUM_WARPED_LEVELS, num_downsamplings)):
        appearance_maps[level] = deformable_skip.DeformableSkip(
            image_size,
            interpolation=warp_interpolation,
            centre_aligned=warp_centre_aligned,
            kernel=warp_kernel,
            name=f"deformable_skip_{2**level}",
        )(appearance_maps[level], transforms, masks)

    convolution = (
        spectral_conv_2d.SpectralConv2D if spectral_norm else keras.layers.Conv2D
    )
    features = keras.layers.Concatenate()([appearance_maps.pop(), pose_maps.pop()])
    decoder_filters = [filters[min(len(filters) - 1, 3)]] * (num_downsamplings - 2)
    decoder_filters += [filters[2], filters[1]]
    for block, (count, stride) in enumerate(
        zip(decoder_filters, decoder_strides, strict=True)
    ):
        features = keras.layers.ReLU()(features)
        is_product = features.shape[1] * features.shape[2] <= few_positions
        features = _UP_CONVOLUTIONS[spectral_norm, is_product](
            count,
            4,
            strides=2,
            padding="same",
            use_bias=False,
            name=f"decoder_{stride}",
        )(features)
        features = blocks.instance_norm(f"decoder_{stride}_norm")(features)
        if block < 3:
            features = keras.layers.Dropout(0.5, name=f"decoder_{stride}_dropout")(
                features
            )
        if stride in attention_strides:
            features = self_attention_2d.SelfAttention2D(
                attention_reduction,
                key_pooling=attention_key_pooling,
                name=f"attention_{stride}",
            )(features)
        features = keras.layers.Concatenate()(
            [features, appearance_maps.pop(), pose_maps.pop()]
        )
    features = keras.layers.ReLU()(features)
    features = convolution(
        3,
        3,
        padding="same",
        name="decoder_picture",
    )(features)
    # Named and float32, so that a low-precision policy does not band the picture.
    generated_image = keras.layers.Activation(
        "tanh", dtype="float32", name="generated_image"
    )(features)
    return keras.Model(
        {
            "source_image": source_image,
            "source_keypoints": source_keypoints,
            "target_keypoints": target_keypoints,
        },
        generated_image,
        name="generator",
    )


def _encode(features, filters, name, few_positions):
    """The feature maps of one encoder, from the picture's size to 4 rows."""
    maps = []
    for level, count in enumerate(filters):
        is_first, is_last = level == 0, level == len(filters) - 1
        if not is_first:
            features = keras.layers.LeakyReLU(0.2)(features)
        positions = features.shape[1] * features.shape[2] // 4
        is_product = not is_first and positions <= few_positions
        kind = product_conv_2d.ProductConv2D if is_product else keras.layers.Conv2D
        features = kind(
            count,
            3 if is_first else 4,
            strides=1 if is_first else 2,
            padding="same",
            # Instance norm would take a bias out again.
            use_bias=is_first or is_last,
            name=f"{name}_{2**level}",
        )(features)
        if not is_first and not is_last:
            features = blocks.instance_norm(f"{name}_{2**level}_norm")(features)
        maps.append(features)
    return maps
