"""Which bytes may stand where in a start line, a Host, a chunk line (RFC 9112 §3, §4, §7.1).

Every check is one pass in C: `bytes.translate` deletes the legal bytes and what is left is the
fault, or one regular expression matches the whole.  Field names and values are `hyper.wire`'s.
"""

import re
from typing import Final

# RFC 9110 §5.6.2.
TCHAR: Final = b"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

# RFC 9112 §3.2: no white space.  VCHAR but for "#", since a fragment is the client's own affair
# (RFC 9110 §7.1).  RFC 3986 allows fewer, but browsers send "|" and "{" as they find them.
TARGET_BYTES: Final = bytes(byte for byte in range(0x21, 0x7F) if byte != 0x23)

# HTAB / SP / VCHAR / obs-text: a reason-phrase (RFC 9112 §4), and a field value (RFC 9110 §5.5).
TEXT_BYTES: Final = bytes([9, *range(0x20, 0x7F), *range(0x80, 0x100)])
# All others.  `translate` takes them away faster than it does the many.
NOT_TEXT: Final = bytes([*range(9), *range(10, 0x20), 0x7F])

HEX_DIGITS: Final = b"0123456789abcdefABCDEF"

# What the framing of a response or the form of a target depends on.
PLAIN: Final = 0
HEAD: Final = 1
CONNECT: Final = 2
OPTIONS: Final = 3

METHODS: Final[dict[bytes, int]] = {
    b"GET": PLAIN,
    b"POST": PLAIN,
    b"PUT": PLAIN,
    b"PATCH": PLAIN,
    b"DELETE": PLAIN,
    b"HEAD": HEAD,
    b"CONNECT": CONNECT,
    b"OPTIONS": OPTIONS,
}
"""The methods that are met with; any other token is a method too, and `PLAIN`."""

# RFC 9110 §7.2, RFC 3986 §3.2.2: uri-host [ ":" port ], without userinfo.
_REG_NAME: Final = rb"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_IP_LITERAL: Final = rb"\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\]"
_HOST: Final = re.compile(rb"(?:" + _IP_LITERAL + rb"|" + _REG_NAME + rb"*)(?::[0-9]*)?")
# RFC 9112 §3.2.3: uri-host ":" port, and RFC 9110 §9.3.6: no default port.
_TUNNEL_END: Final = re.compile(
    rb"(?:" + _IP_LITERAL + rb"|" + _REG_NAME + rb"+):0*([1-9][0-9]{0,4})"
)
_SCHEME: Final = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]*):")


def is_token(text: bytes) -> bool:
    """Whether the text is a token (RFC 9110 §5.6.2), such as a method."""
    return text != b"" and not text.translate(None, TCHAR)


def is_host(value: bytes) -> bool:
    """Whether a value is one of Host (RFC 9110 §7.2), which may be empty (RFC 9112 §3.2)."""
    # What nearly all look like, a name without a port, costs a sixth of the whole grammar.
    return value.replace(b".", b"").isalnum() or _HOST.fullmatch(value) is not None


def is_tunnel_end(target: bytes) -> bool:
    """Whether a target is one of CONNECT: a host and a port (RFC 9112 §3.2.3)."""
    found = _TUNNEL_END.fullmatch(target)
    return found is not None and int(found[1]) <= 0xFFFF


def target_fault(method: int, target: bytes) -> str | None:
    """What is wrong with a request-target (RFC 9112 §3.2), or `None`.

    RFC 9112 §2.2: no bare CR, nor any other byte that could end it.
    `method` is one of the kinds of `METHODS`.
    """
    bad = target.translate(None, TARGET_BYTES)
    if bad:
        return f"byte 0x{bad[0]:02x} in the request-target"
    if method == CONNECT:
        return None if is_tunnel_end(target) else "a CONNECT that names no host and port"
    # RFC 9112 §3.2.1: origin-form, never an empty path.
    if target[:1] == b"/":
        return None
    # RFC 9112 §3.2.4: asterisk-form, for OPTIONS alone.
    if target == b"*":
        return None if method == OPTIONS else "the target * without OPTIONS"
    if target == b"":
        return "an empty request-target"
    if _SCHEME.match(target) is None:
        return "a request-target of no known form"
    # RFC 9112 §3.2.2: absolute-form, which a server MUST accept.
    authority = authority_of(target)
    if authority is None:
        # RFC 9110 §4.2.1: an http URI without a host MUST be rejected.
        if target[:5].lower() in (b"http:", b"https"):
            return "an http URI without a host"
        return None
    # RFC 9110 §4.2.4: userinfo from an untrusted source SHOULD be treated as an error.
    if not is_host(authority) or authority[:1] in (b"", b":"):
        return "a request-target whose authority is no host and port"
    return None


def authority_of(target: bytes) -> bytes | None:
    """The authority of a target in absolute-form, as it stands there; `None` if it has none."""
    found = _SCHEME.match(target)
    if found is None or target[found.end() : found.end() + 2] != b"//":
        return None
    rest = target[found.end() + 2 :]
    for mark in (b"/", b"?"):
        rest = rest.partition(mark)[0]
    return rest


def same_host(target: bytes, authority: bytes, host: bytes) -> bool:
    """Whether the authority of `target` and a Host name the same (RFC 9110 §4.2.3)."""
    if authority == host:
        return True
    port = b""
    scheme = target[: target.index(b":")].lower()
    if scheme == b"http":
        port = b":80"
    elif scheme == b"https":
        port = b":443"
    return _normalized(authority, port) == _normalized(host, port)


def _normalized(authority: bytes, port: bytes) -> bytes:
    # RFC 9110 §4.2.3: hosts are case-insensitive, and the default port goes without saying.
    return authority.lower().removesuffix(port).removesuffix(b":")


def shown(octets: bytes) -> str:
    """Octets of a peer's for a message of ours: short, and in quotes."""
    return repr(octets[:48]).removeprefix("b") + ("..." if len(octets) > 48 else "")


# RFC 9110 §15, and those of the IANA registry that are met with.
REASONS: Final[dict[int, bytes]] = {
    100: b"Continue",
    101: b"Switching Protocols",
    102: b"Processing",
    103: b"Early Hints",
    200: b"OK",
    201: b"Created",
    202: b"Accepted",
    203: b"Non-Authoritative Information",
    204: b"No Content",
    205: b"Reset Content",
    206: b"Partial Content",
    207: b"Multi-Status",
    300: b"Multiple Choices",
    301: b"Moved Permanently",
    302: b"Found",
    303: b"See Other",
    304: b"Not Modified",
    305: b"Use Proxy",
    307: b"Temporary Redirect",
    308: b"Permanent Redirect",
    400: b"Bad Request",
    401: b"Unauthorized",
    402: b"Payment Required",
    403: b"Forbidden",
    404: b"Not Found",
    405: b"Method Not Allowed",
    406: b"Not Acceptable",
    407: b"Proxy Authentication Required",
    408: b"Request Timeout",
    409: b"Conflict",
    410: b"Gone",
    411: b"Length Required",
    412: b"Precondition Failed",
    413: b"Content Too Large",
    414: b"URI Too Long",
    415: b"Unsupported Media Type",
    416: b"Range Not Satisfiable",
    417: b"Expectation Failed",
    421: b"Misdirected Request",
    422: b"Unprocessable Content",
    425: b"Too Early",
    426: b"Upgrade Required",
    428: b"Precondition Required",
    429: b"Too Many Requests",
    431: b"Request Header Fields Too Large",
    451: b"Unavailable For Legal Reasons",
    500: b"Internal Server Error",
    501: b"Not Implemented",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
    504: b"Gateway Timeout",
    505: b"HTTP Version Not Supported",
    507: b"Insufficient Storage",
    511: b"Network Authentication Required",
}
