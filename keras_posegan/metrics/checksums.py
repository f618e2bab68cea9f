"""The checksum by which results name a classifier."""

import hashlib
import pathlib


def sha256(path: pathlib.Path) -> str:
    r"""The SHA-256 of a file, or of all files of a folder, in hexadecimal.

    Of a folder it covers contents and names: it is that of the lines that, inside it,

        find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum

    prints.

    Args:
        path: a file, or a folder; one without files has the checksum of no lines.

    Raises:
        OSError: if a file cannot be read.
    """
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = {
        file.relative_to(path).as_posix(): file
        for file in path.rglob("*")
        if file.is_file()
    }
    lines = [f"{sha256(files[name])}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
