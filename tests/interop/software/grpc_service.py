"""A service of grpclib with calls of all four kinds.  `grpc_service.py serve PORT|call PORT`."""

import asyncio
import json
import sys

import h2.connection
from grpclib.client import (
    Channel,
    StreamStreamMethod,
    StreamUnaryMethod,
    UnaryStreamMethod,
    UnaryUnaryMethod,
)
from grpclib.const import Cardinality, Handler, Status
from grpclib.encoding.base import CodecBase
from grpclib.exceptions import GRPCError
from grpclib.server import Server


class Plain(CodecBase):
    """Messages are bytes."""

    __content_subtype__ = "plain"

    def encode(self, message, message_type):
        """As they are."""
        return message

    def decode(self, data, message_type):
        """As they are."""
        return data


class Service:
    """Turns what it hears around."""

    async def once(self, stream):
        """One in, one out."""
        message = await stream.recv_message()
        if message == b"fail":
            raise GRPCError(Status.INVALID_ARGUMENT, "as asked")
        await stream.send_message(message[::-1])

    async def many(self, stream):
        """One in, many out."""
        message = await stream.recv_message()
        for number in range(100):
            await stream.send_message(b"%d %s" % (number, message))

    async def joined(self, stream):
        """Many in, one out."""
        await stream.send_message(b"".join([message async for message in stream]))

    async def echo(self, stream):
        """Many in, many out, in turns."""
        async for message in stream:
            await stream.send_message(message)

    def __mapping__(self):
        """What grpclib's generated code would say."""
        return {
            "/test.Service/once": Handler(self.once, Cardinality.UNARY_UNARY, bytes, bytes),
            "/test.Service/many": Handler(self.many, Cardinality.UNARY_STREAM, bytes, bytes),
            "/test.Service/joined": Handler(self.joined, Cardinality.STREAM_UNARY, bytes, bytes),
            "/test.Service/echo": Handler(self.echo, Cardinality.STREAM_STREAM, bytes, bytes),
        }


async def serve(port):
    """Until it is ended."""
    server = Server([Service()], codec=Plain())
    await server.start("127.0.0.1", port)
    await server.wait_closed()


async def call(port):
    """Every kind of call, some of them at once."""
    channel = Channel("127.0.0.1", port, codec=Plain())
    once = UnaryUnaryMethod(channel, "/test.Service/once", bytes, bytes)
    many = UnaryStreamMethod(channel, "/test.Service/many", bytes, bytes)
    joined = StreamUnaryMethod(channel, "/test.Service/joined", bytes, bytes)
    echo = StreamStreamMethod(channel, "/test.Service/echo", bytes, bytes)
    large = bytes(range(256)) * 4096
    told = {
        "h2": h2.connection.H2Connection.__module__,
        "once": (await once(b"abc")).decode(),
        "at once": [
            each.decode() for each in await asyncio.gather(*(once(b"%d" % n) for n in range(50)))
        ],
        "many": len(await many(b"x")),
        "joined": (await joined([b"a", b"b", b"c"])).decode(),
        "large": (await once(large)) == large[::-1],
    }
    heard = []
    async with echo.open() as stream:
        for number in range(20):
            await stream.send_message(b"%d" % number)
            heard.append((await stream.recv_message()).decode())
        await stream.end()
    told["echo"] = heard
    try:
        await once(b"fail")
    except GRPCError as error:
        told["error"] = [error.status.name, error.message]
    async with echo.open() as stream:
        await stream.send_message(b"given up")
        await stream.cancel()
    told["after"] = (await once(b"xyz")).decode()
    channel.close()
    print(json.dumps(told))


asyncio.run({"serve": serve, "call": call}[sys.argv[1]](int(sys.argv[2])))
