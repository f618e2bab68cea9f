"""Splits of a list of pairs in which no person is on both sides."""

from collections.abc import Sequence

import numpy as np

from keras_posegan.data import market1501


def split_pairs_by_identity(
    names: Sequence[str], pairs: np.ndarray, count: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Parts a list of pairs in two that share no person.

    A person's pairs stay together, so not every size can be had: the first part gets
    the size nearest to `count` that any choice of people gives (the smaller of two
    equally near ones), and neither part is empty. Of the choices of that size, the
    one is taken that needs the shortest run of a seeded random order of the people.

    Args:
        names: the pictures' names, which tell the identities.
        pairs: int `(pairs, 2)`: rows into `names`, both of one person.
        count: int: pairs wanted in the first part. The paper holds out 2,000 of its
            12,000 for choosing a checkpoint.
        seed: int in [0, 2^32): the order of the people.

    Returns:
        `(first, rest)`: every pair in exactly one of them, in the order of `pairs`.

    Raises:
        ValueError: if the pairs are of fewer than two people, or if a pair joins two
            people.
    """
    people = np.array([market1501.identity(name) for name in names])[pairs]
    mixed = np.flatnonzero(people[:, 0] != people[:, 1]) if len(pairs) else []
    if len(mixed):
        first_mixed = people[mixed[0]].tolist()
        raise ValueError(f"`pairs` must be of one person each. Received: {first_mixed}")
    identities, owner = np.unique(people[:, 0], return_inverse=True)
    if len(identities) < 2:
        raise ValueError(
            "`pairs` must be of at least two people. "
            f"Received: {identities.tolist()} in {len(pairs)} pairs"
        )
    order = np.random.RandomState(seed).permutation(len(identities))
    sizes = np.bincount(owner)[order].tolist()
    chosen = order[_choose(sizes, count)]
    is_first = np.isin(owner, chosen)
    return pairs[is_first], pairs[~is_first]


def _choose(sizes: list[int], count: int) -> list[int]:
    """Which of `sizes` add up to the sum nearest to `count`, none and all excluded."""
    # Bit s of reachable[i] says whether some of the first i sizes add up to s.
    reachable = [1]
    for size in sizes:
        reachable.append(reachable[-1] | reachable[-1] << size)
    bits = np.array(list(bin(reachable[-1])[:1:-1])) == "1"
    sums = np.flatnonzero(bits)[1:-1]
    left = int(sums[np.argmin(np.abs(sums - count))])
    chosen = []
    for index in range(len(sizes) - 1, -1, -1):
        if not reachable[index] >> left & 1:
            chosen.append(index)
            left -= sizes[index]
    return chosen
