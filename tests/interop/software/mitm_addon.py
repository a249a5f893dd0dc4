"""For mitmdump: a line for each exchange, with how it came and went, and the module behind h2."""

import h2.connection
from mitmproxy import ctx


def response(flow):
    """An exchange is over."""
    print(
        flow.request.http_version,
        flow.response.http_version,
        flow.client_conn.alpn.decode(),
        flow.server_conn.alpn.decode(),
        flow.response.status_code,
        h2.connection.H2Connection.__module__,
        flush=True,
    )


def running():
    """The proxy listens."""
    print("listening", ctx.master.addons.get("proxyserver").listen_addrs()[0][1], flush=True)
