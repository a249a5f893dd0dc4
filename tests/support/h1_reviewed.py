"""Where we take what another program refuses, or take it otherwise: each line with its reason.

What is not here fails the tests that compare; so does a line here that is not true any more.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Cases in which we differ from these programs, and why that is right."""

    reason: str
    programs: tuple[str, ...]
    cases: tuple[str, ...]


LLHTTP: Final = ("httptools", "node")

REQUESTS: Final = [
    Reviewed(
        "RFC 9110 §9.1: a method is any token, and a server need not know it to frame its request",
        LLHTTP,
        ("a method that nobody knows",),
    ),
    Reviewed(
        "RFC 9110 §9.1: a method is a token, in any letters and with any tchar",
        ("httptools", "node", "nginx"),
        ("a method in lower case", "a method with all of tchar"),
    ),
    Reviewed(
        "RFC 9112 §3.2.4: the asterisk-form is how OPTIONS asks for the server as a whole",
        ("nginx",),
        ("OPTIONS *",),
    ),
    Reviewed(
        "RFC 9112 §3.2: no byte of it ends a request-target; what it means when it is decoded is"
        " theirs to say who decode it",
        ("nginx",),
        ("a percent that encodes nothing", "an encoded NUL"),
    ),
    Reviewed(
        "RFC 9110 §9.3.6: an origin server MAY accept CONNECT; whether it does is not the engine's",
        ("nginx",),
        ("CONNECT", "CONNECT with Host and port"),
    ),
    Reviewed(
        "RFC 9112 §3.2.3: its example of CONNECT has a Host without the port of the target",
        ("haproxy",),
        ("CONNECT",),
    ),
    Reviewed(
        "RFC 9112 §3.2: a client MUST send an empty Host if its target has no authority",
        ("nginx",),
        ("an empty Host",),
    ),
    Reviewed(
        "RFC 9112 §3.2.2: a server MUST accept the absolute-form, that of a URN too",
        ("httptools", "node", "nginx", "haproxy"),
        ("a URN",),
    ),
    Reviewed(
        "RFC 9110 §6.2: a higher minor version SHOULD be processed as the highest that is known",
        LLHTTP,
        ("HTTP/1.2", "HTTP/1.9"),
    ),
    Reviewed(
        "RFC 9112 §2.2: a server SHOULD ignore at least one empty line before a request line",
        ("h11",),
        ("an empty line first", "an empty line between requests"),
    ),
    Reviewed(
        "RFC 9112 §9.3: HTTP/1.0 persists with keep-alive, and what follows is a request",
        ("h11",),
        ("HTTP/1.0 with keep-alive",),
    ),
    Reviewed(
        "RFC 9112 §9.6: neither takes a request behind the last one; they call it a fault, and we"
        " drop it as what crossed our close",
        LLHTTP,
        ("HTTP/1.0 and another request", "Connection: close and another request"),
    ),
    Reviewed(
        "RFC 9112 §5: white space around a value is no part of it, not even around chunked",
        ("httptools", "node", "nginx"),
        ("chunked with white space",),
    ),
]

RESPONSES: Final = [
    Reviewed(
        "RFC 9110 §6.2: a higher minor version SHOULD be processed as the highest that is known",
        ("httptools", "node", "curl"),
        ("HTTP/1.2",),
    ),
    Reviewed(
        "RFC 9112 §9.2: an empty line between responses can be discarded, before the first as well",
        ("h11", "curl"),
        ("an empty line first",),
    ),
    Reviewed(
        "RFC 9112 §6.3, rule 1: a 1xx ends with its head, regardless of the fields in it",
        ("nginx",),
        ("100 with a length", "103 in chunks"),
    ),
    Reviewed(
        "RFC 9112 §6.3: the response is complete; what follows is a fault of its own, and told",
        ("node",),
        ("a length and more", "204 with content"),
    ),
    Reviewed(
        "RFC 9112 §6.3, rule 8: it ends with the connection; httptools cannot hear of that",
        ("httptools",),
        (
            "no framing",
            "no framing and nothing",
            "HTTP/1.0 without framing",
            "Connection: close without framing",
        ),
    ),
]


def reviewed(lines: list[Reviewed], program: str) -> dict[str, str]:
    """The cases in which we differ from one program, with their reasons."""
    return {case: line.reason for line in lines if program in line.programs for case in line.cases}
