"""What the peer said, as h2 tells it."""

import pytest

from hyper.compat.h2 import events as told
from hyper.compat.h2._inbound import HANDLERS, inbound_headers
from hyper.compat.h2._link import Link
from hyper.compat.h2._stream_states import StreamState
from hyper.compat.h2.config import H2Configuration
from hyper.compat.h2.exceptions import (
    DenialOfServiceError,
    FlowControlError,
    FrameDataMissingError,
    FrameTooLargeError,
    InvalidSettingsValueError,
    ProtocolError,
    StreamClosedError,
)
from hyper.compat.hpack.struct import HeaderTuple, NeverIndexedHeaderTuple
from hyper.frame import ErrorCode, Scope
from hyper.h2 import (
    AltSvc,
    Data,
    Event,
    InformationalResponse,
    PeerFault,
    PriorityUpdate,
    Request,
    Reset,
    Response,
)
from hyper.wire import Field, SensitiveField


def link(*, client: bool = False, **options: object) -> Link:
    config = H2Configuration(client_side=client)
    for name, value in options.items():
        setattr(config, name, value)
    return Link(config)


def tell(books: Link, *events: Event) -> list[told.Event]:
    heard: list[told.Event] = []
    for event in events:
        HANDLERS[type(event)](books, event, heard)
    return heard


REQUEST = Request(1, [(b":method", b"POST"), (b"a", b"b")])


# -- fields -----------------------------------------------------------------------------------


def test_fields_are_header_tuples_and_marks_are_kept() -> None:
    headers = inbound_headers([(b"a", b"b"), SensitiveField(b"c", b"d")], link())
    assert headers == [(b"a", b"b"), (b"c", b"d")], "equal to plain pairs"
    assert [type(each) for each in headers] == [HeaderTuple, NeverIndexedHeaderTuple], "as hpack's"


def test_crumbs_are_joined_behind_all_else() -> None:
    fields: list[Field] = [
        (b"cookie", b"a=b"),
        (b"x", b"y"),
        SensitiveField(b"cookie", b"c=d"),
    ]
    headers = inbound_headers(fields, link())
    assert headers == [(b"x", b"y"), (b"cookie", b"a=b; c=d")], "RFC 9113 §8.2.3"
    assert type(headers[-1]) is NeverIndexedHeaderTuple, "as h2 marks it"
    books = link(normalize_inbound_headers=False)
    assert inbound_headers(fields, books) == fields, "unless nothing is to be touched"
    assert inbound_headers(fields, books) == fields, "known or not"


def test_text_is_given_to_whoever_asks_for_it() -> None:
    books = link(header_encoding="latin-1")
    headers = inbound_headers([(b"a", b"\xe9"), SensitiveField(b"c", b"d")], books)
    text: list[object] = [("a", "\xe9"), ("c", "d")]
    assert list[object](headers) == text, "names and values"
    assert [type(each) for each in headers] == [HeaderTuple, NeverIndexedHeaderTuple], "the same"


def test_what_is_known_is_bounded_and_is_no_secret() -> None:
    books = link()
    for number in range(1_000):
        inbound_headers([(b"x", b"%d" % number), SensitiveField(b"s", b"%d" % number)], books)
    assert len(books.known_inbound) <= 256, "a peer that invents fields makes us hold no more"
    assert all(name != b"s" for name, _ in books.known_inbound.values()), "RFC 7541 §7.1.3"
    (marked,) = inbound_headers([SensitiveField(b"x", b"999")], books)
    assert type(marked) is NeverIndexedHeaderTuple, "equal to a known one, and marked"


# -- messages ---------------------------------------------------------------------------------


def test_a_request_opens_a_stream_in_the_books() -> None:
    books = link()
    (request,) = tell(books, REQUEST)
    assert isinstance(request, told.RequestReceived), "as h2 names it"
    assert request.headers == REQUEST.fields, "its fields"
    assert books.streams[1].state_machine.state is StreamState.OPEN, "it has not ended"
    assert (books.open_inbound, books.highest_inbound_stream_id) == (1, 1), "it counts"


def test_content_takes_its_share_of_both_windows() -> None:
    books = link()
    _, data = tell(books, REQUEST, Data(1, b"abc", padding=7))
    assert isinstance(data, told.DataReceived), "as h2 names it"
    assert data.flow_controlled_length == 10, "RFC 9113 §6.1: padding counts"
    assert books.window.current_window_size == 65_525, "in all"
    assert books.streams[1].inbound_flow_control_window == 65_525, "and on the stream"


def test_an_interim_response_leaves_the_stream_as_it_is() -> None:
    books = link(client=True)
    stream = books.begin(1)
    books.opened(stream, StreamState.OPEN)
    first, second, _ = tell(
        books,
        InformationalResponse(1, [(b":status", b"103")]),
        Response(1, [(b":status", b"200")], True),
    )
    assert isinstance(first, told.InformationalResponseReceived), "not final"
    assert isinstance(second, told.ResponseReceived), "final"
    assert stream.state_machine.state is StreamState.HALF_CLOSED_REMOTE, "RFC 9113 §8.1"


# -- what is no news --------------------------------------------------------------------------


def test_a_reset_of_what_nobody_has_is_no_news() -> None:
    books = link()
    assert tell(books, Reset(9, 8)) == [], "it was never told of"
    assert len(tell(books, REQUEST, Reset(1, 8), Reset(1, 8))) == 2, "a stream ends once"


def test_an_alternative_service_behind_the_response_is_no_news() -> None:
    books = link(client=True)
    stream = books.begin(1)
    stream.note_request([(b":authority", b"example.org")])
    books.opened(stream, StreamState.OPEN)
    (available,) = tell(books, AltSvc(1, b"", b"clear"))
    assert isinstance(available, told.AlternativeServiceAvailable), "RFC 7838 §4"
    assert available.origin == b"example.org", "that of the request"
    stream.state_machine.headers_received = True
    assert tell(books, AltSvc(1, b"", b"clear"), AltSvc(3, b"", b"clear")) == [], "h2 drops it"


def test_a_priority_update_is_a_frame_that_h2_does_not_know() -> None:
    (unknown,) = tell(link(), PriorityUpdate(5, b"u=1"))
    assert isinstance(unknown, told.UnknownFrameReceived), "RFC 9218 §7.1"
    assert getattr(unknown.frame, "body", b"") == b"\0\0\0\5u=1", "as it was"
    assert getattr(unknown.frame, "type", 0) == 0x10, "of its type"


# -- faults -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "expected", "kind"),
    [
        (ErrorCode.PROTOCOL_ERROR, "an odd stream id", ProtocolError),
        (ErrorCode.COMPRESSION_ERROR, "a field block by RFC 7541", ProtocolError),
        (ErrorCode.FLOW_CONTROL_ERROR, "at most 5 bytes", FlowControlError),
        (ErrorCode.FLOW_CONTROL_ERROR, "a value of X of at most 5", InvalidSettingsValueError),
        (ErrorCode.PROTOCOL_ERROR, "a value of X of 0 or 1", InvalidSettingsValueError),
        (ErrorCode.FRAME_SIZE_ERROR, "a payload of at most 5 bytes", FrameTooLargeError),
        (ErrorCode.FRAME_SIZE_ERROR, "a payload of 4 bytes", FrameDataMissingError),
        (ErrorCode.ENHANCE_YOUR_CALM, "fewer of them", DenialOfServiceError),
        (ErrorCode.STREAM_CLOSED, "a stream that is open", StreamClosedError),
    ],
)
def test_a_fault_of_the_connection_is_the_exception_of_h2(
    code: ErrorCode, expected: str, kind: type[ProtocolError]
) -> None:
    with pytest.raises(ProtocolError) as caught:
        tell(link(), PeerFault(3, code, Scope.CONNECTION, expected, "something else"))
    assert type(caught.value) is kind, "by its code"
    assert int(caught.value.error_code) == int(code), "which is what the peer is told"


def test_a_fault_of_a_stream_is_a_reset_of_ours_where_anybody_knows_it() -> None:
    books = link()
    fault = PeerFault(1, ErrorCode.PROTOCOL_ERROR, Scope.STREAM, "this", "that")
    assert tell(books, fault) == [], "a request that never was"
    reset = tell(books, REQUEST, fault)[-1]
    assert isinstance(reset, told.StreamReset), "as h2 has it"
    assert not reset.remote_reset, "the peer did not say it"
    assert books.streams[1].closed, "it is over"
