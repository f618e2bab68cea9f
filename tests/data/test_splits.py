"""Tests of the identity-disjoint split."""

import itertools

import numpy as np
import pytest

from keras_posegan.data import market1501, pairs, splits
from keras_posegan.pose import keypoint_files


def _people(*sizes):
    """Names and pairs of people with so many pairs each, shuffled."""
    names = [
        f"{person:04d}_{picture}.jpg"
        for person in range(len(sizes))
        for picture in "ab"
    ]
    rows = [
        [2 * person, 2 * person + 1]
        for person, size in enumerate(sizes)
        for _ in range(size)
    ]
    return names, np.random.default_rng(0).permutation(np.array(rows))


def _identities(names, chosen):
    return {market1501.identity(names[row]) for row in chosen.ravel()}


def test_parts_share_no_person_and_hold_every_pair_in_order():
    names, everything = _people(3, 8, 1, 5, 2, 9, 4)
    first, rest = splits.split_pairs_by_identity(names, everything, 10, seed=0)
    assert not _identities(names, first) & _identities(names, rest)
    assert len(first) == 10
    for part in (first, rest):
        is_in_part = np.isin(everything[:, 0], part[:, 0])
        np.testing.assert_array_equal(part, everything[is_in_part])
    assert len(first) + len(rest) == len(everything)


def test_size_is_the_nearest_that_any_choice_of_people_gives():
    generator = np.random.default_rng(1)
    for seed in range(30):
        sizes = generator.integers(1, 30, size=6).tolist()
        count = int(generator.integers(0, sum(sizes) + 10))
        names, everything = _people(*sizes)
        first, _ = splits.split_pairs_by_identity(names, everything, count, seed)
        possible = {
            sum(choice)
            for people in range(1, len(sizes))
            for choice in itertools.combinations(sizes, people)
        }
        assert len(first) == min(possible, key=lambda s: (abs(s - count), s))


def test_seed_decides_who_is_in_which_part():
    names, everything = _people(*[4] * 30)
    first, again, other = (
        splits.split_pairs_by_identity(names, everything, 40, seed)[0]
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert _identities(names, first) != _identities(names, other)


def test_the_fields_list_splits_in_exactly_2000_and_10000(shared_dir):
    folder = shared_dir / "market1501" / "annotations"
    names, _ = keypoint_files.read_annotations(folder / "market-annotation-test.csv")
    everything = pairs.read_pairs(folder / "market-pairs-test.csv", names)
    validation, test = splits.split_pairs_by_identity(names, everything, 2000, seed=0)
    assert (len(validation), len(test)) == (2000, 10_000)
    assert not _identities(names, validation) & _identities(names, test)


def test_one_person_cannot_be_split():
    names, everything = _people(7)
    with pytest.raises(ValueError, match=r"at least two people.*'0000'.* in 7 pairs"):
        splits.split_pairs_by_identity(names, everything, 3, seed=0)
    with pytest.raises(ValueError, match=r"in 0 pairs"):
        splits.split_pairs_by_identity(names, np.zeros((0, 2), int), 3, seed=0)


def test_a_pair_of_two_people_is_refused():
    names, everything = _people(2, 2)
    with pytest.raises(ValueError, match=r"'0000', '0001'"):
        splits.split_pairs_by_identity(names, np.vstack([everything, [[1, 2]]]), 2, 0)
