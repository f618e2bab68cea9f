"""The Frechet distance of two sets of features (FID, of Inception's features)."""

import numpy as np


def frechet_distance(features, other_features) -> float:
    """Squared Frechet distance of the Gaussians fitted to two sets of features.

    With the means m1, m2 and the covariances S1, S2 (divided by N - 1) of the sets,

        |m1 - m2|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2)

    Lower is better: 0 for equal sets. It is biased upwards for small sets, so
    compare only sets of like sizes, and of one and the same classifier.

    The last trace is computed without a general matrix square root, which is slow,
    and inaccurate for the singular covariances of fewer pictures than features. With
    S1 = F F^T (F of full column rank, from the eigenvectors of S1), it is the sum of
    the square roots of the eigenvalues of the symmetric F^T S2 F, which are those of
    S1 S2 but zeros. It is exact to about 1e-8 of the largest variance a feature.

    Args:
        features: (N, D), N >= 2.
        other_features: (M, D), M >= 2.

    Returns:
        The distance, >= 0; the order of the sets does not matter.

    Raises:
        ValueError: if an argument is not two-dimensional, has fewer than two rows or
            a value that is not finite, or the two differ in D.

    Reference:
        Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", arXiv
        1706.08500. Their code takes `scipy.linalg.sqrtm` of S1 S2, and adds 1e-6 to
        the diagonals where that fails; the numbers agree where it is accurate.
    """
    mean, covariance = _fit("features", features)
    other_mean, other_covariance = _fit("other_features", other_features)
    if len(mean) != len(other_mean):
        raise ValueError(
            "`features` and `other_features` must have as many columns. "
            f"Received: {len(mean)} and {len(other_mean)}"
        )
    factor = _factor(covariance)
    squares = np.linalg.eigvalsh(factor.T @ other_covariance @ factor)
    distance = (
        np.sum((mean - other_mean) ** 2)
        + np.trace(covariance)
        + np.trace(other_covariance)
        - 2 * np.sqrt(np.maximum(squares, 0)).sum()  # Rounding may lead below 0.
    )
    return max(float(distance), 0.0)


def _fit(name, features) -> tuple[np.ndarray, np.ndarray]:
    """Mean (D,) and covariance (D, D)."""
    features = np.asarray(features, dtype=np.float64)
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(
            f"`{name}` must be (N, D) with N >= 2. Received: {features.shape}"
        )
    is_wrong = ~np.all(np.isfinite(features), axis=1)
    if np.any(is_wrong):
        raise ValueError(
            f"`{name}` must be finite. "
            f"Received: NaN or infinity in row {int(np.argmax(is_wrong))}"
        )
    return features.mean(axis=0), np.atleast_2d(np.cov(features, rowvar=False))


def _factor(covariance) -> np.ndarray:
    """F (D, rank) with F F^T = covariance."""
    variances, directions = np.linalg.eigh(covariance)
    noise = len(variances) * np.finfo(float).eps * variances[-1]
    is_real = variances > noise
    return directions[:, is_real] * np.sqrt(variances[is_real])
