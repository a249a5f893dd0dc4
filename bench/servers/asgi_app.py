"""An ASGI application that answers a kilobyte, for Hypercorn; it runs in an environment of its own.

It reads the request to its end first, and under /early it does not.
"""

CONTENT = bytes(range(256)) * 4
HEADERS = [(b"content-type", b"text/plain"), (b"content-length", b"1024")]


async def app(scope, receive, send):
    """Answer one request."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if scope["path"] != "/early":
        while (await receive()).get("more_body"):
            pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": CONTENT})
