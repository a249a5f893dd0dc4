"""httpx, in threads and in asyncio: many requests at once, uploads, and some that are given up.

`use_httpx.py URL AUTHORITY PATH` prints what came as JSON; `PATH` is what is downloaded.
"""

import asyncio
import hashlib
import json
import ssl
import sys

import h2.connection
import h11
import httpx

URL, AUTHORITY, PATH = sys.argv[1:4]
CONTENT = bytes(range(256)) * 12_000
CONTEXT = ssl.create_default_context(cafile=AUTHORITY)
LIMITS = httpx.Limits(max_connections=4)


def in_threads():
    """One after the other on one connection."""
    with httpx.Client(http2=True, verify=CONTEXT, limits=LIMITS) as client:
        first = client.get(URL + PATH)
        rest = [client.get(URL + PATH) for _ in range(20)]
        with client.stream("GET", URL + PATH) as response:
            for piece in response.iter_bytes():
                assert piece
                break  # the rest is given up
        again = client.get(URL + PATH)
        uploaded = None
        if "--upload" in sys.argv:
            uploaded = client.post(URL + "/upload", content=CONTENT).json()
    assert all(each.content == first.content for each in [*rest, again])
    return {
        "version": first.http_version,
        "status": first.status_code,
        "sha256": hashlib.sha256(first.content).hexdigest(),
        "uploaded": uploaded,
    }


async def in_asyncio():
    """Two hundred at once."""
    async with httpx.AsyncClient(http2=True, verify=CONTEXT, limits=LIMITS) as client:
        responses = await asyncio.gather(*(client.get(URL + PATH) for _ in range(200)))
        uploads = []
        given_up = 0
        if "--upload" in sys.argv:
            uploads = await asyncio.gather(
                *(client.post(URL + "/upload", content=CONTENT) for _ in range(5))
            )
            waiting = [asyncio.ensure_future(client.get(URL + "/wait")) for _ in range(10)]
            # By a connection of its own: httpx lets one request at a time listen on each.
            async with httpx.AsyncClient(verify=CONTEXT) as other:
                while (await other.get(URL + "/which")).json()["waiting"] < len(waiting):
                    pass
            for task in waiting:
                task.cancel()
            results = await asyncio.gather(*waiting, return_exceptions=True)
            given_up = sum(isinstance(each, asyncio.CancelledError) for each in results)
        last = await client.get(URL + PATH)
    sums = {hashlib.sha256(each.content).hexdigest() for each in [*responses, last]}
    return {
        "versions": sorted({each.http_version for each in responses}),
        "count": len(responses),
        "sha256": sorted(sums),
        "uploaded": [each.json() for each in uploads],
        "given_up": given_up,
    }


print(
    json.dumps(
        {
            "h2": h2.connection.H2Connection.__module__,
            "h11": h11.Connection.__module__,
            "sent": {"size": len(CONTENT), "sha256": hashlib.sha256(CONTENT).hexdigest()},
            "threads": in_threads(),
            "asyncio": asyncio.run(in_asyncio()),
        }
    )
)
