"""One variant trained with one seed: its place, its commands, how far it is."""

import dataclasses
import json
import pathlib
import re
import sys
from typing import Any

from keras_posegan import config, run_folder

TRAINING, EVALUATION = "training", "evaluation"


@dataclasses.dataclass(frozen=True)
class SeedRun:
    """A run of the ablation.

    It lies in `output_dir/variant/seed_N`, and what its processes print in
    `output_dir/variant/seed_N.log`.

    Args:
        output_dir: the ablation's folder.
        variant: the name of a flagfile, `output_dir/variant.flags`.
        seed: `--train_seed`.
        config: what that flagfile and seed make of a run.
        protocol: of the evaluation.
        classifier: of the evaluation; empty: none.
        classifier_sha256: see `classifier_checksum`.
    """

    output_dir: pathlib.Path
    variant: str
    seed: int
    config: config.RunConfig
    protocol: str
    classifier: str = ""
    classifier_sha256: str | None = None

    @property
    def name(self) -> str:
        """Such as `sn/seed_0`."""
        return f"{self.variant}/seed_{self.seed}"

    @property
    def folder(self) -> run_folder.RunFolder:
        """The run's folder."""
        return run_folder.RunFolder(self.output_dir / self.name)

    @property
    def flagfile(self) -> pathlib.Path:
        """What the run is trained by."""
        return self.output_dir / f"{self.variant}.flags"

    @property
    def log(self) -> pathlib.Path:
        """What the run's processes print; not in its folder, which is training's."""
        return self.output_dir / f"{self.name}.log"

    @property
    def command(self) -> dict[str, list[str]]:
        """The command line of each stage."""
        python = [sys.executable, "-m"]
        training = [
            *python,
            "keras_posegan.train",
            f"--flagfile={self.flagfile}",
            f"--train_seed={self.seed}",
            f"--run_dir={self.folder.path}",
        ]
        evaluation = [
            *python,
            "keras_posegan.evaluate",
            f"--run_dir={self.folder.path}",
            f"--protocol={self.protocol}",
        ]
        if self.classifier:
            evaluation.append(f"--classifier={self.classifier}")
        return {TRAINING: training, EVALUATION: evaluation}

    def next_stage(self) -> str | None:
        """What is still to be done, or to be gone on with; None: nothing."""
        if self._trained_steps() < self.config.train.steps:
            return TRAINING
        return EVALUATION if self.result() is None else None

    def result(self) -> dict[str, Any] | None:
        """The newest row of just this evaluation of the trained run, if there is one.

        Rows of other steps, data, pairs, protocols or classifiers are of other
        evaluations.
        """
        path = self.folder.results
        wanted = {
            "protocol": self.protocol,
            "classifier_sha256": self.classifier_sha256,
            "step": self._trained_steps(),
            "data_dir": self.config.data.dir,
            "pairs_file": self.config.data.test_pairs,
        }
        found = None
        for line in path.read_text().splitlines() if path.is_file() else []:
            try:
                row = json.loads(line)
            except json.JSONDecodeError:  # Cut short by a kill.
                continue
            if {name: row.get(name) for name in wanted} == wanted:
                found = row
        return found

    def _trained_steps(self):
        """The step of the newest checkpoint, read without TensorFlow's seconds."""
        newest = self.folder.checkpoints / "checkpoint"
        text = newest.read_text() if newest.is_file() else ""
        found = re.match(r'model_checkpoint_path: ".*step-(\d+)"', text)
        return int(found[1]) if found else 0
