"""Draws what happens inside a run's generator, pair by pair.

    python -m tools.visualize --run_dir=runs/demo --output_dir=runs/demo/inside

`SOURCE_to_TARGET_attention.png` shows where chosen points of the generated picture
look (the paper's figure 3), `SOURCE_to_TARGET_parts.png` the ten body parts and their
warps.
"""

import dataclasses
import pathlib
from collections.abc import Sequence

from absl import flags

from keras_posegan import command_line, input_error, run_folder


def visualize(
    run_dir: str,
    output_dir: str,
    pairs_file: str = "",
    points: Sequence[tuple[float, float]] = (),
) -> list[pathlib.Path]:
    """Writes two sheets of pictures a pair; without attention in the run, one.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.
        output_dir: where to write; files of the same name are replaced.
        pairs_file: a CSV of pairs of the test split, all of which are drawn; empty:
            the pairs of the run's sample pictures.
        points: (x, y) in pixels of the generated picture, to look from; empty: the
            visible joints of each target pose.

    Returns:
        The files written.

    Raises:
        input_error.InputError: if run, data or pairs cannot be used, or a file
            cannot be written.
    """
    from PIL import Image

    from keras_posegan import inference, progress_line
    from keras_posegan.data import pair_sets, pipeline
    from keras_posegan.training import sample_grid
    from tools import attention_maps, attention_sheet, part_sheet

    _, run = run_folder.open_for_reading(run_dir)
    data = dataclasses.replace(run.data, test_pairs=pairs_file or run.data.test_pairs)
    pictures, pairs = pair_sets.load(data, "test")
    if not pairs_file:
        pairs = sample_grid.spread_pairs(pairs, run.train.sample_pairs)
    trained = inference.TrainedGenerator(run_dir)
    folder = pathlib.Path(output_dir)
    paths = []
    line = progress_line.ProgressLine("pair", len(pairs))
    batches = pipeline.evaluation_batches(pictures, pairs, data.image_size, 1)
    for pair, sample in zip(pairs, batches.as_numpy_iterator(), strict=True):
        (generated,) = trained(
            sample["source_image"],
            sample["source_keypoints"],
            sample["target_keypoints"],
        )
        queries = [
            (f"{x:g}, {y:g}", (x, y)) for x, y in points
        ] or attention_maps.joint_points(sample["target_keypoints"][0])
        sheets = {
            "attention": attention_sheet.attention_sheet(
                trained.generator, sample, generated, queries
            ),
            "parts": part_sheet.part_sheet(
                sample, generated, run.model.warp_interpolation
            ),
        }
        source, target = (pathlib.Path(pictures.names[row]).stem for row in pair)
        for name, sheet in sheets.items():
            if sheet is None:
                continue
            path = folder / f"{source}_to_{target}_{name}.png"
            try:
                folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(sheet).save(path)
            except OSError as error:
                raise input_error.InputError(
                    f"--output_dir={output_dir}: {error}"
                ) from error
            paths.append(path)
        line.advance()
    return paths


def parse_points(text: str, image_size: tuple[int, int]) -> list[tuple[float, float]]:
    """Reads points such as "31.5,40;10,99".

    Args:
        text: x,y of each point, in pixels of the picture; empty: no points.
        image_size: (height, width) in pixels.

    Raises:
        input_error.InputError: if it is no such list, or a point lies outside.
    """
    height, width = image_size
    points = []
    for entry in text.split(";") if text else []:
        try:
            x, y = (float(number) for number in entry.split(","))
        except ValueError:
            raise input_error.InputError(
                f"--points={text}: not x,y;x,y;... Received: {entry!r}"
            ) from None
        # Written so that NaN, which compares false to everything, is refused.
        if not (0 <= x <= width - 1 and 0 <= y <= height - 1):
            raise input_error.InputError(
                f"--points={text}: {entry} lies outside the picture, which is {width} "
                f"wide and {height} high."
            )
        points.append((x, y))
    return points


def main() -> None:
    """Writes the sheets of the pairs that the flags name."""
    _, run = run_folder.open_for_reading(flags.FLAGS.run_dir)
    if not flags.FLAGS.output_dir:
        raise input_error.InputError("--output_dir is missing.")
    points = parse_points(flags.FLAGS.points, run.data.image_size)
    command_line.import_tensorflow()
    paths = visualize(
        flags.FLAGS.run_dir, flags.FLAGS.output_dir, flags.FLAGS.pairs, points
    )
    if not run.model.generator_attention_strides:
        print("This run's generator has no attention: only parts were drawn.")
    print(f"Wrote {len(paths)} pictures: {flags.FLAGS.output_dir}")


if __name__ == "__main__":
    # Not on import: other programs have flags of the same names.
    flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
    flags.DEFINE_string("output_dir", "", "Folder of the PNG files.")
    flags.DEFINE_string(
        "pairs", "", "CSV of test pairs (from,to); empty: the run's sample pairs."
    )
    flags.DEFINE_string(
        "points",
        "",
        "Where attention is drawn from, pixels of the generated picture: x,y;x,y "
        "...; empty: the visible joints of the target pose.",
    )
    command_line.run(main)
