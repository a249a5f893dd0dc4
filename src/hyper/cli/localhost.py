"""TLS for a server on this machine, with a certificate that nobody had to ask for.

Not here: the making of the certificate, which needs a package that may be absent.
"""

import ssl
from importlib import import_module
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hyper.io import server_context

_NAMES: Final = ("localhost", "127.0.0.1", "::1")

HOW_TO_GET_IT: Final = "pip install 'hyper[cli]'"


def localhost_context(host: str = "") -> tuple[ssl.SSLContext, bytes] | None:
    """A server's context for localhost and `host`, and the certificate (PEM) that it shows.

    `None` when `cryptography` is not installed.
    """
    try:
        maker = import_module("hyper.cli.certificate")
    except ImportError:
        return None
    known = not host or host in _NAMES or is_everywhere(host)
    names = _NAMES if known else (*_NAMES, host)
    certificate: bytes
    key: bytes
    certificate, key = maker.make_certificate(names)
    # OpenSSL reads files only.  The folder is this user's alone, and gone before anybody connects.
    with TemporaryDirectory(prefix="hyper-") as folder:
        both = Path(folder, "localhost.pem")
        both.touch(mode=0o600)
        both.write_bytes(key + certificate)
        return server_context(str(both)), certificate


def is_everywhere(host: str) -> bool:
    """Whether it is an address that means all addresses, and so nobody's name."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False
