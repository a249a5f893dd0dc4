"""What can go wrong between us and a peer, as one tree below `HyperError`.

`str(error)` is one line that can be shown to a person.  Not here: wrong calls, which are
`LocalProtocolError` as everywhere.
"""

from hyper.frame import ErrorCode, error_code
from hyper.h1 import PeerFault as Http1Fault
from hyper.h2 import PeerFault
from hyper.wire import HyperError, RemoteProtocolError


class TransportError(HyperError):
    """The root of what goes wrong with the peer or the network.

    `retryable` is true when the peer did nothing with the request: sending it again, on another
    connection, cannot do its work twice (RFC 9113 §8.7).
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class ConnectError(TransportError):
    """There is no connection: the name is unknown, the port refuses, nothing is reachable."""

    def __init__(self, message: str, *, host: str = "", port: int = 0) -> None:
        super().__init__(message, retryable=True)
        self.host = host
        self.port = port


class TLSError(ConnectError):
    """TLS was not established: a certificate that does not hold, a file that is none, no common
    version or cipher.
    """


class NoVersionError(ConnectError):
    """TLS was established, but what the peer chose by ALPN (RFC 7301) is not what was wanted."""


class NoHTTP2Error(NoVersionError):
    """The same, where HTTP/2 alone was wanted (RFC 9113 §3.2)."""


class TimedOut(TransportError, TimeoutError):
    """The peer took too long.

    `phase` says at what: "connect", "handshake", "read", "write" or "keepalive".
    """

    def __init__(self, message: str, *, phase: str, retryable: bool = False) -> None:
        super().__init__(message, retryable=retryable)
        self.phase = phase


class StreamReset(TransportError):
    """One exchange ended before its time (RFC 9113 §6.4).  The connection is none the worse."""

    def __init__(
        self, message: str, *, stream_id: int, code: int, by_peer: bool, retryable: bool = False
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.stream_id = stream_id
        self.code = code
        self.by_peer = by_peer


class ConnectionLost(TransportError):
    """The connection ended under an open exchange, or was used when it was over."""


class GoneAway(ConnectionLost):
    """The peer announced that it takes no more requests (RFC 9113 §6.8)."""

    def __init__(
        self, message: str, *, code: int, debug: bytes = b"", retryable: bool = False
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.code = code
        self.debug = debug


class TruncatedBody(ConnectionLost):
    """The connection ended in the middle of a message; `received` bytes of its content came."""

    def __init__(self, message: str, *, received: int) -> None:
        super().__init__(message)
        self.received = received


class PeerFaultError(TransportError, RemoteProtocolError):
    """The peer broke a rule of its protocol or a limit of ours; `fault` tells which, in the words
    of the version that was spoken.
    """

    def __init__(self, fault: PeerFault | Http1Fault) -> None:
        super().__init__(f"the peer broke the protocol: {fault}")
        self.fault = fault


class BodyTooLarge(TransportError):
    """A body is longer than the `limit` given to `read`."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"expected a body of at most {limit} bytes, got a longer one")
        self.limit = limit


def code_name(code: int) -> str:
    """The name of an error code, or its number where RFC 9113 §7 has none."""
    named = error_code(code)
    return named.name if isinstance(named, ErrorCode) else f"code 0x{code:x}"
