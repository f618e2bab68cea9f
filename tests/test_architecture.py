"""Tests of the house rules that code alone can break: who may import whom, and how."""

import ast
import graphlib
import json
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PACKAGES = ("keras_posegan", "export", "tools")

# A room is a folder or a file of keras_posegan, or a package beside it. What each
# may import besides itself; the arrows of the README's architecture section.
_RUN = {"config", "run_folder"}
_MAINS = {"config_flags", "training", "inference", "metrics", "command_line"} | _RUN
MAY_IMPORT = {
    "train": _MAINS,
    "evaluate": _MAINS | {"evaluation"},
    # They read the user's photo before they import TensorFlow.
    "generate": _MAINS | {"data", "pose"},
    "animate": _MAINS | {"data", "pose", "animation"},
    "animation": {"data", "pose"},
    # Pose for the body masks.
    "evaluation": {"inference", "data", "metrics", "pose"} | _RUN,
    "config_flags": {"config"},
    # Inference and pose for the sample grids, layers to log gamma by layer.
    "training": {"data", "models", "losses", "metrics", "inference", "pose", "layers"}
    | _RUN,
    "inference": {"models", "data", "pose"} | _RUN,
    "models": {"layers", "losses", "pose", "config"},
    "data": {"pose", "config"},
    "layers": {"pose"},
    "losses": set(),
    "metrics": set(),
    "pose": set(),
    "run_folder": {"config"},
    "config": set(),
    "input_error": set(),
    "new_folder": set(),
    "progress_line": set(),
    "command_line": set(),
    # Data to calibrate on and to compare with Keras on.
    "export": {"inference", "models", "pose", "data", "config_flags", "command_line"}
    | _RUN,
    "tools": None,  # Anything.
}
FOR_ALL = {"input_error", "new_folder", "progress_line"}
MAY_USE_FLAGS = {
    "command_line",
    "config_flags",
    "train",
    "evaluate",
    "generate",
    "animate",
    "export",
    "tools",
}
FORBIDDEN_NAMES = {"utils", "util", "misc", "helpers", "helper", "common"}
MAY_HOLD_MANY_CLASSES = {"keras_posegan/config.py"}  # One dataclass a section.

# What must answer, or be usable, without TensorFlow.
WITHOUT_TENSORFLOW = (
    "export.phone.converter_output",
    "export.phone.measured_run",
    "export.phone.real_pairs",
    "export.serving*",
    "export.tflite",
    "keras_posegan",
    "keras_posegan.animate",
    "keras_posegan.animation*",
    "keras_posegan.command_line",
    "keras_posegan.config",
    "keras_posegan.config_flags",
    "keras_posegan.data.dataset_check",
    "keras_posegan.data.market1501",
    "keras_posegan.data.pairs",
    "keras_posegan.data.person_photo",
    "keras_posegan.data.picture_files",
    "keras_posegan.data.splits",
    "keras_posegan.data.synthetic*",
    "keras_posegan.evaluate",
    "keras_posegan.evaluation",
    "keras_posegan.evaluation.measures",
    "keras_posegan.evaluation.partial_results",
    "keras_posegan.evaluation.result_rows",
    "keras_posegan.evaluation.streaming",
    "keras_posegan.evaluation.strip_folder",
    "keras_posegan.evaluation.strips_evaluation",
    "keras_posegan.generate",
    "keras_posegan.input_error",
    "keras_posegan.new_folder",
    "keras_posegan.progress_line",
    "keras_posegan.metrics.checksums",
    "keras_posegan.metrics.frechet_distance",
    "keras_posegan.metrics.inception_score",
    "keras_posegan.metrics.l1",
    "keras_posegan.metrics.lpips_distance",
    "keras_posegan.metrics.masked",
    "keras_posegan.metrics.pckh",
    "keras_posegan.metrics.picture_batch",
    "keras_posegan.metrics.picture_pairs",
    "keras_posegan.metrics.protocol*",
    "keras_posegan.metrics.psnr",
    "keras_posegan.metrics.relative_l1",
    "keras_posegan.metrics.ssim",
    "keras_posegan.metrics.uniform_ssim",
    "keras_posegan.metrics.unit_l1",
    "keras_posegan.pose.body_mask",
    "keras_posegan.pose.crop_box",
    "keras_posegan.pose.drawing",
    "keras_posegan.pose.face_scores",
    "keras_posegan.pose.keypoint_files",
    "keras_posegan.pose.lazy_estimate",
    "keras_posegan.pose.movenet",
    "keras_posegan.pose.people",
    "keras_posegan.pose.pose_estimat*",
    "keras_posegan.pose.retarget",
    "keras_posegan.pose.skeleton",
    "keras_posegan.pose.smoothing",
    "keras_posegan.run_folder",
    "keras_posegan.train",
    "tools.ablate",
    "tools.ablations*",
    "tools.annotate_keypoints",
    "tools.annotation_sheet",
    "tools.bench_serving",
    "tools.check_dataset",
    "tools.check_runtimes",
    "tools.fetch_movenet",
    "tools.import_photos",
    "tools.make_pairs",
    "tools.movenet_download",
    "tools.people_classifier.accuracy",
    "tools.people_classifier.garments",
    "tools.people_classifier.labelled_people",
    "tools.phone_benchmark",
    "tools.picture_annotation",
    "tools.picture_sheet",
    "tools.report",
    "tools.result_table",
    "tools.runtimes*",
    "tools.synthesize_motion",
    "tools.synthesize_people",
    "tools.train_classifier",
    "tools.tabulate",
    "tools.visualize",
)

FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in FILES
}


def _imports(tree):
    """(line, module, name or None) of every import, also those inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def _is_module(dotted):
    path = ROOT.joinpath(*dotted.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def _room(dotted):
    """`keras_posegan.pose.skeleton` -> `pose`; `tools.make_pairs` -> `tools`."""
    parts = dotted.split(".")
    return parts[0] if parts[0] != "keras_posegan" else parts[1] if parts[1:] else ""


def _ours(tree):
    """(line, dotted module) of every import of this project's own code."""
    for line, module, name in _imports(tree):
        if module.split(".")[0] in (*PACKAGES, "tests"):
            dotted = f"{module}.{name}" if name else module
            yield line, dotted if _is_module(dotted) else module


def _dependency_faults(trees):
    for file, tree in trees.items():
        room = _room(
            file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        )
        if room and room not in MAY_IMPORT:
            yield f"{file}: the room {room!r} is not in MAY_IMPORT"
            continue
        allowed = MAY_IMPORT.get(room, set())
        for line, dotted in _ours(tree):
            other = _room(dotted)
            everything = allowed is None and other != "tests"
            if not everything and other not in {room, "", *FOR_ALL, *(allowed or ())}:
                yield (
                    f"{file}:{line}: imports {dotted}, but {room or 'the package'!r} "
                    f"may import only {sorted(allowed or PACKAGES)}"
                )


def _style_faults(trees):
    for file, tree in trees.items():
        path = pathlib.PurePosixPath(file)
        if path.stem in FORBIDDEN_NAMES:
            yield f"{file}: a file is named after what is in it, not {path.stem!r}"
        classes = [
            node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        ]
        if len(classes) > 1 and file not in MAY_HOLD_MANY_CLASSES:
            yield f"{file}: one public class a file, not {classes}"
        for line, module, name in _imports(tree):
            if module.startswith("."):
                yield f"{file}:{line}: relative import of {module} {name or ''}"
            elif (
                module.split(".")[0] in (*PACKAGES, "tests")
                and name
                and path.stem != "__init__"
                and not _is_module(f"{module}.{name}")
            ):
                yield f"{file}:{line}: imports a name, {name}; import {module} itself"
            if f"{module}.{name}".startswith("absl.flags") and (
                _room(file.removesuffix(".py").replace("/", ".")) not in MAY_USE_FLAGS
            ):
                yield f"{file}:{line}: absl flags belong to config_flags.py and mains"


def test_the_allowed_arrows_never_lead_back():
    arrows = {room: others or () for room, others in MAY_IMPORT.items()}
    graphlib.TopologicalSorter(arrows).prepare()  # Raises on a cycle.


def test_rooms_import_only_what_the_architecture_allows():
    faults = list(_dependency_faults(TREES))
    assert not faults, "\n".join(faults)


def test_files_keep_the_house_style():
    tests = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }
    for tree in tests.values():  # Test classes may be many, and may use flags.
        tree.body = [node for node in tree.body if not isinstance(node, ast.ClassDef)]
    faults = [
        fault
        for fault in _style_faults({**TREES, **tests})
        if not (fault.startswith("tests/") and "absl flags" in fault)
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("file", "code", "fault"),
    [
        (
            "keras_posegan/losses/a.py",
            "from keras_posegan.pose import skeleton",
            "pose",
        ),
        ("keras_posegan/pose/a.py", "import keras_posegan.layers.b", "layers"),
        (
            "keras_posegan/layers/a.py",
            "def f():\n from keras_posegan import data",
            ":2:",
        ),
        ("keras_posegan/data/a.py", "from tools import make_pairs", "tools"),
        (
            "keras_posegan/models/a.py",
            "from keras_posegan import command_line",
            "models",
        ),
        ("tools/a.py", "from tests import conftest", "tests"),
        ("keras_posegan/a.py", "", "MAY_IMPORT"),
    ],
)
def test_a_forbidden_arrow_is_found(file, code, fault):
    (found,) = _dependency_faults({file: ast.parse(code)})
    assert found.startswith(file)
    assert fault in found


@pytest.mark.parametrize(
    ("file", "code", "fault"),
    [
        ("keras_posegan/pose/utils.py", "", "named after"),
        ("keras_posegan/pose/a.py", "class A: ...\nclass B: ...", "'A', 'B'"),
        ("keras_posegan/pose/a.py", "from . import skeleton", "relative"),
        ("tools/a.py", "from keras_posegan.pose.skeleton import FLIP", "FLIP"),
        ("keras_posegan/pose/a.py", "from absl import flags", "flags"),
        ("keras_posegan/data/a.py", "import absl.flags", "flags"),
    ],
)
def test_a_breach_of_style_is_found(file, code, fault):
    (found,) = _style_faults({file: ast.parse(code)})
    assert found.startswith(file)
    assert fault in found


_IMPORT_ALL = """
import importlib, json, sys, traceback
from absl import flags

faults, light = [], json.loads(sys.argv[1])
for module in light + json.loads(sys.argv[2]):
    for name in list(flags.FLAGS):  # Two mains may define a flag of the same name.
        if name not in ("help", "helpfull", "helpshort", "helpxml"):
            delattr(flags.FLAGS, name)
    had_tensorflow = "tensorflow" in sys.modules
    try:
        importlib.import_module(module)
    except Exception:
        faults.append(f"{module} cannot be imported: {traceback.format_exc()}")
    if module in light and "tensorflow" in sys.modules and not had_tensorflow:
        faults.append(f"{module} imports TensorFlow, or something that does")
print(json.dumps(faults))
"""


@pytest.mark.slow
def test_every_module_imports_and_the_light_ones_without_tensorflow():
    modules = [
        file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for file in TREES
    ]
    light = [
        module
        for module in modules
        if any(pathlib.PurePath(module).match(name) for name in WITHOUT_TENSORFLOW)
    ]
    assert "keras_posegan.pose.skeleton" in light
    rest = [module for module in modules if module not in light]
    run = subprocess.run(
        [sys.executable, "-c", _IMPORT_ALL, json.dumps(light), json.dumps(rest)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    faults = json.loads(run.stdout.splitlines()[-1])
    assert not faults, "\n".join(faults)
