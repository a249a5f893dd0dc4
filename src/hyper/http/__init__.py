"""One vocabulary over every version of HTTP: which one it is, and HTTP/1.1 in the words of HTTP/2.

An engine of this floor has the face of `hyper.h2.Connection`, and tells and takes its events,
whatever goes over the wire.  Not here: sockets, clocks, TLS.
"""

from hyper.http.connection import Connection, Event
from hyper.http.http1 import Http1Connection
from hyper.http.versions import (
    ALL_VERSIONS,
    Version,
    version_by_alpn,
    version_by_first_bytes,
)

__all__ = [
    "ALL_VERSIONS",
    "Connection",
    "Event",
    "Http1Connection",
    "Version",
    "version_by_alpn",
    "version_by_first_bytes",
]
