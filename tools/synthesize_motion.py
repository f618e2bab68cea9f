"""Writes the poses of somebody who does not exist, to animate a person with.

    python -m tools.synthesize_motion --motion=walk --output=walk.json

See `--poses` of keras_posegan.animate.
"""

import math
import pathlib

from absl import flags

from keras_posegan import command_line, input_error

_MOTIONS = ("walk", "turn")
_MOTION = flags.DEFINE_enum(
    "motion", "walk", _MOTIONS, "Walk on the spot, or while turning once round."
)
_OUTPUT = flags.DEFINE_string(
    "output", None, "JSON file to write; replaced if it exists.", required=True
)
_YAW = flags.DEFINE_float(
    "yaw",
    40.0,
    "Degrees the walker is turned, at first: 0 towards the camera, 90 to the right.",
)
_CYCLES = flags.DEFINE_integer("cycles", 2, "Double steps.", lower_bound=1)
_FRAMES = flags.DEFINE_integer("frames", 24, "Of each double step.", lower_bound=2)
_RATE = flags.DEFINE_float(
    "frames_per_second", 20.0, "Noted in the file.", lower_bound=1.0
)
_HEIGHT = flags.DEFINE_integer("image_height", 128, "Pixels.", lower_bound=32)
_WIDTH = flags.DEFINE_integer("image_width", 64, "Pixels.", lower_bound=32)


def main() -> None:
    """Writes the poses."""
    from keras_posegan.animation import pose_film
    from keras_posegan.data.synthetic_people import animation

    keypoints = animation.walk_cycle(
        _FRAMES.value * _CYCLES.value,
        math.radians(_YAW.value),
        (_HEIGHT.value, _WIDTH.value),
        cycles=_CYCLES.value,
        turns=int(_MOTION.value == "turn"),
    )
    try:
        pose_film.write(_OUTPUT.value, keypoints, _RATE.value)
    except OSError as error:
        raise input_error.InputError(
            f"--output={_OUTPUT.value}: {error.strerror}"
        ) from error
    print(f"Wrote {pathlib.Path(_OUTPUT.value)}: {len(keypoints)} poses")


if __name__ == "__main__":
    command_line.run(main)
