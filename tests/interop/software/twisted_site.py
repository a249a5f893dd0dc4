"""Twisted's web server over TLS.  `twisted_site.py PORT CERT KEY`."""

import hashlib
import json
import sys

import h2.connection
from twisted.internet import endpoints, reactor
from twisted.web.resource import Resource
from twisted.web.server import Site

PORT, CERT, KEY = sys.argv[1:4]


class Which(Resource):
    """Which module stands behind h2, and how the request came."""

    isLeaf = True

    def render_GET(self, request):
        """As JSON."""
        told = {
            "h2": h2.connection.H2Connection.__module__,
            "version": request.clientproto.decode(),
        }
        return json.dumps(told).encode()

    def render_POST(self, request):
        """The checksum of what came."""
        return hashlib.sha256(request.content.read()).hexdigest().encode()


class Big(Resource):
    """A megabyte."""

    isLeaf = True

    def render_GET(self, request):
        """In one piece."""
        return bytes(range(256)) * 4096


root = Resource()
root.putChild(b"which", Which())
root.putChild(b"big", Big())
endpoint = endpoints.serverFromString(
    reactor, f"ssl:{PORT}:interface=127.0.0.1:privateKey={KEY}:certKey={CERT}"
)
endpoint.listen(Site(root))
reactor.run()
