"""HTTP/1.1 and HTTP/2 for asyncio.

`connect` gives a client that any number of tasks may share, `serve` a server that runs a task for
each request.  The same names and meanings as `hyper.io.sync`, with the waiting words.
"""

from hyper.io.asyncio.client import ClientConnection, ClientStream, Response, connect
from hyper.io.asyncio.exchange import Exchange
from hyper.io.asyncio.server import Handler, Server, serve

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
