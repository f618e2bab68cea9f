"""Writes a run's report: python -m tools.report --run_dir=runs/demo."""

import base64
import html
import io
import pathlib
import string

from absl import flags

from keras_posegan import command_line, run_folder

_PAGE = string.Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>$name</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
       padding: 0 1rem; color: #222; }
table { border-collapse: collapse; }
tr { border-bottom: 1px solid #ddd; }
td, th { padding: .2rem 1rem; text-align: right; }
td:first-child { text-align: left; }
img { max-width: 100%; }
.grid { image-rendering: pixelated; width: 32rem; }
.small { image-rendering: pixelated; width: 14rem; }
figure { display: inline-block; margin: 0 1rem 1rem 0; }
figcaption { color: #666; }
pre { background: #f4f4f4; padding: 1rem; overflow: auto; }
</style>
<h1>$name</h1>
<p>Trained $step steps. The pictures below are of the test split.</p>
<h2>Source, target pose, generated, real</h2>
$grid
$films
<h2>Numbers</h2>
$numbers
<h2>As training went on</h2>
$history
<h2>Losses</h2>
$losses
$selection
<h2>Gamma of each self-attention layer</h2>
<p>It starts at 0, where the layer changes nothing (paper, eq. 6).</p>
$gammas
<h2>Attention</h2>
<p>Where the generator's self-attention looks (the paper's figure 3). In each picture
the cross is the position being drawn; brighter positions have more weight in it.</p>
$attention
<h2>Config</h2>
<pre>$config</pre>
</html>
""")


def write_report(run_dir: str) -> pathlib.Path:
    """Writes `run_dir/report.html`, one file with every picture inside.

    It shows sample grids, the run folder's films (GIF, WebP), loss curves, the score
    that the run selects by, if it does, gamma of every attention layer over time,
    attention maps at a few points, and the last row of evaluation, if there is one,
    beside its baselines.

    Args:
        run_dir: a folder that `keras_posegan.train` wrote.

    Returns:
        The file written.

    Raises:
        input_error.InputError: if the run cannot be read.
    """
    from keras_posegan import inference
    from keras_posegan.data import pair_sets
    from keras_posegan.training import metrics_log, sample_grid, step_rows
    from tools import attention_maps, curves

    folder, run = run_folder.open_for_reading(run_dir)
    trained = inference.TrainedGenerator(run_dir)
    samples = sample_grid.sample_batch(*pair_sets.load(run.data, "test"), run)
    generated = trained(
        samples["source_image"],
        samples["source_keypoints"],
        samples["target_keypoints"],
    )
    rows = metrics_log.read_metrics(folder)
    losses = [name for name in rows[0] if name.endswith("_loss")] if rows else []
    gammas = [name for name in rows[0] if name.startswith("gamma/")] if rows else []
    page = _PAGE.substitute(
        name=html.escape(folder.path.name),
        step=trained.step,
        grid=_picture(sample_grid.sample_grid(samples, generated), "grid"),
        films=_films(
            sorted(p for p in folder.path.iterdir() if p.suffix in (".gif", ".webp"))
        ),
        numbers=_numbers_table(folder.results),
        history="".join(
            f"<figure>{_file(path)}<figcaption>step {int(path.stem[5:])}"
            "</figcaption></figure>"
            for path in _spread(sorted(folder.samples.glob("step_*.png")), 4)
        ),
        losses=_figure(curves.plot(rows, losses)),
        selection=_selection(step_rows.read(folder.selection)),
        gammas=_figure(curves.plot(rows, gammas)),
        attention=_figure(attention_maps.plot(trained.generator, samples, generated)),
        config=html.escape(folder.config.read_text()),
    )
    path = folder.path / "report.html"
    path.write_text(page)
    return path


def _films(paths):
    """What `keras_posegan.animate` wrote into the run's folder."""
    figures = "".join(
        f"<figure>{_image(path.read_bytes(), 'grid', path.suffix[1:])}<figcaption>"
        f"{html.escape(path.name)}</figcaption></figure>"
        for path in paths
    )
    return f"<h2>Moving</h2>{figures}" if figures else ""


def _cells(numbers, names):
    """A table cell for each number; an empty one where there is none."""
    values = [numbers.get(name) for name in names]
    return "".join(
        f"<td>{'' if value is None else f'{value:.4f}'}</td>" for value in values
    )


def _numbers_table(results):
    """The last row of evaluation beside its baselines."""
    if not results.is_file():
        return "<p>Not evaluated yet: python -m keras_posegan.evaluate.</p>"
    from keras_posegan.evaluation import result_rows

    row = result_rows.read(results)[-1]
    names = [name for name in row["generated"] if not name.endswith(" std")]
    lines = [
        f"<tr><td>{title}</td>{_cells(row.get(candidate, {}), names)}</tr>"
        for candidate, title in (
            ("generated", "this run"),
            ("copy_source", "copy the source picture"),
            ("mean_picture", "mean of the training pictures"),
            ("real", "the real pictures"),
        )
        if row.get(candidate)
    ]
    titles = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    return (
        f"<p>Over {row['pairs']} test pairs, at step {row['step']}, by protocol "
        f"{row['protocol']}: {html.escape(row['reference'])} Higher is better in IS, "
        "SSIM and PSNR, lower in the others.</p>"
        f"<table><tr><th></th>{titles}</tr>" + "".join(lines) + "</table>"
    )


def _selection(rows):
    """The score by which checkpoints are compared, if the run selects."""
    if not rows:
        return ""
    from tools import curves

    name = rows[-1]["name"]
    scores = [{"step": row["step"], name: row["score"]} for row in rows]
    return "<h2>Selection</h2>" + _figure(curves.plot(scores, [name]))


def _spread(items, count):
    """At most `count` items, evenly spread, the first and the last among them."""
    if len(items) <= count:
        return items
    return [items[i * (len(items) - 1) // (count - 1)] for i in range(count)]


def _picture(pixels, style):
    """An <img> of a uint8 picture."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return _image(buffer.getvalue(), style)


def _file(path):
    """An <img> of a PNG file."""
    return _image(path.read_bytes(), "small")


def _figure(figure):
    """An <img> of a matplotlib figure, or a word where there is nothing to plot."""
    if figure is None:
        return "<p>None.</p>"
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    return _image(buffer.getvalue(), "")


def _image(content, style, kind="png"):
    """An <img> with the picture inside the page."""
    data = base64.b64encode(content).decode()
    return f'<img class="{style}" alt="" src="data:image/{kind};base64,{data}">'


def main() -> None:
    """Writes the report of the run that the flag names."""
    run_folder.open_for_reading(flags.FLAGS.run_dir)
    command_line.import_tensorflow()
    print(f"Wrote {write_report(flags.FLAGS.run_dir)}")


if __name__ == "__main__":
    # Not on import: other programs have a flag of the same name.
    flags.DEFINE_string("run_dir", "", "Folder of a trained run.")
    command_line.run(main)
