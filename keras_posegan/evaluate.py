"""Measures a run: python -m keras_posegan.evaluate --run_dir=runs/demo."""

import json

from absl import flags

from keras_posegan import command_line, run_folder

_RUN_DIR = flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
_DATA_DIR = flags.DEFINE_string("data_dir", "", "Other data than the run's.")
_PAIRS = flags.DEFINE_string("pairs", "", "Other test pairs than the run's, a CSV.")
_BATCH_SIZE = flags.DEFINE_integer("batch_size", 32, "Pairs at a time.", lower_bound=1)


def main() -> None:
    """Prints one JSON row and appends it to the run's `evaluation.jsonl`."""
    run_folder.open_for_reading(_RUN_DIR.value)  # Refused before TensorFlow's seconds.
    command_line.import_tensorflow()
    from keras_posegan import evaluation

    row = evaluation.evaluate_run(
        _RUN_DIR.value, _DATA_DIR.value, _PAIRS.value, _BATCH_SIZE.value
    )
    print(json.dumps(row))


if __name__ == "__main__":
    command_line.run(main)
