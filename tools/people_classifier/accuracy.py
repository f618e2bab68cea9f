"""How good a classifier of people is on people it was not trained on."""

from collections.abc import Callable

import numpy as np

from tools.people_classifier import garments, labelled_people


def measure(
    classify: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    people: labelled_people.LabelledPeople,
    batch_size: int = 64,
) -> dict[str, float]:
    """Compares a classifier's opinions with what is worn, and by whom.

    Args:
        classify: from pictures, uint8 (B, H, W, 3), to probabilities (B, K) of
            `garments.CLASSES` and features (B, F).
        people: the pictures; at least two of each person.
        batch_size: int >= 1, pictures classified at once.

    Returns:
        class: the share of pictures whose most probable class is theirs.
        top, bottom: the same of the parts of which a class is made.
        person: the share of pictures to which, of all other pictures, one of the
            same person has the nearest features (Euclidean).
    """
    batches = [
        classify(people.pictures[start : start + batch_size])
        for start in range(0, len(people.pictures), batch_size)
    ]
    probabilities, features = map(np.concatenate, zip(*batches, strict=True))
    top, bottom = np.divmod(probabilities.argmax(axis=1), len(garments.BOTTOMS))
    right_top, right_bottom = top == people.tops, bottom == people.bottoms
    found = people.people[_nearest(features.astype(np.float64))]
    return {
        "class": float(np.mean(right_top & right_bottom)),
        "top": float(np.mean(right_top)),
        "bottom": float(np.mean(right_bottom)),
        "person": float(np.mean(found == people.people)),
    }


def _nearest(features) -> np.ndarray:
    """The index of the nearest other row of each row."""
    squares = np.square(features).sum(axis=1)
    distances = squares[:, None] + squares - 2 * features @ features.T
    np.fill_diagonal(distances, np.inf)
    return distances.argmin(axis=1)
