"""What an ablation came to: a table, a grid of pictures and curves."""

import pathlib
from collections.abc import Sequence

from tools.ablations import seed_run


def write_table(runs: Sequence[seed_run.SeedRun], path: pathlib.Path) -> None:
    """Writes mean ± standard deviation over seeds, the paper's rows beside them.

    Args:
        runs: evaluated ones, at least one.
        path: the Markdown file.
    """
    from tools import result_table

    table = result_table.markdown(
        [run.result() for run in runs],
        label=lambda row: pathlib.Path(row["run_dir"]).parent.name,
    )
    seeds = "; ".join(
        f"{variant} {', '.join(str(run.seed) for run in of_variant)}"
        for variant, of_variant in by_variant(runs).items()
    )
    path.write_text(
        f"{table.rstrip()}\n\nSeeds: {seeds}. Each run was trained for "
        f"{runs[0].config.train.steps} steps.\n"
    )


def write_grid(runs: Sequence[seed_run.SeedRun], path: pathlib.Path) -> None:
    """Draws the same test pairs by each variant, by the first of its runs.

    Columns: source, target pose, each variant, real. The pairs are those that every
    run's own sample pictures show.

    Args:
        runs: trained ones, at least one, all on the same data.
        path: the PNG file.
    """
    import tensorflow as tf
    from PIL import Image

    from keras_posegan import inference
    from keras_posegan.data import pair_sets
    from keras_posegan.pose import drawing
    from keras_posegan.training import sample_grid
    from tools import picture_sheet

    run_config = runs[0].config
    samples = sample_grid.sample_batch(
        *pair_sets.load(run_config.data, "test"), run_config
    )
    columns = {
        "source": samples["source_image"],
        "target pose": [
            drawing.draw_skeleton(keypoints, run_config.data.image_size)
            for keypoints in samples["target_keypoints"]
        ],
    }
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")  # It warns of many functions that are traced once each.
    for variant, of_variant in by_variant(runs).items():
        columns[variant] = inference.TrainedGenerator(str(of_variant[0].folder.path))(
            samples["source_image"],
            samples["source_keypoints"],
            samples["target_keypoints"],
        )
    logger.setLevel(level)
    columns["real"] = samples["target_image"]
    rows = [
        ("", [("" if row else title, column[row]) for title, column in columns.items()])
        for row in range(len(samples["source_image"]))
    ]
    Image.fromarray(picture_sheet.picture_sheet(rows)).save(path)


def write_curves(runs: Sequence[seed_run.SeedRun], path: pathlib.Path) -> None:
    """Draws each loss term over the steps, a line a variant.

    Args:
        runs: trained ones, at least one.
        path: the PNG file; not written if the runs have logged nothing.
    """
    from keras_posegan.training import metrics_log
    from tools import curves

    groups = {
        variant: [metrics_log.read_metrics(run.folder) for run in of_variant]
        for variant, of_variant in by_variant(runs).items()
    }
    logged = [rows for of_variant in groups.values() for rows in of_variant if rows]
    names = [name for name in logged[0][0] if name.endswith("_loss")] if logged else []
    drawing = curves.plot_groups(groups, names)
    if drawing is not None:
        drawing.savefig(path, dpi=110)


def by_variant(
    runs: Sequence[seed_run.SeedRun],
) -> dict[str, list[seed_run.SeedRun]]:
    """The runs of each variant, all in their order."""
    groups: dict[str, list[seed_run.SeedRun]] = {}
    for run in runs:
        groups.setdefault(run.variant, []).append(run)
    return groups
