"""What we let pass that the RFC lets us refuse: each by its name, none by default.

Wherever two programs on the way of a message read it differently, a message can be smuggled past
one of them (RFC 9112 §11.2).  So each of these has its risk beside it.
"""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Leniences:
    """Forms of messages that are wrong or obsolete, and are taken all the same."""

    bare_lf: bool = False
    """A client takes LF alone for the end of a line in heads (RFC 9112 §2.2 lets it).  Risk: a
    gateway before us that takes it for a part of a value sees other fields than we do.  A server
    never does, and neither does so in chunked framing."""

    unfold: bool = False
    """A client joins a field value that is folded over lines with SP (RFC 9112 §5.2).  Risk: a
    gateway before us that does not sees the second line as a field of its own.  A server never
    does."""

    equal_lengths: bool = False
    """Several Content-Length values that are all the same count as one (RFC 9110 §8.6).  Risk:
    whoever compares them differently, `5` and `05`, frames the message differently."""

    coding_over_length: bool = False
    """A client takes a response with both Transfer-Encoding and Content-Length by its chunks, and
    closes the connection behind it (RFC 9112 §6.3).  Risk: a gateway before us that went by the
    length has put somebody else's response into ours.  A server never does."""

    chunk_whitespace: bool = False
    """White space behind a chunk's size and around the parts of its extensions (RFC 9112 §7.1.1).
    Risk: a gateway that ends the size elsewhere reads other chunks than we do."""
