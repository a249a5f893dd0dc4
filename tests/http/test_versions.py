"""Which version is spoken: by ALPN (RFC 7301), or by the client's first bytes (RFC 9113 §3.4)."""

import pytest

from hyper.frame import PREFACE
from hyper.http import ALL_VERSIONS, Version, version_by_alpn, version_by_first_bytes


def test_a_version_is_called_what_alpn_calls_it() -> None:
    assert Version.HTTP_1_1.value == "http/1.1", "RFC 7301 §6"
    assert Version.HTTP_2.value == "h2", "RFC 9113 §3.1"
    assert ALL_VERSIONS == (Version.HTTP_2, Version.HTTP_1_1), "the best is offered first"


def test_alpn_says_what_is_spoken() -> None:
    for version in Version:
        assert version_by_alpn(version.value) is version, "by its name"
    assert version_by_alpn(None) is Version.HTTP_1_1, "without ALPN it is what https ever was"


@pytest.mark.parametrize("chosen", ["h2c", "H2", "http/1.0", "h3", "spdy/3.1", ""])
def test_what_alpn_chose_and_is_not_ours_is_nothing(chosen: str) -> None:
    assert version_by_alpn(chosen) is None, "RFC 9113 §3.1: h2 as two octets, and h2c never in TLS"


def test_the_preface_is_known_when_it_is_whole() -> None:
    for size in range(len(PREFACE)):
        assert version_by_first_bytes(PREFACE[:size]) is None, "it may become either"
    assert version_by_first_bytes(PREFACE) is Version.HTTP_2, "24 bytes decide"
    assert version_by_first_bytes(PREFACE + b"\0" * 9) is Version.HTTP_2, "and the rest says more"


def test_the_first_byte_that_differs_decides() -> None:
    for at in range(len(PREFACE)):
        other = PREFACE[:at] + bytes([PREFACE[at] ^ 1])
        assert version_by_first_bytes(other) is Version.HTTP_1_1, "no need to wait for more"


@pytest.mark.parametrize(
    "line", [b"G", b"GET / HTTP/1.1\r\n", b"PRI * HTTP/1.1\r\n", b"PROPFIND /", b"\r\nGET", b"\x16"]
)
def test_whatever_is_no_preface_is_for_http_1_1_to_judge(line: bytes) -> None:
    assert version_by_first_bytes(line) is Version.HTTP_1_1, "a request, or a fault it answers"
