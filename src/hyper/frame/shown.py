"""How the bytes in a frame look in its one-line `repr`."""

_HEAD = 24


def shown(data: bytes) -> str:
    """A few bytes as they are, more of them as a count and the first ones."""
    if len(data) <= _HEAD:
        return repr(data)
    return f"<{len(data)} bytes {data[:_HEAD]!r}...>"


def hidden(block: bytes) -> str:
    """A field block as its size: uncompressed, a literal in it may be a secret."""
    return f"<{len(block)} bytes>"
