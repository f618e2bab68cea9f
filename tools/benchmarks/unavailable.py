"""What a candidate says that cannot run here."""


class Unavailable(Exception):  # noqa: N818 (a statement, not a fault)
    """Raised while building a candidate; the message is the reason."""
