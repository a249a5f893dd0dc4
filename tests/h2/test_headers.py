"""What the field section of a message must look like: each rule of RFC 9113 §8.2, §8.3 and §8.5,
and that what the rule allows is let through.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyper.frame import ErrorCode, RstStreamFrame, Scope
from hyper.h2 import Request
from hyper.h2.headers import (
    HEAD_ONLY,
    ORDINARY,
    TUNNEL,
    Known,
    RequestHead,
    ResponseHead,
    oversize,
    read_request,
    read_response,
    trailers_fault,
)
from hyper.wire import Field, Role, SensitiveField
from tests.support.playbook import CONNECT, GET, OK, POST, FieldBlock, Playbook

EXTENDED: list[Field] = [
    (b":method", b"CONNECT"),
    (b":protocol", b"websocket"),
    (b":scheme", b"https"),
    (b":path", b"/chat"),
    (b":authority", b"example.org"),
]


def without(fields: list[Field], *names: bytes) -> list[Field]:
    return [field for field in fields if field[0] not in names]


def with_(fields: list[Field], name: bytes, value: bytes) -> list[Field]:
    """The fields with one of them replaced, in its place."""
    return [(name, value) if field[0] == name else field for field in fields]


def request_fault(fields: list[Field]) -> str:
    """The fault of a request, which is the same when it is met a second time."""
    known = Known()
    first = read_request(fields, known)
    assert isinstance(first, str), "expected a fault, got none"
    assert read_request(fields, known) == first, "a memory of good fields must not hide bad ones"
    return first


def response_fault(fields: list[Field]) -> str:
    known = Known()
    first = read_response(fields, known)
    assert isinstance(first, str), "expected a fault, got none"
    assert read_response(fields, known) == first, "a memory of good fields must not hide bad ones"
    return first


def request(fields: list[Field]) -> RequestHead:
    known = Known()
    first = read_request(fields, known)
    again = read_request(fields, known)
    assert isinstance(first, RequestHead), first
    assert isinstance(again, RequestHead), again
    return again


def response(fields: list[Field]) -> ResponseHead:
    known = Known()
    first = read_response(fields, known)
    again = read_response(fields, known)
    assert isinstance(first, ResponseHead), first
    assert isinstance(again, ResponseHead), again
    return again


PLAIN = with_(GET, b":scheme", b"http")


# -- what is let through ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        GET,
        [*GET, (b"accept", b"*/*"), (b"x-empty", b""), (b"x-tab", b"a\tb"), (b"x-obs", b"caf\xe9")],
        [GET[3], GET[0], GET[2], GET[1], (b"a", b"b")],
        [*GET, (b"te", b"trailers"), (b"te", b"Trailers")],
        [*GET, (b"cookie", b"a=b"), (b"cookie", b"c=d")],
        [*GET, (b"!#$%&'*+-.^_`|~09az", b"every character a name may have")],
        [*without(GET, b":authority"), (b"host", b"example.org:8443")],
        [*GET, (b"host", b"EXAMPLE.org")],
        [*GET, (b"host", b"example.org:443")],
        [*GET, (b"host", b"example.org:")],
        with_(GET, b":authority", b"[::1]:8080"),
        with_(GET, b":authority", b"user%20name.example"),
        with_(GET, b":scheme", b"HTTPS"),
        [*with_(PLAIN, b":authority", b"example.org:80"), (b"host", b"example.org")],
        with_(GET, b":path", b"/a/b?c=d&e=%20"),
        with_(GET, b":path", b"//"),
        with_(GET, b":method", b"M-SEARCH"),
        with_(with_(GET, b":method", b"OPTIONS"), b":path", b"*"),
        [(b":method", b"OPTIONS"), (b":scheme", b"https"), (b":path", b"*")],
        [(b":method", b"GET"), (b":scheme", b"coap"), (b":path", b"x")],
        CONNECT,
        [*CONNECT, (b"host", b"Example.org:443")],
        EXTENDED,
        [*POST, (b"content-length", b"0")],
        [*POST, (b"content-length", b"999999999999999999")],
    ],
)
def test_a_legal_request_passes(fields: list[Field]) -> None:
    request(fields)


@pytest.mark.parametrize(
    "fields",
    [
        OK,
        [(b":status", b"100")],
        [(b":status", b"599"), (b"host", b"means nothing here, and is legal")],
        [*OK, (b"set-cookie", b"a=b"), (b"set-cookie", b"c=d"), (b"content-length", b"5")],
        [(b":status", b"999")],
    ],
)
def test_a_legal_response_passes(fields: list[Field]) -> None:
    response(fields)


def test_what_the_engine_needs_to_know_is_read() -> None:
    head = request([*POST, (b"content-length", b"0042")])
    assert (head.content_length, head.kind) == (42, ORDINARY)
    assert head.protocol is None
    assert request(with_(GET, b":method", b"HEAD")).kind == HEAD_ONLY
    assert request(CONNECT).kind == TUNNEL
    assert request(EXTENDED).protocol == b"websocket"
    assert request(GET).content_length == -1, "not announced is not nothing"
    assert request(with_(GET, b":method", b"head")).kind == ORDINARY, (
        "RFC 9110 §9.1: case-sensitive"
    )
    answer = response([(b":status", b"206"), (b"content-length", b"7")])
    assert (answer.status, answer.content_length) == (206, 7)
    assert response(OK).content_length == -1


# -- requests: control data (RFC 9113 §8.3.1) -------------------------------------------------


@pytest.mark.parametrize("missing", [b":method", b":scheme", b":path"])
def test_a_request_without_one_of_its_control_data_is_malformed(missing: bytes) -> None:
    assert request_fault(without(GET, missing)) == f"a request without {missing.decode()}"


def test_a_request_without_a_host_at_all_is_malformed() -> None:
    bare = without(GET, b":authority")
    assert request_fault(bare) == "a request without :authority or host"
    assert request_fault([*bare, (b"host", b"")]) == "a request without :authority or host"


@pytest.mark.parametrize("name", [b":method", b":scheme", b":authority", b":path"])
def test_control_data_given_twice_is_malformed(name: bytes) -> None:
    again = next(field for field in GET if field[0] == name)
    assert request_fault([*GET, again]) == f"a second {name.decode()}", (
        "RFC 9113 §8.3: the same pseudo-header field name MUST NOT appear more than once"
    )
    assert "second" in request_fault([*EXTENDED, (b":protocol", b"websocket")])


@pytest.mark.parametrize("name", [b":method", b":path", b":scheme", b":authority"])
def test_control_data_behind_a_regular_field_is_malformed(name: bytes) -> None:
    late = [*without(GET, name), (b"a", b"b"), *[field for field in GET if field[0] == name]]
    assert request_fault(late) == f"{name.decode()} after a regular field"


@pytest.mark.parametrize("special", [b"te", b"content-length", b"host"])
def test_a_special_field_is_a_regular_one_too(special: bytes) -> None:
    values = {b"te": b"trailers", b"content-length": b"0", b"host": b"example.org"}
    late = [*GET[:3], (special, values[special]), GET[3]]
    assert request_fault(late) == ":path after a regular field", (
        "RFC 9113 §8.3: before all regular field lines"
    )


@pytest.mark.parametrize("name", [b":", b":foo", b":Method", b":status", b":path "])
def test_undefined_control_data_is_malformed(name: bytes) -> None:
    fault = request_fault([*GET, (name, b"200")])
    assert name.decode() in fault, "RFC 9113 §8.3: only valid in the context they are defined in"


@pytest.mark.parametrize("path", [b"", b"foo", b"*", b"?a=b", b"http://example.org/"])
def test_a_path_of_http_starts_with_a_slash(path: bytes) -> None:
    for scheme in (b"http", b"https", b"HTTPS", b"hTTp"):
        fault = request_fault(with_(with_(GET, b":path", path), b":scheme", scheme))
        assert fault == "a :path that does not start with /", "RFC 9113 §8.3.1"


@pytest.mark.parametrize("byte", [b" ", b"\t", b"\0", b"\r", b"\n", b"\x7f", b"\xe9"])
def test_a_path_has_no_white_space_and_nothing_beyond_ascii(byte: bytes) -> None:
    assert request_fault(with_(GET, b":path", b"/a" + byte + b"b")), (
        "in front of HTTP/1.1 it would split the request line"
    )


@pytest.mark.parametrize("method", [b"", b"GE T", b"GET ", b"G:T", b"G\xe9T", b"GET\n"])
def test_a_method_is_a_token(method: bytes) -> None:
    assert request_fault(with_(GET, b":method", method))


@pytest.mark.parametrize("scheme", [b"", b"ht tp", b"http:", b"h\xe9", b"http/"])
def test_a_scheme_has_the_characters_of_one(scheme: bytes) -> None:
    assert request_fault(with_(GET, b":scheme", scheme)) == "a :scheme that is no scheme"


@pytest.mark.parametrize(
    "authority", [b"", b"user@example.org", b"example.org/x", b"a b", b"a?b", b"a#b", b"a\\b"]
)
def test_an_authority_is_a_host_and_perhaps_a_port(authority: bytes) -> None:
    assert request_fault(with_(GET, b":authority", authority)) == (
        "an :authority that is no host and port"
    ), "RFC 9113 §8.3.1: MUST NOT include userinfo"


@pytest.mark.parametrize("host", [b"user@example.org", b"example.org/x", b"a, b", b"a b"])
def test_a_host_that_stands_in_for_the_authority_must_be_one(host: bytes) -> None:
    fields = [*without(GET, b":authority"), (b"host", host)]
    assert request_fault(fields) == "a host that is no host and port"


@pytest.mark.parametrize(
    "host", [b"example.com", b"example.org:80", b"example.org:8443", b"", b"xexample.org"]
)
def test_a_host_that_differs_from_the_authority_is_malformed(host: bytes) -> None:
    assert request_fault([*GET, (b"host", host)]) == "a host that differs from :authority", (
        "RFC 9113 §8.3.1: SHOULD be treated as malformed"
    )


def test_a_second_host_is_malformed() -> None:
    fields = [*GET, (b"host", b"example.org"), (b"host", b"example.org")]
    assert request_fault(fields) == "a second host", "RFC 9112 §3.2: more than one is a 400"


# -- CONNECT (RFC 9113 §8.5, RFC 8441 §4) -----------------------------------------------------


def test_connect_names_its_target_and_nothing_else() -> None:
    assert request_fault([*CONNECT, (b":path", b"/")]) == "CONNECT with :scheme or :path"
    assert request_fault([*CONNECT, (b":scheme", b"https")]) == "CONNECT with :scheme or :path"
    assert request_fault(CONNECT[:1]) == "CONNECT without :authority"
    assert "differs" in request_fault([*CONNECT, (b"host", b"example.org:80")])


def test_protocol_belongs_to_connect_and_asks_for_everything() -> None:
    assert request_fault([(b":protocol", b"websocket"), *GET]) == (
        ":protocol in a request that is not CONNECT"
    )
    assert request_fault(with_(EXTENDED, b":protocol", b"")) == "a :protocol that is no token"
    assert request_fault(with_(EXTENDED, b":protocol", b"a b")) == "a :protocol that is no token"
    for name in (b":scheme", b":path"):
        assert request_fault(without(EXTENDED, name)) == f"a request without {name.decode()}"


# -- responses (RFC 9113 §8.3.2) --------------------------------------------------------------


@pytest.mark.parametrize("status", [b"", b"20", b"2000", b"2x0", b"+20", b"020", b"\xb2\xb20"])
def test_a_status_is_three_digits(status: bytes) -> None:
    assert response_fault([(b":status", status)]) == "a :status that is not three digits"


def test_a_response_has_one_status_in_front() -> None:
    assert response_fault([]) == "a response without :status"
    assert response_fault([(b"a", b"b")]) == "a response without :status"
    assert response_fault([*OK, *OK]) == "a second :status"
    assert response_fault([(b"a", b"b"), *OK]) == ":status after a regular field"


def test_control_data_of_a_request_in_a_response_is_malformed() -> None:
    for field in [*GET, (b":protocol", b"x")]:
        assert response_fault([*OK, field]) == f"{field[0].decode()} in a response"


def test_switching_protocols_does_not_exist() -> None:
    assert "101" in response_fault([(b":status", b"101")]), "RFC 9113 §8.6"


# -- any section: names and values (RFC 9113 §8.2.1) ------------------------------------------


BAD_NAMES = [b"", b"Accept", b"a b", b"a:b", b"a\0", b"caf\xe9", b"a\x7f", b"a\r\n", b"(a)", b"a,b"]
BAD_VALUES = [b"a\0b", b"a\nb", b"a\rb", b" a", b"a ", b"\ta", b"a\t", b" ", b"\x01", b"a\x7fb"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_bad_name_is_malformed_wherever_it_is(name: bytes) -> None:
    field = (name, b"x")
    assert request_fault([*GET, field])
    assert response_fault([*OK, field])
    assert trailers_fault([field], Known())


@pytest.mark.parametrize("value", BAD_VALUES)
def test_a_bad_value_is_malformed_wherever_it_is(value: bytes) -> None:
    field = (b"x-field", value)
    for fault in (
        request_fault([*GET, field]),
        response_fault([*OK, field]),
        trailers_fault([field], Known()),
    ):
        assert fault


def test_an_error_never_quotes_a_value() -> None:
    secret = b"hunter2\0"
    for fault in (
        request_fault([*GET, (b"authorization", secret)]),
        response_fault([*OK, (b"set-cookie", secret)]),
        trailers_fault([(b"x", secret)], Known()) or "",
    ):
        assert fault
        assert "hunter2" not in fault


@pytest.mark.parametrize(
    "name", [b"connection", b"proxy-connection", b"keep-alive", b"transfer-encoding", b"upgrade"]
)
def test_connection_specific_fields_are_malformed(name: bytes) -> None:
    for fault in (
        request_fault([*GET, (name, b"close")]),
        response_fault([*OK, (name, b"close")]),
        trailers_fault([(name, b"close")], Known()),
    ):
        assert fault == f"the connection-specific field {name.decode()}", "RFC 9113 §8.2.2"


def test_te_is_for_requests_and_says_trailers() -> None:
    for value in (b"gzip", b"trailers, deflate", b"trailers;q=1", b""):
        assert "trailers" in request_fault([*GET, (b"te", value)]), "RFC 9113 §8.2.2"
    assert response_fault([*OK, (b"te", b"trailers")]), "RFC 9113 §8.2.2: in a request"
    assert trailers_fault([(b"te", b"trailers")], Known())


@pytest.mark.parametrize(
    "length", [b"", b"+1", b"-1", b"1_0", b"0x1", b"1,1", b"1 ", b"\xd9\xa1", b"1" * 19, b"1.0"]
)
def test_a_content_length_is_digits_that_fit_64_bits(length: bytes) -> None:
    assert request_fault([*POST, (b"content-length", length)])
    assert response_fault([*OK, (b"content-length", length)])


def test_a_content_length_is_given_once() -> None:
    for first in (b"5", b"0"):
        twice = [(b"content-length", first), (b"content-length", b"5")]
        assert request_fault([*POST, *twice]) == "a second content-length", "RFC 9110 §8.6"
        assert response_fault([*OK, *twice]) == "a second content-length"


# -- trailers (RFC 9113 §8.1) -----------------------------------------------------------------


def test_trailers_have_no_control_data_and_frame_and_route_nothing() -> None:
    for name in (b":status", b":path", b":method", b":foo", b"content-length", b"host"):
        fault = trailers_fault([(b"a", b"b"), (name, b"200")], Known())
        assert fault, "RFC 9113 §8.1, RFC 9110 §6.5.1"
        assert name.decode() in fault
    assert trailers_fault([(b"grpc-status", b"0"), (b"grpc-message", b"")], Known()) is None
    assert trailers_fault([], Known()) is None, "an empty section is a section"


# -- the memory of fields that were found legal -----------------------------------------------


def test_the_memory_is_bounded_in_number_and_in_size() -> None:
    known = Known()
    for number in range(5_000):
        assert isinstance(read_request([*GET, (b"x-%d" % number, b"y")], known), RequestHead)
    assert len(known.meanings) <= 256, "a peer that invents fields fills no memory of ours"
    assert len(known.names) <= 256, "nor does one that invents names"
    for number in range(100):
        long = (b"x" * 8_000 + b"%d" % number, b"y" * 8_000)
        assert isinstance(read_request([*GET, long], known), RequestHead)
    held = sum(len(name) + len(value) for name, value in _fields(known))
    held += sum(len(name) for name in known.names)
    assert held <= 128 * 1024, "nor does one whose fields are long"


def test_a_name_that_is_known_vouches_for_no_value_and_a_value_for_no_name() -> None:
    known = Known()
    assert isinstance(read_request([*GET, (b"x-a", b"b")], known), RequestHead)
    assert read_request([*GET, (b"x-a", b"b\n")], known) == "byte 0x0a in a field value"
    assert read_request([*GET, (b"x-A", b"b")], known) == "byte 0x41 in the field name b'x-A'"
    assert read_request([*GET, (b"x-a", b"b\n")], known) == "byte 0x0a in a field value"


def _fields(known: Known) -> list[Field]:
    return [field for field in known.meanings if isinstance(field, tuple)]


def test_a_secret_is_not_kept_beyond_its_message() -> None:
    known = Known()
    secret = SensitiveField(b"x-token", b"hunter2")
    assert isinstance(read_request([*GET, secret], known), RequestHead)
    assert secret not in known.meanings


def test_a_field_known_from_one_message_is_judged_by_its_place_in_the_next() -> None:
    known = Known()
    assert isinstance(read_request([*GET, (b"a", b"b")], known), RequestHead)
    assert read_request([(b"a", b"b"), *GET], known) == ":method after a regular field"
    assert read_response([*OK, *GET], known) == ":method in a response"
    assert trailers_fault(GET, known) == ":method in trailers"


# -- both directions --------------------------------------------------------------------------


MALFORMED_REQUESTS = [
    without(GET, b":path"),
    [*GET, (b"Accept", b"x")],
    [*GET, (b"connection", b"close")],
    [*GET, (b"x", b"a\r\nb: c")],
    [*GET, (b":status", b"200")],
]


@pytest.mark.parametrize("fields", MALFORMED_REQUESTS)
def test_what_is_malformed_from_the_peer_is_refused_from_the_caller_too(
    fields: list[Field],
) -> None:
    server = Playbook.opened(Role.SERVER)
    server.hear(FieldBlock(1, fields, True))
    server.expect_fault(
        ErrorCode.PROTOCOL_ERROR,
        Scope.STREAM,
        1,
        because="RFC 9113 §8.1.1: MUST be treated as a stream error of type PROTOCOL_ERROR",
    )
    server.expect_frames(RstStreamFrame(1, ErrorCode.PROTOCOL_ERROR), because="RFC 9113 §5.4.2")
    client = Playbook.opened(Role.CLIENT)
    client.expect_refusal(Request(1, fields, True), because="it would only be refused over there")
    client.expect_silence(because="nothing of it was written")
    assert client.engine.next_stream_id() == 1, "and nothing was changed"


@given(st.binary(max_size=12), st.binary(max_size=12))
def test_no_field_that_could_split_a_message_gets_through(name: bytes, value: bytes) -> None:
    head = read_request([*GET, (name, value)], Known())
    if isinstance(head, RequestHead):
        assert not set(name + value) & set(b"\r\n\0"), "in HTTP/1.1 these end a line"
        assert name == name.lower()
        assert b":" not in name
        assert value == value.strip(b" \t")


def test_the_size_of_a_section_is_counted_only_where_it_may_be_too_large() -> None:
    known = Known()
    small: list[Field] = [(b":status", b"200"), (b"x", b"y" * 100)]
    assert isinstance(read_response(small, known), ResponseHead), "well-formed"
    assert oversize(small, known, 42 + 133) == 0, "RFC 9113 §6.5.2: 32 bytes more for each field"
    assert oversize(small, known, 42 + 132) == 175, "one less, and it is too large"
    large: list[Field] = [(b":status", b"200"), (b"x", b"y" * 1_000)]
    assert isinstance(read_response(large, known), ResponseHead), "well-formed"
    assert oversize(large, known, 1_000) == 1_075, "a large field is counted"
    for number in range(400):
        assert isinstance(read_response([small[0], (b"n", b"%d" % number)], known), ResponseHead)
    assert oversize(large, known, 1_000) == 1_075, "also when much was forgotten in between"
