"""Looks for faults in a data set: python -m tools.check_dataset --data_dir=market1501.

Prints one line a fault and a summary; the exit status is 1 if there is any.
"""

from absl import flags

from keras_posegan import command_line, input_error

_DATA_DIR = flags.DEFINE_string("data_dir", "", "Folder in Market-1501's layout.")
_HEIGHT = flags.DEFINE_integer("image_height", 128, "Of every picture.", lower_bound=1)
_WIDTH = flags.DEFINE_integer("image_width", 64, "Of every picture.", lower_bound=1)


def main() -> None:
    """Prints the faults."""
    from keras_posegan.data import dataset_check

    if not _DATA_DIR.value:
        raise input_error.InputError("--data_dir is missing.")
    image_size = (_HEIGHT.value, _WIDTH.value)
    problems = dataset_check.check_dataset(_DATA_DIR.value, image_size)
    for problem in problems:
        print(problem)
    if problems:
        raise input_error.InputError(f"{_DATA_DIR.value}: {len(problems)} problems")
    print(f"{_DATA_DIR.value}: no problems")


if __name__ == "__main__":
    command_line.run(main)
