"""Measures a run: python -m keras_posegan.evaluate --run_dir=runs/demo."""

import dataclasses
import json

from absl import flags

from keras_posegan import command_line

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_DATA_DIR = flags.DEFINE_string("data_dir", "", "Other data than the run's.")
_PAIRS = flags.DEFINE_string("pairs", "", "Other test pairs than the run's, a CSV.")
_BATCH_SIZE = flags.DEFINE_integer("batch_size", 32, "Pairs at a time.", lower_bound=1)


def main() -> None:
    """Prints one JSON row and appends it to the run's `evaluation.jsonl`."""
    command_line.import_tensorflow()
    from keras_posegan import evaluation, inference, run_folder
    from keras_posegan.data import market1501, pair_sets

    folder, _ = run_folder.open_for_reading(_RUN_DIR.value)
    generator = inference.TrainedGenerator(_RUN_DIR.value)
    data = generator.config.data
    data = dataclasses.replace(
        data,
        dir=_DATA_DIR.value or data.dir,
        test_pairs=_PAIRS.value or data.test_pairs,
    )
    pictures, pairs = pair_sets.load(data, "test")
    mean_picture = evaluation.mean_picture(
        market1501.load(data.dir, "train"), data.image_size
    )
    row = json.dumps(
        evaluation.evaluate(generator, pictures, pairs, mean_picture, _BATCH_SIZE.value)
    )
    with folder.evaluations.open("a") as file:
        file.write(row + "\n")
    print(row)


if __name__ == "__main__":
    command_line.run(main)
