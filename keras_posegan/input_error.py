"""The one error that is the user's to mend."""


class InputError(ValueError):
    """Something the user gave (a file, a folder, a flag) cannot be used.

    The message is one line and names the file, folder or flag and what was
    received. Mains print it and exit with status 1 (`command_line.run`); every
    other exception is a fault of this program and keeps its stack trace.
    """
