"""Every limit of an HTTP/1.1 engine in one value, with the reason for its default.

Not here: what we let pass that the RFC lets us refuse; see `leniences`.
"""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Limits:
    """How much a peer may cost us.  Sizes are in bytes, times in seconds."""

    max_start_line: int = 8_192
    """The request line or status line.  Beyond it: 414.  RFC 9112 §3 asks for no less than 8,000
    and nginx allows 8 KiB; netty 4 KiB, Apache 8,190."""

    max_field_line: int = 16_384
    """One field line.  Beyond it: 431.  A line of cookies is the longest that anybody needs, and
    browsers cut theirs at 4 KiB each."""

    max_head: int = 65_536
    """A whole head, first line included; a whole trailer section as well.  Beyond it: 431.  What is
    held of a head that is still arriving.  Go allows 1 MiB, node 16 KiB, nginx 32 KiB; ours is what
    `hyper.h2` allows."""

    max_fields: int = 128
    """Field lines in one section.  Beyond it: 431.  haproxy allows 101, Envoy and h2o 100."""

    max_chunk_line: int = 256
    """The line with the size and the extensions of one chunk.  Go allows 4,096; nobody is known to
    need them."""

    chunk_overhead: int = 16_384
    """What chunk lines may add up to in one message beyond 16 bytes each, which pay for the size of
    any chunk, and half of the content (CVE-2023-39326).  Go allows the same 16 KiB."""

    max_content: int = 0
    """Content of one message; 0 means no limit.  Beyond it: 413.  The engine passes content on and
    holds none of it, so a limit is the application's to choose."""

    max_interim: int = 100
    """Interim responses to one request.  RFC 9110 §15.2 allows any number, and a server that sends
    a hundred never comes to its answer."""

    max_requests: int = 10_000
    """Requests on one connection, the last of which is answered with `Connection: close`.  Memory
    that leaks for a connection, anywhere above us, comes back now and then.  nginx allows 1,000."""

    max_drain: int = 65_536
    """Content of a request that is still read after its response is complete, so that the
    connection can be used again; with more than that to come it is closed.  Apache reads on for as
    long as it takes, Go 256 KiB."""

    drain_timeout: float = 1.0
    """The same in time."""

    first_byte_timeout: float = 5.0
    """How long a client may take to send the first byte after the connection was made."""

    head_timeout: float = 10.0
    """How long a head may take from its first byte to its last (Slowloris).  Beyond it: 408.  h2o
    allows 10 s, Apache 20 s, nginx 60 s."""

    idle_timeout: float = 75.0
    """How long a connection may wait for its next request.  nginx allows 75 s, Apache 5 s."""

    body_timeout: float = 30.0
    """How long the content of a request may stop coming.  Beyond it: 408."""

    body_grace: float = 10.0
    """How long the content of a request may be slower than `min_body_rate` from the start."""

    min_body_rate: float = 240.0
    """Bytes a second of a request's content, on average over the last `body_timeout`.  A slow modem
    is ten times as fast.  Beyond it: 408."""
