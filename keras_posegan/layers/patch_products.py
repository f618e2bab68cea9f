"""Strided convolutions, and transposed ones, as one product of matrices.

With P(x) the matrix of all k x k patches of x, a row each, and K the kernel as a matrix
(k * k * C, D):

    convolution             y = P(x) K
    transposed convolution  x = Pᵀ(y Kᵀ)     Pᵀ adds patches up where they overlap

Each is the other's gradient, and that of the kernel is P(x)ᵀ times dL/dy. For deep
layers, whose kernels are a hundred times larger than their maps, that is two to four
times faster on a CPU than the operations for convolutions, which first copy the kernel
into a layout of their own. Patches are k²/s² times as large as the map: for shallow
layers it is slower.
"""

import tensorflow as tf


def check(layer) -> None:
    """Raises ValueError unless these functions compute what the Keras layer does."""
    (kernel, _), (stride, _) = layer.kernel_size, layer.strides
    is_square = layer.kernel_size == (kernel, kernel) and layer.strides == (stride,) * 2
    if not (is_square and kernel % stride == 0 and (kernel - stride) % 2 == 0):
        raise ValueError(
            "`kernel_size` must be square, a multiple of `strides`, and differ from it "
            "by an even number. "
            f"Received: kernel_size={layer.kernel_size}, strides={layer.strides}"
        )
    for name, needed in (
        ("padding", "same"),
        ("data_format", "channels_last"),
        ("dilation_rate", (1, 1)),
        ("groups", 1),
        ("output_padding", None),
    ):
        received = getattr(layer, name, needed)
        if received != needed:
            raise ValueError(f"`{name}` must be {needed}. Received: {name}={received}")


def convolve(inputs, kernel, stride: int):
    """`tf.nn.conv2d` with SAME padding.

    Args:
        inputs: (B, H, W, C), H and W known multiples of `stride`.
        kernel: (k, k, C, D); see `check`.
        stride: int >= 1.

    Returns: (B, H / stride, W / stride, D).
    """

    @tf.custom_gradient
    def product(inputs, kernel):
        patches = _patches(inputs, kernel.shape[0], stride)
        outputs = tf.matmul(patches, _matrix(kernel))

        def gradient(upstream):
            return (
                convolve_transposed(upstream, kernel, stride),
                _kernel_gradient(inputs, upstream, kernel, stride),
            )

        height, width = (size // stride for size in inputs.shape[1:3])
        return _as_map(outputs, height, width), gradient

    return product(tf.convert_to_tensor(inputs), tf.convert_to_tensor(kernel))


def convolve_transposed(inputs, kernel, stride: int):
    """`tf.nn.conv2d_transpose` with SAME padding.

    Args:
        inputs: (B, h, w, D), h and w known.
        kernel: (k, k, C, D); see `check`.
        stride: int >= 1.

    Returns: (B, h * stride, w * stride, C).
    """

    @tf.custom_gradient
    def product(inputs, kernel):
        # The large matrix on the left: the other way round oneDNN copies it first.
        flat = tf.reshape(inputs, (-1, inputs.shape[-1]))
        patches = tf.transpose(tf.matmul(_matrix(kernel), flat, transpose_b=True))
        patches = _as_map(patches, *inputs.shape[1:3])
        outputs = _overlap(patches, kernel.shape[0], stride)

        def gradient(upstream):
            return (
                convolve(upstream, kernel, stride),
                _kernel_gradient(upstream, inputs, kernel, stride),
            )

        return outputs, gradient

    return product(tf.convert_to_tensor(inputs), tf.convert_to_tensor(kernel))


def _kernel_gradient(large, small, kernel, stride):
    """P(large)ᵀ times the small map."""
    patches = _patches(large, kernel.shape[0], stride)
    flat = tf.reshape(small, (-1, small.shape[-1]))
    return tf.reshape(tf.matmul(patches, flat, transpose_a=True), kernel.shape)


def _patches(inputs, side, stride):
    """P(x): (B * h * w, side * side * C)."""
    patches = tf.image.extract_patches(
        inputs, [1, side, side, 1], [1, stride, stride, 1], [1, 1, 1, 1], "SAME"
    )
    return tf.reshape(patches, (-1, patches.shape[-1]))


def _overlap(patches, side, stride):
    """Pᵀ: adds (B, h, w, side * side * C) up to (B, h * stride, w * stride, C).

    A patch is side / stride blocks of stride x stride pixels high and wide. Blocks
    that fall on the same place are added, and laid out as pixels at the end.
    """
    _, height, width, channels = patches.shape
    blocks = side // stride
    block_channels = channels // blocks**2
    shape = (-1, height, width, blocks, stride, blocks, stride)
    patches = tf.reshape(patches, (*shape, block_channels // stride**2))
    total = 0.0
    for down in range(blocks):
        for right in range(blocks):
            block = tf.reshape(
                patches[:, :, :, down, :, right], (-1, height, width, block_channels)
            )
            rows, columns = (down, blocks - 1 - down), (right, blocks - 1 - right)
            total += tf.pad(block, [(0, 0), rows, columns, (0, 0)])
    pixels = tf.nn.depth_to_space(total, stride) if stride > 1 else total
    border = (side - stride) // 2
    height, width = height * stride, width * stride
    return pixels[:, border : border + height, border : border + width]


def _matrix(kernel):
    return tf.reshape(kernel, (-1, kernel.shape[-1]))


def _as_map(flat, height, width):
    """(B * h * w, C) to (B, h, w, C)."""
    return tf.reshape(flat, (-1, height, width, flat.shape[-1]))
