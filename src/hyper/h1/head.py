"""The first lines of messages, and what a head as a whole must look like (RFC 9112 §3, §4).

Not here: field lines, which are `fields`'; where the body ends, which is `framing`'s.
"""

import re
from typing import Final

from hyper.h1.fields import Section
from hyper.h1.grammar import (
    CONNECT,
    METHODS,
    PLAIN,
    TEXT_BYTES,
    authority_of,
    is_token,
    same_host,
    shown,
    target_fault,
)

# RFC 9113 §3.4: the first line of the preface of HTTP/2.
PREFACE_LINE: Final = b"PRI * HTTP/2.0"

_VERSION: Final = re.compile(rb"HTTP/([0-9])\.([0-9])")
USUAL_VERSION: Final = b"HTTP/1.1"


class Fault:
    """What is wrong with a message, and the status code for it."""

    __slots__ = ("came", "expected", "status")

    def __init__(self, status: int, expected: str, came: str) -> None:
        self.status: Final = status
        self.expected: Final = expected
        self.came: Final = came


class RequestLine:
    """A request line, taken apart (RFC 9112 §3)."""

    __slots__ = ("kind", "method", "minor", "target", "version")

    def __init__(self, method: bytes, kind: int, target: bytes, version: bytes) -> None:
        self.method: Final = method
        self.kind: Final = kind  # one of the kinds of `grammar.METHODS`
        self.target: Final = target
        self.version: Final = version  # such as b"1.1"
        self.minor: Final = version[2] - 0x30


class StatusLine:
    """A status line, taken apart (RFC 9112 §4)."""

    __slots__ = ("minor", "reason", "status", "version")

    def __init__(self, status: int, reason: bytes, version: bytes) -> None:
        self.status: Final = status
        self.reason: Final = reason
        self.version: Final = version
        self.minor: Final = version[2] - 0x30


def read_request_line(line: bytes) -> RequestLine | Fault:
    """Take a request line apart."""
    # RFC 9112 §3: single SP between the elements.  Other white space MAY be taken for one by a
    # recipient, and then two of them may differ (§11.2).
    parts = line.split(b" ")
    if len(parts) != 3:
        return Fault(400, "a request line: method SP request-target SP version", shown(line))
    method, target, version = parts
    kind = METHODS.get(method, -1)
    if kind < 0:
        if not is_token(method):
            return Fault(400, "a method that is a token", shown(method))
        kind = PLAIN
    found = _VERSION.fullmatch(version)
    if found is None:
        return Fault(400, "a version such as HTTP/1.1", shown(version))
    # RFC 9110 §15.6.6; a minor version above ours is to be treated as ours (RFC 9110 §6.2).
    if found[1] != b"1":
        return Fault(505, "HTTP/1.x", shown(version))
    fault = target_fault(kind, target)
    if fault is not None:
        return Fault(400, "a request-target by RFC 9112 §3.2", fault)
    return RequestLine(method, kind, target, version[5:])


def read_status_line(line: bytes) -> StatusLine | Fault:
    """Take a status line apart."""
    version, _, rest = line.partition(b" ")
    found = _VERSION.fullmatch(version)
    if found is None:
        return Fault(502, "a status line: version SP status-code SP [reason-phrase]", shown(line))
    if found[1] != b"1":
        return Fault(502, "HTTP/1.x", shown(version))
    code = rest[:3]
    # RFC 9110 §15: three digits, the first of them not 0.  RFC 9112 §4: a server MUST send the SP
    # behind them even without a reason, and many do not.
    if len(code) != 3 or not code.isdigit() or code[0] == 0x30 or rest[3:4] not in (b" ", b""):
        return Fault(502, "a status code of three digits", shown(rest))
    reason = rest[4:] if len(rest) > 4 else b""  # compiled, no slice starts behind the end
    bad = reason.translate(None, TEXT_BYTES)
    if bad:
        return Fault(502, "a reason phrase of text", f"byte 0x{bad[0]:02x} in it")
    return StatusLine(int(code), reason, version[5:])


def host_fault(section: Section, method: int, target: bytes, minor: int) -> str | None:
    """What is wrong with the Host of a request (RFC 9112 §3.2), or `None`.

    `method` is one of the kinds of `grammar.METHODS`.
    """
    if section.hosts > 1:
        # RFC 9112 §3.2: MUST respond with 400 to more than one, or to an invalid value.
        return "more than one Host, or one that is no host and port"
    if section.hosts == 0 and minor > 0:
        # RFC 9112 §3.2: MUST respond with 400 to a request of HTTP/1.1 that lacks it.
        return "no Host"
    if target[:1] == b"/" or section.hosts == 0:
        return None
    if method == CONNECT:
        # RFC 9112 §3.2.3: in its example Host leaves the port out; it names the same host.
        host = section.host.lower()
        if host not in (target.lower(), target.lower().rpartition(b":")[0]):
            return "a Host that differs from the request-target"
        return None
    authority = authority_of(target)
    if authority is None:
        return None
    # RFC 9112 §3.2.2: the target decides, MUST ignore the received Host.  Whoever goes by Host all
    # the same is misled (RFC 9110 §7.2), so the two have to agree.
    if not same_host(target, authority, section.host):
        return "a Host that differs from the request-target"
    return None


def offers(offered: bytes, chosen: bytes) -> bool:
    """Whether each protocol in `chosen` is among `offered`: two Upgrade values (RFC 9110 §7.8)."""
    protocols = {protocol.strip(b" \t") for protocol in offered.lower().split(b",")}
    return {protocol.strip(b" \t") for protocol in chosen.lower().split(b",")} <= protocols
