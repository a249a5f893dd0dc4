"""How streams and connections end before their time, as errors with a line to show.

Not here: errors before there is a connection (`_faults`).
"""

from hyper.frame import ErrorCode
from hyper.h2 import GoAway, Reset
from hyper.io.errors import (
    ConnectionLost,
    GoneAway,
    StreamReset,
    TransportError,
    TruncatedBody,
    code_name,
)

# What a peer says in GOAWAY is shown, but not a page of it.
_SHOWN = 200


def gone_away(peer: str, away: GoAway, *, retryable: bool) -> GoneAway:
    """The peer takes no more requests."""
    said = away.debug[:_SHOWN].decode("utf-8", "backslashreplace")
    return GoneAway(
        f"{peer}: the peer takes no more requests (GOAWAY with {code_name(away.code)}"
        + (f": {said!r})" if said else ")"),
        code=away.code,
        debug=away.debug,
        retryable=retryable,
    )


def reset_by_peer(peer: str, reset: Reset, away: GoAway | None) -> TransportError:
    """RST_STREAM came, or a GOAWAY that left the stream out."""
    if away is not None and reset.stream_id > away.last_stream_id:
        return gone_away(peer, away, retryable=True)
    return StreamReset(
        f"stream {reset.stream_id}: reset by the peer with {code_name(reset.code)}",
        stream_id=reset.stream_id,
        code=reset.code,
        by_peer=True,
        retryable=reset.retryable,
    )


def cut_off(peer: str, reset: Reset) -> TransportError:
    """HTTP/1.1: the connection goes no further than it has gone."""
    if reset.retryable:
        return ConnectionLost(
            f"{peer}: the connection ended before the request was sent", retryable=True
        )
    if reset.code == ErrorCode.HTTP_1_1_REQUIRED:
        return ConnectionLost(f"{peer}: a server of HTTP/1.0 takes no body of unknown length")
    return ConnectionLost(f"{peer}: nothing more of the request is taken")


def reset_by_us(stream_id: int, code: int) -> StreamReset:
    """We sent RST_STREAM."""
    return StreamReset(
        f"stream {stream_id}: reset by this side with {code_name(code)}",
        stream_id=stream_id,
        code=code,
        by_peer=False,
    )


def truncated(peer: str, reason: str, received: int) -> TruncatedBody:
    """The connection ended in the middle of a message."""
    return TruncatedBody(
        f"{peer}: expected the rest of a body, got its first {received} bytes and then {reason}",
        received=received,
    )


def lost(peer: str, reason: str, away: GoAway | None) -> ConnectionLost:
    """The connection ended; a GOAWAY with an error says best why."""
    if away is not None and away.code != ErrorCode.NO_ERROR:
        return gone_away(peer, away, retryable=False)
    return ConnectionLost(f"{peer}: {reason}")


def unusable(peer: str, error: TransportError | None) -> ConnectionLost:
    """A request was asked for when the connection was over."""
    why = f" ({error})" if error is not None else ""
    return ConnectionLost(
        f"{peer}: expected an open connection, got one that is over{why}", retryable=True
    )
