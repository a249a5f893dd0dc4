"""httpcore by itself, in threads and in asyncio.  `use_httpcore.py URL AUTHORITY`."""

import asyncio
import hashlib
import json
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

import h2.connection
import httpcore

URL, AUTHORITY = sys.argv[1:3]
CONTEXT = ssl.create_default_context(cafile=AUTHORITY)
CONTEXT.set_alpn_protocols(["h2"])


def in_threads():
    """Eight threads share a pool."""
    with (
        httpcore.ConnectionPool(http2=True, ssl_context=CONTEXT, max_connections=2) as pool,
        ThreadPoolExecutor(8) as threads,
    ):
        responses = list(threads.map(lambda _: pool.request("GET", URL), range(40)))
    return summary(responses)


async def in_asyncio():
    """Two hundred at once."""
    async with httpcore.AsyncConnectionPool(
        http2=True, ssl_context=CONTEXT, max_connections=2
    ) as pool:
        responses = await asyncio.gather(*(pool.request("GET", URL) for _ in range(200)))
    return summary(responses)


def summary(responses):
    """What all of them say."""
    return {
        "count": len(responses),
        "statuses": sorted({each.status for each in responses}),
        "versions": sorted({each.extensions["http_version"].decode() for each in responses}),
        "sha256": sorted({hashlib.sha256(each.content).hexdigest() for each in responses}),
    }


print(
    json.dumps(
        {
            "h2": h2.connection.H2Connection.__module__,
            "threads": in_threads(),
            "asyncio": asyncio.run(in_asyncio()),
        }
    )
)
