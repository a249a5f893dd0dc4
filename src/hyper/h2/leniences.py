"""What we let pass that the RFC lets us refuse: each by its name, none by default.

For proxies that pass on what they get, and for peers that nobody will mend.  A NUL, CR or LF in a
name or a value, and a field without a name, are never let through: with them a field becomes two
behind the next gateway to HTTP/1.1 (RFC 9113 §10.3).
"""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Leniences:
    """Forms of messages and connections that are wrong, and are taken all the same."""

    fields_received: bool = False
    """A field section of the peer's that breaks RFC 9113 §8.2 and §8.3 is told as it came: white
    space around values, upper case, connection-specific fields, pseudo-fields that are missing, in
    excess or out of order.  Risk: two programs that read it differently disagree about whom the
    request is for; whoever switches this on checks what he acts upon."""

    fields_sent: bool = False
    """The same for what we send: what the peer makes of it is the caller's business.  Risk: that
    of `fields_received`, for the peer and all behind it."""

    lengths_sent: bool = False
    """What we send need not be as long as its content-length says.  Risk: the peer takes it for
    malformed (RFC 9113 §8.1.1), or a gateway behind it takes what follows for something else."""

    late_settings: bool = False
    """The peer's first frame is another than SETTINGS (RFC 9113 §3.4), and what it acknowledges was
    never asked.  Risk: a peer that is confused from the start is found out later."""
