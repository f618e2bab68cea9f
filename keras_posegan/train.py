"""Trains a run: python -m keras_posegan.train --flagfile=flags/demo.flags."""

import sys

from absl import flags

from keras_posegan import command_line, config_flags, run_folder

config_flags.define()
_RUN_DIR = flags.DEFINE_string(
    "run_dir",
    "",
    "Folder of the run: new, empty, or one to go on with. "
    "With --flagfile, options set after it override the file.",
)


def main() -> None:
    """Trains, or goes on training."""
    run = config_flags.read()
    run_folder.check_for_training(_RUN_DIR.value, run)
    command_line.import_tensorflow()
    from keras_posegan.training import trainer

    step = trainer.train(run, _RUN_DIR.value)
    if step < run.train.steps:
        print(f"Stopped at step {step}; the same command goes on from there.")
        sys.exit(130)
    print(f"Trained {step} steps: {_RUN_DIR.value}")


if __name__ == "__main__":
    command_line.run(main)
