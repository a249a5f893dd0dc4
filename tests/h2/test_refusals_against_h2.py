"""Against python-hyper's h2: what one refuses the other refuses too, or a sentence says why not.

Run against, never read.  The cases are in `tests.support.refusals`.
"""

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
import pytest

from hyper.wire import Role
from tests.support.playbook import GET, Heard
from tests.support.refusals import ACCEPTED, CASES, CONNECTION, STREAM, octets_of, our_verdict

# Where we differ: our verdict, theirs, the sentence that decides it, and the cases.
DIFFERENCES: list[tuple[str, str, str, list[str]]] = [
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §8.1.1: malformed requests or responses MUST be treated as a stream error",
        [
            "SERVER: trailers without an end",
            "SERVER: trailers with :path",
            "SERVER: content too long",
            "SERVER: content too short",
            "SERVER: content-length +1",
            "SERVER: no :path",
            "SERVER: no :method",
            "SERVER: two :method",
            "SERVER: :path empty",
            "SERVER: :status in a request",
            "SERVER: :unknown",
            "SERVER: pseudo behind regular",
            "SERVER: upper case",
            "SERVER: an empty name",
            "SERVER: a space in a name",
            "SERVER: a newline in a value",
            "SERVER: a NUL in a value",
            "SERVER: white space around a value",
            "SERVER: connection: close",
            "SERVER: transfer-encoding",
            "SERVER: te: gzip",
            "SERVER: host that differs",
            "SERVER: host twice",
            "SERVER: neither host nor authority",
            "SERVER: CONNECT with :path",
            "CLIENT: hints that end",
            "CLIENT: no :status",
            "CLIENT: two :status",
            "CLIENT: :path in a response",
            "CLIENT: upgrade in a response",
            "CLIENT: DATA before HEADERS",
            "CLIENT: two responses",
            "CLIENT: content too long",
            "CLIENT: content too short",
            "CLIENT: trailers without an end",
            "CLIENT: trailers with :status",
            "CLIENT: upper case",
            "CLIENT: a newline in a value",
            "CLIENT: connection: close",
        ],
    ),
    (
        STREAM,
        CONNECTION,
        "RFC 9113 §6.9: MUST treat an increment of 0 as a stream error",
        ["SERVER: WINDOW_UPDATE of 0 on a stream"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.1.1: malformed if content-length does not equal the sum of the DATA payloads",
        [
            "SERVER: content-length of a head that ends",
            "CLIENT: content-length of a head that ends",
        ],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §6.4.1: all 204 and 304 responses do not include content",
        ["CLIENT: 204 with content", "CLIENT: 304 with content"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §8.6: MUST either reject it as invalid or replace the duplicated values",
        ["SERVER: content-length twice", "CLIENT: content-length twice"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: the absolute-path production, which begins with a slash",
        ["SERVER: :path without a slash"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: a value of * is for OPTIONS in asterisk form",
        ["SERVER: GET *"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: exactly one valid value for :method and :path; RFC 9110 §9.1: a token",
        ["SERVER: a method with a space", "SERVER: :path with a space"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §6.5.1: MUST NOT generate a trailer field unless its definition permits that",
        ["SERVER: trailers with te"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §10.5.1: a field section may be refused for its size; one field costs one octet",
        ["SERVER: 150 fields"],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.4: RST_STREAM identifying an idle stream MUST be a connection error",
        ["CLIENT: RST_STREAM on idle"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3.1: MUST NOT include the deprecated userinfo subcomponent",
        ["SERVER: user info"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.3: undefined pseudo-header fields MUST be treated as malformed",
        ["SERVER: :protocol, not allowed"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9110 §15: the status code of a response is a three-digit integer code",
        ["CLIENT: :status of 4 digits", "CLIENT: :status of letters", "CLIENT: :status 99"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.6: removes support for the 101 (Switching Protocols) status code",
        ["CLIENT: :status 101"],
    ),
    (
        STREAM,
        ACCEPTED,
        "RFC 9113 §8.2.2: the TE header field MAY be present in an HTTP/2 request",
        ["CLIENT: te in a response"],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §5.1: MAY treat frames on a closed stream as a connection error STREAM_CLOSED",
        [
            "SERVER: DATA after the peer's reset",
            "SERVER: HEADERS after the peer's reset",
            "CLIENT: DATA behind the end",
        ],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §4.2: what exceeds SETTINGS_MAX_FRAME_SIZE is refused by its header alone",
        ["SERVER: a frame too long"],
    ),
    (
        CONNECTION,
        ACCEPTED,
        "RFC 9113 §6.6: PUSH_PROMISE with ENABLE_PUSH acknowledged as 0 is a connection error",
        ["CLIENT: PUSH_PROMISE"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §5.3.2: deprecates the priority signals; the rule was RFC 7540's",
        ["SERVER: PRIORITY on itself", "SERVER: a stream that depends on itself"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §8.3.1: the values of fields need to be normalized to compare them",
        ["SERVER: host in another case"],
    ),
    (
        ACCEPTED,
        CONNECTION,
        "RFC 9113 §6.8: GOAWAY lets activity on streams up to its last id complete",
        ["SERVER: a request after GOAWAY", "CLIENT: GOAWAY"],
    ),
]
BY_CASE = {
    name: (ours, theirs, sentence)
    for ours, theirs, sentence, names in DIFFERENCES
    for name in names
}


def their_verdict(role: Role, octets: bytes) -> str:
    config = h2.config.H2Configuration(client_side=role is Role.CLIENT, header_encoding=None)
    theirs = h2.connection.H2Connection(config)
    theirs.initiate_connection()
    if role is Role.CLIENT:
        theirs.update_settings({h2.settings.SettingCodes.ENABLE_PUSH: 0})
        theirs.send_headers(1, GET, end_stream=True)
        octets += b"\0\0\0\4\1\0\0\0\0"
    try:
        events = theirs.receive_data(octets)
    except h2.exceptions.ProtocolError:
        return CONNECTION
    resets = [
        event
        for event in events
        if isinstance(event, h2.events.StreamReset) and not event.remote_reset
    ]
    return STREAM if resets else ACCEPTED


@pytest.mark.parametrize(
    ("role", "name", "said"), CASES, ids=[f"{role.name}-{name}" for role, name, _ in CASES]
)
def test_both_refuse_the_same_or_a_sentence_says_why(
    role: Role, name: str, said: list[Heard]
) -> None:
    octets = octets_of(role, said)
    verdicts = (our_verdict(role, octets), their_verdict(role, octets))
    key = f"{role.name}: {name}"
    if key in BY_CASE:
        assert verdicts == BY_CASE[key][:2], "a difference that is none any more is taken out"
    else:
        assert verdicts[0] == verdicts[1], (key, *verdicts)


def test_every_difference_is_one_of_the_cases_and_has_its_sentence() -> None:
    names = {f"{role.name}: {name}" for role, name, _ in CASES}
    assert set(BY_CASE) <= names
    for ours, theirs, sentence in BY_CASE.values():
        assert ours != theirs
        assert "RFC" in sentence
