"""What an engine of any version is, and what it tells.

Not here: the engines.
"""

from typing import TypeAlias

from hyper import h1, h2
from hyper.http.http1 import Http1Connection

Connection: TypeAlias = h2.Connection | Http1Connection
"""An engine of either version: the same methods, the same events."""

Event: TypeAlias = h2.Event | h1.PeerFault
"""What `next_event` returns.  A fault is told in the words of its own protocol: in HTTP/1.1 it has
a status code, in HTTP/2 an error code and a scope.
"""
