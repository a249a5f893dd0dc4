"""Every limit of an HTTP/2 engine in one value, with the reason for its default.

What a limit means on the wire, where it has a meaning there, is `settings`' matter.
"""

from dataclasses import dataclass
from math import inf


@dataclass(slots=True, kw_only=True)
class Limits:
    """How much a peer may cost us.  Sizes are in bytes, times in seconds; `inf` is never."""

    max_field_list_size: int = 65_536
    """Size of one decoded field section, 32 bytes added per field (RFC 9113 §10.5.1, RFC 7541
    §4.1).  Beyond it the message is refused; beyond twice as much, the connection.  Go counts
    1 MiB, nginx 32 KiB, python-hyper's h2 the same as we do."""

    max_fields: int = 128
    """Fields in one section, each cookie crumb counted.  One byte on the wire can be a whole
    field (CVE-2026-49975), so a size alone is no limit.  haproxy allows 101, Envoy and h2o 100."""

    max_field_size: int = 16_384
    """Name and value of one field together."""

    max_block_size: int = 65_536
    """Compressed size of one field block over all its frames, counted before anything is kept."""

    max_encoder_table: int = 4_096
    """What our encoder's dynamic table takes at most, however much the peer allows (RFC 7541
    §4.2)."""

    max_continuations: int = 8
    """CONTINUATION frames in one field block (the flood of 2024, VU#421644).  nghttp2 allows 8."""

    max_settings: int = 32
    """Entries in one SETTINGS frame.  nghttp2 allows 32."""

    max_unsent_acks: int = 100
    """Answers to PING and SETTINGS that wait for us to write (CVE-2019-9512, CVE-2019-9515).
    nghttp2 allows 1,000, Go 10,000."""

    max_pings: int = 100
    """PINGs of ours that wait for the peer's answer; one more is refused to whoever asks for it.
    Nothing sensible sends more than one or two in a round trip."""

    reset_burst: float = 200.0
    """Streams a peer may cancel, or make us reset, at once (CVE-2023-44487, CVE-2025-8671); each
    exchange that ends well earns one back.  netty allows 200 in 30 seconds."""

    reset_rate: float = 20.0
    """The same, regained per second."""

    ledger_burst: float = 1_000.0
    """Frames that carry no message (PING, PRIORITY, empty DATA, unknown types...) at once; data
    sent, data received and exchanges that end well earn them back.  h2load with 1,000 streams
    stays far below."""

    ledger_rate: float = 20.0
    """The same, regained per second."""

    warning_share: float = 0.25
    """Below this share of either budget `PeerMisbehaving` is told, and a server begins to leave: a
    peer that is merely out of order then loses nothing, for it starts anew on another connection.
    haproxy does the same at a quarter.  0 is never."""

    max_half_closed_faults: int = 3
    """Frames on streams that the peer itself had ended, each of which costs it that stream (RFC
    9113 §5.1); one more ends the connection.  No honest peer sends any, and each makes us reset
    work that it had asked for (CVE-2025-8671)."""

    preface_timeout: float = 5.0
    """How long a client may take to say its 24 octets of preface (RFC 9113 §3.4), from when the
    clocks start.  It has them ready, and a connection that never speaks costs as much as one that
    does.  Go allows 10 s."""

    first_settings_timeout: float = 5.0
    """How long it may take from there to the SETTINGS that end the preface.  Go allows 2 s."""

    settings_timeout: float = 10.0
    """How long the peer may take to acknowledge our SETTINGS (RFC 9113 §6.5.3); a server's own
    SETTINGS are not waited for longer, as they come before that.  Python-hyper's h2 and Go's client
    wait for ever."""

    keepalive_interval: float = inf
    """Streams are open, and nothing was heard for so long: a PING asks whether the peer is there.
    Never, unless it is asked for: 30 s is a good value on paths that forget connections.  Servers
    of gRPC end a connection that asks more than once in five minutes."""

    keepalive_timeout: float = 15.0
    """How long may nothing be heard after that; then the peer is gone.  Go waits as long."""

    half_closed_timeout: float = 30.0
    """How long a server goes on answering a client that has closed its end of the connection.  Such
    a client may be listening, and more often is gone: nginx and Go take it to be gone at once."""

    stall_timeout: float = 0.0
    """How long content may wait for the peer's window, and let less than `min_drain_rate` through:
    then its stream is reset, or the connection is over if it is its window.  A peer that asks and
    does not take pins what was made for it.  0 means by role: 30 s for a server, never for a
    client, whose uploads may wait for their reader.  nginx, Apache and h2o give 60 s."""

    min_drain_rate: float = 240.0
    """Bytes a second, on average over `stall_timeout`; 0 asks for a byte.  haproxy and Apache ask
    for as little of slow clients; a window that opens byte by byte (CVE-2019-9517) gives less."""

    shutdown_warning: float = 1.0
    """How long a server that leaves waits for the peer to have read its warning, before it says
    which streams it will still answer (RFC 9113 §6.8).  h2o waits 1 s whatever happens; an answer
    to our PING, which most give within a round trip, is all that is needed."""

    max_concurrent_streams: int = 100
    """Streams the peer may have open at once.  RFC 9113 §6.5.2 recommends no less than 100."""

    max_promises: int = 100
    """Streams a server may have reserved for pushes and not yet used, where push is switched on
    (RFC 9113 §8.4.2: they do not count as concurrent).  netty allows 100, nghttp2 200."""

    assumed_concurrency: int = 100
    """Streams a client opens before it has heard the server's SETTINGS.  More could only be
    refused: no server we know of allows fewer, and few allow more."""

    stream_window: int = 0
    """Receive window of a stream: what we hold at most for a reader that is slow.  0 means by
    role: 262,144 for a server, 1,048,576 for a client, who reads more than he writes."""

    connection_window: int = 0
    """Receive window of the connection: what we hold at most for all its streams together.  0
    means by role: 1,048,576 for a server, 16,777,216 for a client."""

    grown_window: int = 0
    """What receive windows may grow to where a peer uses them up in a round trip, which PINGs tell:
    doubled each time, as gRPC does.  0 means by role: 16,777,216 for a client whose windows are
    left to us, which is gRPC's limit and no more than its connection can make it hold anyway; not
    at all for a server, as there a stranger would decide.  1 is not at all for anybody."""

    max_frame_size: int = 16_384
    """Largest frame payload we accept (RFC 9113 §4.2).  A frame is delivered whole, so this is
    also what is held of a frame that is still arriving."""

    send_high_water: int = 65_536
    """A stream that has more than this queued is asked to wait..."""

    send_low_water: int = 16_384
    """...and gets its `Writable` when no more than this is left."""

    remembered_resets: int = 64
    """Streams we reset whose late frames are recognised one by one.  Older ones are recognised by
    their number."""
