"""What comes from a peer or a file system as text for a terminal, and sizes and times for people.

A terminal obeys control characters; a peer must not be able to send it any.
"""

_UNITS = ("KiB", "MiB", "GiB", "TiB")


def printable(text: str) -> str:
    """`text` on one line, with everything that a terminal might obey shown as an escape."""
    if text.isprintable():
        return text
    return "".join([c if c.isprintable() else _escape(c) for c in text])


def printable_bytes(octets: bytes) -> str:
    """`octets` as the UTF-8 they mostly are, and escapes where they are not."""
    return printable(octets.decode("utf-8", "backslashreplace"))


def size(count: int) -> str:
    """`5 B`, `1.0 KiB`, `95.4 MiB`."""
    if count < 1024:
        return f"{count} B"
    step = 0
    amount = count / 1024
    while amount >= 1024 and step < len(_UNITS) - 1:
        amount /= 1024
        step += 1
    return f"{amount:.1f} {_UNITS[step]}"


def duration(seconds: float) -> str:
    """`0.85 ms`, `120 ms`, `1.25 s`."""
    if seconds < 0.01:
        return f"{seconds * 1000:.2f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.2f} s"


def clock_time(seconds: float) -> str:
    """`0:04`, `12:30`, `1:00:05`."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, seconds_left = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02}:{seconds_left:02}"
    return f"{minutes}:{seconds_left:02}"


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
