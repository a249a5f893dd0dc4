"""An ASGI application that tells what it heard, and which library it runs on."""

import asyncio
import hashlib
import json

import h2.connection
import h11

PIECE = bytes(range(256)) * 256

waiting = waited = 0


async def app(scope, receive, send):
    """Answer one request, or one WebSocket."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    elif scope["type"] == "websocket":
        await echo(receive, send)
    else:
        await PATHS[scope["path"]](scope, receive, send)


async def answer(send, content, status=200):
    """A whole response."""
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def which(scope, receive, send):
    """Which modules stand behind the names, and how the request came."""
    told = {
        "h2": h2.connection.H2Connection.__module__,
        "h11": h11.Connection.__module__,
        "version": scope["http_version"],
        "waiting": waiting,
        "waited": waited,
    }
    await answer(send, json.dumps(told).encode())


async def small(scope, receive, send):
    """A kilobyte."""
    await answer(send, PIECE[:1024])


async def medium(scope, receive, send):
    """A quarter of a megabyte."""
    await answer(send, PIECE * 4)


async def big(scope, receive, send):
    """Ten megabytes in pieces, without a length."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(160):
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def upload(scope, receive, send):
    """How much came, and its checksum."""
    digest = hashlib.sha256()
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        digest.update(message.get("body", b""))
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    await answer(send, json.dumps({"size": size, "sha256": digest.hexdigest()}).encode())


async def wait(scope, receive, send):
    """Never answers: whoever asks has to give up."""
    global waiting, waited
    waiting += 1
    while (await receive())["type"] != "http.disconnect":
        pass
    waiting -= 1
    waited += 1


async def pause(scope, receive, send):
    """A kilobyte, after the others have had a turn."""
    await asyncio.sleep(0)
    await answer(send, PIECE[:1024])


async def echo(receive, send):
    """What a WebSocket says, said back."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        said = {"type": "websocket.send"}
        said.update(
            {kind: message[kind] for kind in ("text", "bytes") if message.get(kind) is not None}
        )
        await send(said)


PATHS = {
    "/": small,
    "/which": which,
    "/medium": medium,
    "/big": big,
    "/upload": upload,
    "/wait": wait,
    "/pause": pause,
}
