"""LPIPS, by the package of its authors, where that is installed."""

import importlib

import numpy as np

from keras_posegan import input_error
from keras_posegan.metrics import picture_pairs

NETWORKS = ("alex", "vgg", "squeeze")


class LpipsDistance:
    """Learned perceptual distance of each pair of pictures.

    Computed by the `lpips` package (version "0.1" of its linear weights, on PyTorch,
    on the CPU), which this project does not need otherwise and imports only here:
    `pip install lpips==0.1.4`. torchvision downloads the network's own weights when
    they are first used.

    Args:
        network: "alex", "vgg" or "squeeze"; the distances are not comparable. The
            field reports "alex".

    Raises:
        ValueError: if `network` is none of these.
        input_error.InputError: if the package is not installed.

    Example:
    >>> distance = LpipsDistance()
    >>> distance(real, generated)
    array([0.21, 0.34])

    Reference:
        Zhang et al., "The Unreasonable Effectiveness of Deep Features as a
        Perceptual Metric", arXiv 1801.03924. Ren et al., arXiv 2003.00696, take the
        same weights ("net-lin", "alex"); their mean leaves out the pairs beyond the
        last whole batch of 64.
    """

    def __init__(self, network: str = "alex"):
        if network not in NETWORKS:
            raise ValueError(
                f"`network` must be one of {NETWORKS}. Received: network={network!r}"
            )
        try:
            lpips = importlib.import_module("lpips")
            self._torch = importlib.import_module("torch")
        except ImportError as error:
            raise input_error.InputError(
                f"LPIPS needs a package that cannot be imported ({error}): "
                "pip install lpips==0.1.4"
            ) from error
        self.network = network
        self._distance = lpips.LPIPS(net=network, version="0.1", verbose=False)

    def __call__(self, reference, generated) -> np.ndarray:
        """Measures a batch; lower is better, 0 for equal pictures.

        Args:
            reference: uint8 (B, H, W, 3), the real pictures, in RGB.
            generated: uint8 of the same shape.

        Returns:
            float64 (B,).

        Raises:
            ValueError: if an argument is not uint8 or not four-dimensional, or the
                shapes differ.
        """
        pair = picture_pairs.checked_pair(reference, generated)
        with self._torch.no_grad():
            distances = self._distance(*map(self._tensor, pair))
        return distances.numpy().reshape(-1).astype(np.float64)

    def _tensor(self, pictures):
        """Pictures as the network takes them: (B, 3, H, W) in [-1, 1]."""
        scaled = pictures.transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        return self._torch.from_numpy(np.ascontiguousarray(scaled))
