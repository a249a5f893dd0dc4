"""A certificate authority of the tests' own."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from hyper.http import ALL_VERSIONS, Version
from hyper.io import client_context, server_context


@dataclass(frozen=True)
class Certificates:
    """Files of one authority and of what it has signed for localhost."""

    authority: str
    chain: str
    key: str

    def server(self) -> ssl.SSLContext:
        return server_context(self.chain, self.key)

    def client(self, versions: Sequence[Version] = ALL_VERSIONS) -> ssl.SSLContext:
        return client_context(self.authority, versions=versions)
