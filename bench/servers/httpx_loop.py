"""httpx downloads: `httpx_loop.py URL COUNT` prints requests a second, by its own CPU time.

First one after the other, then twenty at a time; it runs in an environment of its own.
"""

import asyncio
import sys
from time import process_time

import httpx

URL, COUNT = sys.argv[1], int(sys.argv[2])


def in_turn():
    """One after the other on one connection."""
    with httpx.Client(http1=False, http2=True) as client:
        client.get(URL)
        start = process_time()
        for _ in range(COUNT):
            assert len(client.get(URL).content) == 1024
        return COUNT / (process_time() - start)


async def at_once():
    """Twenty tasks on one connection."""

    async def some():
        for _ in range(COUNT // 20):
            assert len((await client.get(URL)).content) == 1024

    limits = httpx.Limits(max_connections=1)
    async with httpx.AsyncClient(http1=False, http2=True, limits=limits) as client:
        await client.get(URL)
        start = process_time()
        await asyncio.gather(*(some() for _ in range(20)))
        return COUNT // 20 * 20 / (process_time() - start)


print(in_turn(), asyncio.run(at_once()))
