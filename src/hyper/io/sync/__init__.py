"""HTTP/1.1 and HTTP/2 with blocking calls and threads.

`connect` gives a client that many threads may share, `serve` a server that runs handlers in
threads.  The same names and meanings as `hyper.io.asyncio`, without the waiting words.
"""

from hyper.io.sync.client import ClientConnection, ClientStream, Response, connect
from hyper.io.sync.exchange import Exchange
from hyper.io.sync.server import Handler, Server, serve

__all__ = [
    "ClientConnection",
    "ClientStream",
    "Exchange",
    "Handler",
    "Response",
    "Server",
    "connect",
    "serve",
]
