"""What two runtimes drew with the same file from the same pairs, compared."""

import numpy as np

LARGEST = 1  # Grey level.
# Where activations are rounded to 8 bits, processors round a value between two steps
# differently, and what follows grows; so the mean is held to the bound there.
_ROUNDED = ("dynamic_int8", "int8")


def compare(
    variant: str, expected: dict[str, np.ndarray], found: dict[str, np.ndarray]
) -> dict[str, float | str | None]:
    """Compares the outputs of the signature.

    Args:
        variant: of the file, of `export.tflite.VARIANTS`.
        expected: `generated_image` uint8 (P, H, W, 3), `status` int32 (P,).
        found: the same of the other runtime.

    Returns:
        max_difference, mean_difference: of the pictures, grey levels
        share_beyond: of the values of the pictures, how many (0 to 1) differ by more
            than `LARGEST`
        fault: what is wrong, in one line; None if nothing is.
    """
    pictures, others = (each["generated_image"] for each in (expected, found))
    if pictures.shape != others.shape or others.dtype != np.uint8:
        fault = f"draws {others.dtype} {others.shape}, not uint8 {pictures.shape}"
        return {"fault": fault}
    differences = np.abs(pictures.astype(int) - others)
    row = {
        "max_difference": int(differences.max()),
        "mean_difference": float(differences.mean()),
        "share_beyond": float((differences > LARGEST).mean()),
        "fault": None,
    }
    bounded = "mean_difference" if variant in _ROUNDED else "max_difference"
    if row[bounded] > LARGEST:
        row["fault"] = f"{bounded} exceeds {LARGEST} grey level"
    elif not np.array_equal(expected["status"], found["status"]):
        row["fault"] = (
            f"status is {found['status'].tolist()}, not {expected['status'].tolist()}"
        )
    return row
