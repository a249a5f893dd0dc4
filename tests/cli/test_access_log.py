"""The lines of the access log."""

import asyncio
import io
import re

from hyper.cli.access_log import AccessLog

PEER = ("127.0.0.1", 40_000)


def test_a_request_is_a_line() -> None:
    async def scenario() -> str:
        stream = io.StringIO()
        log = AccessLog(stream)
        log.request(PEER, ("GET", "/a\x1bb", "1.1"), (200, 2048), 0.0012)
        log.request(PEER, ("GET", "/c", "1.1"), (200, 5), 0.5, "(cut)")
        assert stream.getvalue() == "", "lines of one turn of the loop are written together"
        # One turn of the loop.
        await asyncio.sleep(0)
        return stream.getvalue()

    first, second = asyncio.run(scenario()).splitlines()
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  127\.0\.0\.1  200  GET /a\\x1bb HTTP/1\.1  2\.0 KiB  1\.20 ms", first
    ), "and cannot move anybody's cursor"
    assert second.endswith("200  GET /c HTTP/1.1  5 B  500 ms  (cut)")


def test_what_waits_can_be_flushed_at_the_end() -> None:
    async def scenario() -> str:
        stream = io.StringIO()
        access = AccessLog(stream)
        access.error("GET /", ValueError("odd\n"))
        access.flush()
        return stream.getvalue()

    assert asyncio.run(scenario()) == "hyper: GET /: ValueError: odd\\n\n"


class Broken(io.StringIO):
    def write(self, text: str, /) -> int:
        del text
        raise BrokenPipeError(32, "Broken pipe")


def test_a_log_that_nobody_reads_stops_and_the_server_goes_on() -> None:
    async def scenario() -> None:
        log = AccessLog(Broken())
        log.request(PEER, ("GET", "/", "1.1"), (200, 0), 0.0)
        log.flush()
        log.request(PEER, ("GET", "/", "1.1"), (200, 0), 0.0)
        log.flush()

    asyncio.run(scenario())


def test_quiet_is_quiet_but_for_our_own_faults() -> None:
    async def scenario() -> None:
        log = AccessLog(None)
        log.request(PEER, ("GET", "/", "1.1"), (200, 0), 0.0)
        log.flush()

    asyncio.run(scenario())
