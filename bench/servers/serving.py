"""What the three servers share: a loopback port, TLS if wanted, and an account of the CPU time.

The server prints its port, then for each line that it reads the CPU time it has used in seconds,
and leaves at the end of its input.
"""

import asyncio
import ssl
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from time import process_time


def run(protocol: Callable[[], asyncio.Protocol]) -> None:
    """Serve with such a protocol for each connection."""
    parser = ArgumentParser()
    parser.add_argument("--certificate", help="a PEM file with a certificate and its key: TLS")
    certificate: str | None = parser.parse_args().certificate
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.set_alpn_protocols(["h2"])
    asyncio.run(_serve(protocol, context))


async def _serve(protocol: Callable[[], asyncio.Protocol], context: ssl.SSLContext | None) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    over = asyncio.Event()

    def report() -> None:
        if sys.stdin.readline():
            print(process_time(), flush=True)
        else:
            over.set()

    loop.add_reader(sys.stdin.fileno(), report)
    async with server:
        await over.wait()
    loop.remove_reader(sys.stdin.fileno())
