"""Tests of the benchmark of .tflite files, at a size that tests can convert."""

import pytest

from export.phone import flatbuffer
from tools import phone_benchmark


@pytest.mark.slow
def test_every_network_is_measured(tmp_path):
    rows = phone_benchmark.run(
        ["straightforward", "paper", "mobile"],
        ["float32"],
        rounds=1,
        width=0.125,
        image_size=(32, 16),
        folder=tmp_path,
    )
    assert [(row["network"], row["variant"]) for row in rows] == [
        (network, "float32") for network in phone_benchmark.NETWORKS
    ]
    for row in rows:
        path = tmp_path / f"{row['network']}_float32.tflite"
        assert row["megabytes"] == path.stat().st_size / 1e6
        assert row["milliseconds"] > 0.0
        flatbuffer.check_builtins(path.read_bytes())
    # 0.28125 of the filters beside an eighth.
    assert rows[2]["megabytes"] > 3 * rows[1]["megabytes"]


def test_the_mobile_config_is_the_flagfiles():
    config = phone_benchmark._mobile_config((64, 32))
    assert config.data.image_size == (64, 32)
    assert config.model.width == 0.28125
    assert config.model.generator_attention_strides == "4,2"
    assert config.loss.neighbor_anchor == "generated"  # Of flags/demo.flags.
