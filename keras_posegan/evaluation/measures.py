"""What is measured on pictures: first batch by batch, then over all of them."""

import importlib.util
import math
from typing import Any

import numpy as np

from keras_posegan import input_error
from keras_posegan.metrics import (
    frechet_distance,
    inception_score,
    lpips_distance,
    masked,
)
from keras_posegan.metrics import protocol as protocol_lib

# Of float32 softmax over a thousand classes; a half-precision one is 1e-2 off.
_SUM_TOLERANCE = 1e-3


class Measures:
    """The measures of a protocol, and those of a classifier if there is one.

    Pictures are seen once and not kept. What is kept of a pair are *columns*: arrays
    whose first axis is pairs, named by whose pictures they are of and what they hold:

        generated/ssim                  float64 (P,), any pair metric of the protocol
        generated/masked ssim           the same of both pictures behind the body mask
        generated/probabilities         float32 (P, K), what the classifier says
        generated/masked probabilities  float32 (P, K)
        generated/features              float32 (P, F)

    `real` has the classifier's columns, every candidate the pair metrics. With
    Inception's 1,008 classes and 2,048 features that is 32 kB a pair; two pictures
    would be 49 kB at 128x64, and without a classifier nearly nothing is left.

    Args:
        protocol: whose definitions count, see `protocols`.
        classifier: see `classifiers`; None leaves inception score and Frechet
            distance out. With one both are measured whatever the protocol, as their
            names say by what.

    Attributes:
        pair_metrics: those of the protocol, and its LPIPS if that is installed.
        left_out: measures of the protocol that will be missing, and why, a line each.
    """

    def __init__(self, protocol: protocol_lib.Protocol, classifier: Any = None):
        self.protocol = protocol
        self.classifier = classifier
        self.pair_metrics = dict(protocol.pair_metrics)
        self.left_out = []
        if protocol.lpips_network and importlib.util.find_spec("lpips"):
            self.pair_metrics["lpips"] = lpips_distance.LpipsDistance(
                protocol.lpips_network
            )
        elif protocol.lpips_network:
            self.left_out.append("lpips: the package lpips is not installed")

    def check(self, pair_count: int, image_size: tuple[int, int]) -> None:
        """Makes sure, before the work, that so many pictures of a size can be measured.

        Raises:
            input_error.InputError: if there are fewer pairs than the inception score
                has splits, or the pictures are too small for a pair metric.
        """
        splits = self.protocol.splits
        if self.classifier and pair_count < splits:
            raise input_error.InputError(
                f"--classifier: the inception score of protocol {self.protocol.name!r} "
                f"has {splits} splits and needs a pair for each. Received: "
                f"{pair_count} pairs"
            )
        random = np.random.default_rng(0)
        noise = random.integers(0, 256, (2, 1, *image_size, 3), dtype=np.uint8)
        for name, metric in self.pair_metrics.items():
            try:
                metric(*noise)
            except ValueError as error:
                raise input_error.InputError(
                    f"--protocol={self.protocol.name}: {name} cannot be computed of "
                    f"pictures {image_size[0]} high and {image_size[1]} wide: {error}"
                ) from error

    def columns(
        self,
        real: np.ndarray,
        candidates: dict[str, np.ndarray],
        masks: np.ndarray | None = None,
    ) -> dict[str, np.ndarray]:
        """Measures one batch.

        Args:
            real: uint8 (B, H, W, 3), the target pictures.
            candidates: uint8 of that shape each, by name, `generated` among them.
            masks: bool (B, H, W), where the target's body is; None leaves the masked
                measures out.

        Raises:
            input_error.InputError: if the classifier's probabilities of a picture
                don't sum to 1.
        """
        columns = {}
        for prefix in ("", "masked ") if masks is not None else ("",):
            if prefix:
                real = masked.masked(real, masks)
                candidates = {
                    name: masked.masked(pictures, masks)
                    for name, pictures in candidates.items()
                }
            for name, pictures in candidates.items():
                for metric, function in self.pair_metrics.items():
                    columns[f"{name}/{prefix}{metric}"] = function(real, pictures)
            if self.classifier:
                classified = {"generated": candidates["generated"], "real": real}
                for name, pictures in classified.items():
                    probabilities, features = self._classify(pictures)
                    columns[f"{name}/{prefix}probabilities"] = probabilities
                    if not prefix:  # The field has no masked Frechet distance.
                        columns[f"{name}/features"] = features
        return columns

    def summary(self, columns: dict[str, np.ndarray]) -> dict[str, dict]:
        """From the columns of all pairs, in their order, to numbers.

        Returns:
            For each candidate and `real`, by name: the mean of each pair metric over
            pairs, and of generated and real pictures `IS (classifier)`, the mean over
            splits, and `IS (classifier) std`, the standard deviation over splits;
            `FID (classifier)` between the two under `generated`. A number that is not
            finite (the PSNR of equal pictures) is None, as JSON has no infinity.
        """
        rows = {name.split("/")[0]: {} for name in columns}
        rows.setdefault("real", {})
        for column, values in columns.items():
            candidate, name = column.split("/", 1)
            if not name.endswith(("probabilities", "features")):
                rows[candidate][name] = float(np.mean(values))
            elif name.endswith("probabilities"):
                prefix = name.removesuffix("probabilities")
                title = f"{prefix}IS ({self.classifier.name})"
                rows[candidate][title], rows[candidate][f"{title} std"] = (
                    inception_score.inception_score(values, self.protocol.splits)
                )
        if self.classifier:
            rows["generated"][f"FID ({self.classifier.name})"] = (
                frechet_distance.frechet_distance(
                    columns["generated/features"], columns["real/features"]
                )
            )
        return {
            candidate: {name: _finite(value) for name, value in row.items()}
            for candidate, row in rows.items()
        }

    def _classify(self, pictures):
        """Probabilities and features, float32, of a classifier that may be wrong."""
        probabilities, features = self.classifier(pictures)
        probabilities = np.asarray(probabilities, np.float32)
        sums = probabilities.sum(axis=-1, dtype=np.float64)
        # Written so that NaN is refused.
        is_sound = (np.abs(sums - 1.0) <= _SUM_TOLERANCE) & (probabilities.min(-1) >= 0)
        if not np.all(is_sound):
            raise input_error.InputError(
                f"--classifier: {self.classifier.name!r} must give each picture "
                "probabilities that are not negative and sum to 1. Received: a sum of "
                f"{sums[~is_sound][0]:.6g}, least {probabilities[~is_sound].min():.6g}"
            )
        return probabilities, np.asarray(features, np.float32)


def _finite(value):
    """A float for JSON."""
    return float(value) if math.isfinite(value) else None
