"""The nearest-neighbour loss (paper, eq. 1)."""

import tensorflow as tf

_ANCHORS = ("target", "generated")


def nearest_neighbor_loss(
    target_features, generated_features, neighborhood: int = 3, anchor: str = "target"
):
    """L1 distance of features, forgiving small displacements.

    With C(p) the features at position p and N(p) the `neighborhood` x
    `neighborhood` window around p, clipped at the border of the map,

        mean over p of  min over q in N(p) of  sum over channels of
            |C_target(p) - C_generated(q)|

    Only the best q of each p receives a gradient, as that of a minimum does.
    The best is found without one and its features are then gathered, so that
    nothing but two maps is kept for the backward pass, however wide the window.

    Args:
        target_features: (batch, H, W, C), features of the target picture.
        generated_features: (batch, H, W, C), those of the generated picture.
        neighborhood: odd int >= 1, side of the window in positions. The paper's
            3 for Market-1501; 5 for pictures of 256x256 (Siarohin et al.); with
            1 the loss is the plain L1 distance.
        anchor: whose positions p are: "target" (the paper: every part of the
            target must be found in the generated picture) or "generated" (the
            Deformable GAN's code: everything generated must be found in the
            target).

    Returns:
        float32 scalar >= 0: the mean over positions and batch.

    Raises:
        ValueError: if `neighborhood` or `anchor` is none of these, or the shapes
            of the maps differ.

    Reference:
        Horiuchi et al., MVA 2019, eq. 1; Siarohin et al., "Deformable GANs",
        arXiv 1801.00055, eq. 7. The paper writes a sum over positions; with the
        mean its weights (lambda = 50) fit and do not depend on the picture's
        size.
    """
    if neighborhood < 1 or neighborhood % 2 == 0:
        raise ValueError(
            f"`neighborhood` must be odd and >= 1. Received: {neighborhood=}"
        )
    if anchor not in _ANCHORS:
        raise ValueError(f"`anchor` must be one of {_ANCHORS}. Received: {anchor=}")
    target_features = tf.cast(target_features, tf.float32)
    generated_features = tf.cast(generated_features, tf.float32)
    target_features.shape.assert_is_compatible_with(generated_features.shape)
    anchored, searched = target_features, generated_features
    if anchor == "generated":
        anchored, searched = searched, anchored
    positions = _nearest_positions(
        tf.stop_gradient(anchored), tf.stop_gradient(searched), neighborhood
    )
    nearest = tf.gather(_flat(searched), _flat(positions), batch_dims=1)
    distances = tf.reduce_sum(tf.abs(_flat(anchored) - nearest), axis=-1)
    return tf.reduce_mean(distances)


def _nearest_positions(anchored, searched, neighborhood):
    """(batch, H, W) int32: y * W + x of the best match of each position."""
    shape = tf.shape(anchored)
    height, width = shape[1], shape[2]
    radius = neighborhood // 2
    # Infinitely far outside the map: the window is clipped.
    border = [[0, 0], [radius, radius], [radius, radius], [0, 0]]
    padded = tf.pad(searched, border, constant_values=float("inf"))
    here = tf.range(height)[:, tf.newaxis] * width + tf.range(width)
    # The middle comes first: it wins ties, and a NaN there stays a NaN.
    best = tf.reduce_sum(tf.abs(anchored - searched), axis=-1)
    positions = tf.broadcast_to(here, shape[:3])
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            y, x = radius + down, radius + right
            shifted = padded[:, y : y + height, x : x + width]
            distance = tf.reduce_sum(tf.abs(anchored - shifted), axis=-1)
            positions = tf.where(
                distance < best, here + down * width + right, positions
            )
            best = tf.minimum(best, distance)
    return positions


def _flat(maps):
    """(batch, H, W, ...) -> (batch, H * W, ...)."""
    shape = tf.shape(maps)
    return tf.reshape(maps, tf.concat([[shape[0], -1], shape[3:]], axis=0))
