"""From a trained run to one row of numbers, beside what no model would reach."""

import dataclasses
from typing import Any

import numpy as np

from keras_posegan import inference, run_folder
from keras_posegan.data import (
    annotated_pictures,
    dataset_check,
    market1501,
    pair_sets,
    pipeline,
)
from keras_posegan.evaluation import (
    measures,
    partial_results,
    result_rows,
    streaming,
    strip_folder,
)
from keras_posegan.metrics import protocol as protocol_lib
from keras_posegan.pose import body_mask


def evaluate_run(
    run_dir: str,
    protocol: protocol_lib.Protocol,
    classifier: Any = None,
    *,
    checkpoint: str = "newest",
    data_dir: str = "",
    pairs_file: str = "",
    batch_size: int = 32,
    save_pictures: bool = False,
) -> dict[str, Any]:
    """Measures a run on its test pairs and appends the row to `results.jsonl`.

    Beside the generated pictures stand two that any model must beat: the source
    picture as it is, and one and the same picture for all, the mean of the run's
    training pictures.

    Pictures stream through and are not kept. An interrupted evaluation goes on where
    it was, at most `streaming.CHUNK_PAIRS` pairs earlier, if run, step, data, pairs,
    protocol, classifier and code are the same.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        protocol: whose definitions count, see `protocols`.
        classifier: for inception score and Frechet distance, see `classifiers`.
        checkpoint: "newest" or "best", see `inference.TrainedGenerator`.
        data_dir: other data than the run's.
        pairs_file: other test pairs than the run's, a CSV.
        batch_size: pairs at a time.
        save_pictures: whether to keep strips of source, target and generated picture
            in `run_dir/pictures_STEP/`, named and laid out as `strip_folder` reads.

    Returns:
        The row: what `result_rows.origin` says, `run_dir`, `checkpoint`, `step`,
        `data_dir`, `config` (the run's), and the numbers of `generated`,
        `copy_source`, `mean_picture` and `real`, see `measures.Measures.summary`.

    Raises:
        input_error.InputError: if run, data or classifier cannot be used, or the
            generator draws NaN; no row is written, and those before stay.
    """
    folder, run = run_folder.open_for_reading(run_dir)
    data = dataclasses.replace(
        run.data,
        dir=data_dir or run.data.dir,
        test_pairs=pairs_file or run.data.test_pairs,
    )
    pictures, pairs = pair_sets.load(data, "test")
    names = [
        (pictures.names[source], pictures.names[target]) for source, target in pairs
    ]
    measured = measures.Measures(protocol, classifier)
    measured.check(len(pairs), data.image_size)
    for line in measured.left_out:
        print(f"left out: {line}", flush=True)
    mean = mean_picture(market1501.load(run.data.dir, "train"), data.image_size)
    generator = inference.TrainedGenerator(run_dir, checkpoint)
    strips = folder.path / f"pictures_{generator.step:06d}" if save_pictures else None

    def batches(start, stop):
        dataset = pipeline.evaluation_batches(
            pictures, pairs[start:stop], data.image_size, batch_size
        )
        for batch in dataset.as_numpy_iterator():
            source, real = batch["source_image"], batch["target_image"]
            batch_names = names[start : start + len(real)]
            start += len(real)
            generated = generator(
                source,
                batch["source_keypoints"],
                batch["target_keypoints"],
                [" -> ".join(pair) for pair in batch_names],
            )
            if strips:
                strip_folder.write(strips, batch_names, (source, real, generated))
            candidates = {
                "generated": generated,
                "copy_source": source,
                "mean_picture": np.broadcast_to(mean, real.shape),
            }
            yield real, candidates, _masks(protocol, batch["target_keypoints"], real)

    row = {
        **result_rows.origin(measured, names, data.test_pairs),
        "run_dir": run_dir,
        "checkpoint": checkpoint,
        "step": generator.step,
        "data_dir": data.dir,
        "config": dataclasses.asdict(run),
    }
    partial = partial_results.PartialResults(
        folder.path, {**row, "strips": str(strips)}
    )
    row |= measured.summary(streaming.stream(measured, len(pairs), batches, partial))
    result_rows.append(folder.results, row)
    partial.remove()
    return row


def mean_picture(
    pictures: annotated_pictures.AnnotatedPictures, image_size: tuple[int, int]
) -> np.ndarray:
    """The mean of pictures, uint8 (H, W, 3).

    Raises:
        input_error.InputError: naming the first picture that cannot be read.
    """
    total = np.zeros((*image_size, 3))
    for path in pictures.paths:
        total += dataset_check.read_picture(path, image_size)
    return np.round(total / len(pictures.paths)).astype(np.uint8)


def _masks(protocol, keypoints, pictures):
    """The body masks of a batch, if the protocol asks for them."""
    if not protocol.is_masked:
        return None
    size = pictures.shape[1:3]
    return np.stack([body_mask.body_mask(figure, size) for figure in keypoints])
