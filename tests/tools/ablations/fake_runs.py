"""Runs of an ablation whose stages are fake."""

import json
import pathlib
import sys

from keras_posegan import config
from tools.ablations import seed_run


def fake_runs(
    monkeypatch, folder: pathlib.Path, names: dict[str, str], **settings
) -> list[seed_run.SeedRun]:
    """Runs of `variant/seed` names, each with the behaviour of its fake stages."""
    behaviours = dict(names)

    def command(run):
        row = {
            "protocol": run.protocol,
            "classifier_sha256": run.classifier_sha256,
            "data_dir": run.config.data.dir,
            "pairs_file": run.config.data.test_pairs,
            "run_dir": str(run.folder.path),
        }
        arguments = [
            str(run.folder.path),
            str(run.config.train.steps),
            json.dumps(row),
            behaviours[run.name],
        ]
        script = str(pathlib.Path(__file__).with_name("fake_stage.py"))
        return {
            stage: [sys.executable, script, stage, *arguments]
            for stage in (seed_run.TRAINING, seed_run.EVALUATION)
        }

    monkeypatch.setattr(seed_run.SeedRun, "command", property(command))
    run_config = config.RunConfig(
        data=config.DataConfig(dir="somewhere"), train=config.TrainConfig(steps=10)
    )
    return [
        seed_run.SeedRun(
            folder,
            name.split("/")[0],
            int(name.rsplit("_", 1)[1]),
            run_config,
            **{"protocol": "dgan", **settings},
        )
        for name in names
    ]


def started(run: seed_run.SeedRun) -> list[str]:
    """The stages that were started, in order."""
    path = run.folder.path / "started"
    return path.read_text().split() if path.is_file() else []
