"""The inception score, from class probabilities."""

import numpy as np

_SUM_TOLERANCE = 1e-3  # A softmax in float16 passes; logits and counts do not.


def inception_score(probabilities, splits: int = 10) -> tuple[float, float]:
    """Scores how sure a classifier is of each picture, and how varied its answers are.

    The rows are cut into contiguous splits, i of S from row i N // S up to row
    (i + 1) N // S. With p[n] the probabilities of row n of a split and m their mean
    over the split,

        score of a split = exp(mean over n of sum over classes of p log(p / m))

    Higher is better: 1 if the classifier answers all pictures alike, the number of
    classes if it is sure of each and names all classes equally often. The result
    depends on the classifier, the number of rows and, through the splits, their
    order: compare only what has all of these in common.

    Args:
        probabilities: (N, classes), each row of which sums to 1 (within 1e-3).
        splits: int >= 1 and <= N. The field uses 10.

    Returns:
        Mean and population standard deviation (no Bessel correction) of the splits'
        scores.

    Raises:
        ValueError: if `probabilities` is not two-dimensional, has fewer rows than
            splits, or a row is negative, not finite or does not sum to 1.

    Reference:
        Salimans et al., "Improved Techniques for Training GANs", arXiv 1606.03498,
        and the code of its authors, which the evaluations of Siarohin et al., arXiv
        1801.00055, and Zhu et al., arXiv 1904.03349, run as it is. There p = 0 gives
        NaN; here 0 log 0 is 0.
    """
    probabilities = np.asarray(probabilities, dtype=np.float64)
    _check(probabilities, splits)
    count = len(probabilities)
    scores = [
        _split_score(probabilities[i * count // splits : (i + 1) * count // splits])
        for i in range(splits)
    ]
    return float(np.mean(scores)), float(np.std(scores))


def _split_score(probabilities) -> float:
    """The score of one split."""
    means = probabilities.mean(axis=0)
    ratios = probabilities / np.where(means > 0, means, 1)
    logarithms = np.log(ratios, out=np.zeros_like(ratios), where=ratios > 0)
    divergences = (probabilities * logarithms).sum(axis=1)
    return np.exp(divergences.mean())


def _check(probabilities, splits) -> None:
    """Refuses what is no (N, classes) of probabilities for so many splits."""
    if probabilities.ndim != 2:
        raise ValueError(
            f"`probabilities` must be (N, classes). Received: {probabilities.shape}"
        )
    if splits < 1:
        raise ValueError(f"`splits` must be at least 1. Received: splits={splits}")
    if len(probabilities) < splits:
        raise ValueError(
            "`probabilities` must have a row a split at least. "
            f"Received: {len(probabilities)} rows and splits={splits}"
        )
    # Comparisons with NaN are false.
    is_wrong = ~np.all(probabilities >= 0, axis=1)
    if np.any(is_wrong):
        row = int(np.argmax(is_wrong))
        raise ValueError(
            "`probabilities` must be numbers, none negative. "
            f"Received: {probabilities[row].min()} in row {row}"
        )
    sums = probabilities.sum(axis=1)
    is_wrong = ~(np.abs(sums - 1) <= _SUM_TOLERANCE)
    if np.any(is_wrong):
        row = int(np.argmax(is_wrong))
        raise ValueError(
            "`probabilities` must sum to 1 in every row. "
            f"Received: a sum of {sums[row]:.6g} in row {row}"
        )
