"""The number by which a run's checkpoints are compared."""

import dataclasses
import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from keras_posegan import config, inference, input_error, progress_line
from keras_posegan.data import annotated_pictures, pair_sets, pipeline
from keras_posegan.metrics import classifiers, frechet_distance, inception_score, ssim

_BATCH_SIZE = 32
_SPLITS = 10  # The field's.


@dataclasses.dataclass(frozen=True)
class _Kind:
    """A score: rows measured batch by batch, and one number from all of them."""

    title: str
    higher_is_better: bool
    fewest_pairs: int
    measure: Callable  # (classifier, real, generated) -> one row a picture
    summarize: Callable  # rows -> number


_KINDS = {
    "inception_score": _Kind(
        "IS",
        True,
        _SPLITS,
        lambda classifier, real, generated: classifier(generated)[0],
        lambda rows: inception_score.inception_score(rows, _SPLITS)[0],
    ),
    "frechet_distance": _Kind(
        "FID",
        False,
        2,  # One picture has no covariance.
        lambda classifier, real, generated: np.concatenate(
            [classifier(generated)[1], classifier(real)[1]], axis=1
        ),
        lambda rows: frechet_distance.frechet_distance(*np.split(rows, 2, axis=1)),
    ),
    "ssim": _Kind(
        "SSIM",
        True,
        1,
        lambda classifier, real, generated: ssim.ssim(real, generated),
        np.mean,
    ),
}


class ValidationScore:
    """Scores a generator on the validation pairs, as `train.select_by` says.

        inception_score    the mean over 10 contiguous splits of the generated
                           pictures in the order of the list (the paper's choice)
        frechet_distance   between generated pictures and the pairs' target pictures
        ssim               the mean over pairs, of target and generated picture

    Pictures are generated and measured a batch at a time; what grows with the number
    of pairs is the classifier's output alone. Generating draws no random number and
    changes no weight.

    Args:
        run: a config that selects by something.
        pictures: of the test split.
        test_pairs: int (P, 2), the pairs that the run is tested on.

    Attributes:
        name: with the classifier's, such as "IS (Inception 2015)".
        higher_is_better: whether the best score is the largest.

    Raises:
        input_error.InputError: if the validation pairs or the classifier cannot be
            used, the pairs share a person with `test_pairs`, or are fewer than the
            score takes.
    """

    def __init__(
        self,
        run: config.RunConfig,
        pictures: annotated_pictures.AnnotatedPictures,
        test_pairs: np.ndarray,
    ):
        self._kind = _KINDS[run.train.select_by]
        pairs = pair_sets.load_validation(run.data, pictures, test_pairs)
        if len(pairs) < self._kind.fewest_pairs:
            raise input_error.InputError(
                f"{run.data.validation_pairs}: --train_select_by={run.train.select_by} "
                f"takes {self._kind.fewest_pairs} pairs or more. "
                f"Received: {len(pairs)}"
            )
        self.name = self._kind.title
        self.higher_is_better = self._kind.higher_is_better
        self._classifier = None
        if run.train.select_by != "ssim":
            self._classifier = _load_classifier(run.train.select_classifier)
            self.name += f" ({self._classifier.name})"
        self._num_pairs = len(pairs)
        self._batches = pipeline.evaluation_batches(
            pictures, pairs, run.data.image_size, _BATCH_SIZE
        )
        self._generate = tf.function(inference.generate_pictures)

    def __call__(self, generator: keras.Model) -> float:
        """The score of a generator as it is now; see `build_generator`.

        It is NaN if a weight is NaN or infinite, since grey levels cannot be.
        """
        if not all(
            tf.reduce_all(tf.math.is_finite(variable.value))
            for variable in generator.trainable_variables
        ):
            return math.nan
        line = progress_line.ProgressLine("validation pair", self._num_pairs)
        rows = []
        for batch in self._batches:
            generated = self._generate(
                generator,
                batch["source_image"],
                batch["source_keypoints"],
                batch["target_keypoints"],
            ).numpy()
            real = batch["target_image"].numpy()
            rows.append(self._kind.measure(self._classifier, real, generated))
            line.advance(len(real))
        return float(self._kind.summarize(np.concatenate(rows)))


def _load_classifier(path):
    """Loads a classifier; an error names the flag."""
    try:
        return classifiers.load(path)
    except input_error.InputError as error:
        raise input_error.InputError(
            f"--train_select_classifier={path}: {error}"
        ) from error
