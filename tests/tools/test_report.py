"""Tests of the report."""

import base64
import re

import numpy as np
import pytest

from keras_posegan.evaluation import run_evaluation
from keras_posegan.layers import self_attention_2d
from tests.evaluation import stand_ins
from tools import attention_maps, curves, report


@pytest.mark.slow
def test_the_report_holds_every_part(tiny_run_dir):
    row = run_evaluation.evaluate_run(
        str(tiny_run_dir), stand_ins.protocol(), stand_ins.Classifier()
    )
    film = tiny_run_dir / "moving.webp"
    film.write_bytes(b"a film")
    page = report.write_report(str(tiny_run_dir)).read_text()
    film.unlink()  # The run is of all tests.
    assert '<img class="grid" alt="" src="data:image/webp;base64,' in page
    for candidate, name in (
        ("generated", "l1"),
        ("generated", "FID (mean colour)"),
        ("copy_source", "masked ssim"),
        ("mean_picture", "l1"),
        ("real", "IS (mean colour)"),
    ):
        assert f"<td>{row[candidate][name]:.4f}</td>" in page
        assert f"<th>{name}</th>" in page
    assert "Nobody, 2026." in page
    # The grid, two of the past, losses, gammas and attention.
    assert len(re.findall(r'src="data:image/png;base64,[A-Za-z0-9+/=]+"', page)) == 6
    assert "<p>None.</p>" not in page
    assert "$" not in re.sub(r"base64,[^\"]*", "", page)


def test_curves_draw_every_value():
    rows = [{"step": step, "a": step**2.0, "b": 1.0} for step in range(1, 7)]
    drawing = curves.plot(rows, ["a", "b"])
    assert [axis.get_title() for axis in drawing.axes] == ["a", "b"]
    x, y = drawing.axes[0].lines[0].get_data()
    assert list(x) == [1, 2, 3, 4, 5, 6]
    assert list(y) == [1, 4, 9, 16, 25, 36]


def test_a_selecting_run_shows_its_scores():
    rows = [{"step": 1, "name": "SSIM", "score": 0.5}]
    section = report._selection(rows)
    assert section.startswith("<h2>Selection</h2><img")
    assert report._selection([]) == ""


def test_films_of_the_run_are_shown_as_they_are(tmp_path):
    for kind in ("gif", "webp"):
        path = tmp_path / f"moving.{kind}"
        path.write_bytes(b"a film")
        section = report._films([path])
        film = base64.b64encode(b"a film").decode()
        assert f'src="data:image/{kind};base64,{film}"' in section
        assert f"<figcaption>moving.{kind}</figcaption>" in section
    assert report._films([]) == ""


def test_nothing_gives_no_figure():
    assert curves.plot([], ["a"]) is None
    assert curves.plot([{"step": 1}], []) is None


def test_attention_is_that_of_the_points_own_position():
    layer = self_attention_2d.SelfAttention2D(1)
    layer.build((1, 4, 2, 3))
    features = np.random.default_rng(0).normal(size=(1, 4, 2, 3)).astype("float32")
    # Of a 32x16 picture: column 1, row 2 of a 4x2 map, and its last position.
    points = np.array([(9.0, 17.0), (15.4, 33.0)])
    found = attention_maps._attention(layer, features, points, (32, 16))
    rows = layer.attention(features, [2 * 2 + 1, 7]).numpy()
    np.testing.assert_array_equal(found, rows.reshape(2, 4, 2))
    np.testing.assert_allclose(found.sum(axis=(1, 2)), 1.0, rtol=1e-5)
