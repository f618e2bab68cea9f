"""One set of definitions that a family of papers shares."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np


@dataclasses.dataclass(frozen=True)
class Protocol:
    """What an evaluation reports, and by whose definitions.

    Inception score and Fréchet distance are reported of any protocol, where there is
    a classifier, under the classifier's name.

    Args:
        name: as `--protocol` takes it.
        reference: whose definitions these are, in one sentence.
        pair_metrics: by name, functions of (reference, generated), both uint8
            (B, H, W, 3), to float64 (B,). What is reported is the mean over all
            pairs.
        is_masked: whether the pair metrics and the inception score are also reported
            of masked pictures.
        splits: of the inception score.
        lpips_network: the network of LPIPS, which is reported where the `lpips`
            package is installed; None if the protocol has no LPIPS.
    """

    name: str
    reference: str
    pair_metrics: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]]
    is_masked: bool
    splits: int
    lpips_network: str | None
