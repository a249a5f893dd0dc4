"""From the text of a URL to what a request needs (RFC 9110 §4.2, RFC 3986).

Not here: resolving the name.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, urlsplit

from hyper.cli.errors import CommandError, Exit
from hyper.cli.text import printable

_PORTS: Final = {"https": 443, "http": 80}

# RFC 3986 §3.2.2: reg-name, without the delimiters that no host anybody runs has in its name.
_HOST: Final = re.compile(r"[A-Za-z0-9._~-]+")

# RFC 3986 §2.2: what stands in a URL as it is; anything else becomes the octets of its UTF-8.
_AS_IT_IS: Final = "%!$&'()*+,;=:@/?[]~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One URL, taken apart.

    `url` is the text as it was given, for messages; `host` has no brackets; `path` is `:path`.
    """

    url: str
    scheme: str
    host: str
    port: int
    authority: str
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What requests must share to go over one connection (RFC 9110 §4.3.1)."""
        return (self.scheme, self.host, self.port)

    @property
    def name(self) -> str:
        """The last segment of the path: what a file of it would be called, or empty."""
        return self.path.partition("?")[0].rpartition("/")[2]


def parse_url(text: str) -> Target:
    """`text` taken apart, or `CommandError` that says what was expected in place of what."""
    if not text.isprintable() or " " in text:
        raise _unusable(text, "no spaces or control characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise CommandError(Exit.USAGE, f"{printable(text)}: not a usable URL: {error}") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not text[len(scheme) :].startswith("://"):
        raise _unusable(text, "https://HOST/... or http://HOST/...")
    if "@" in parts.netloc:
        # The URL is not shown: what stands before the @ may be a password.
        raise CommandError(
            Exit.USAGE,
            "expected a URL without a user name; give credentials with -H 'authorization: ...'",
        )
    host = _host(text, parts.hostname or "")
    if port == 0:
        raise _unusable(text, "a port of 1 to 65535")
    shown = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        shown = f"{shown}:{port}"
    # RFC 9113 §8.3.1: an empty path is sent as "/".
    path = quote(parts.path or "/", safe=_AS_IT_IS)
    if parts.query:
        path = f"{path}?{quote(parts.query, safe=_AS_IT_IS)}"
    return Target(
        url=text,
        scheme=scheme,
        host=host,
        port=_PORTS[scheme] if port is None else port,
        authority=shown,
        path=path,
    )


def _host(text: str, host: str) -> str:
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise _unusable(text, "an IPv6 address in the brackets") from None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise _unusable(text, "a host name that can be written in ASCII (IDNA)") from None
    if not _HOST.fullmatch(host):
        raise _unusable(text, "a host name" if host else "a host after ://")
    return host


def _unusable(text: str, expected: str) -> CommandError:
    return CommandError(Exit.USAGE, f"{printable(text)}: not a usable URL; expected {expected}")
