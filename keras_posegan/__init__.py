"""Pose-guided person images with deformable skips and self-attention.

Importing the package imports no TensorFlow, so that `--help` answers at once.
"""

__version__ = "0.1.0"
