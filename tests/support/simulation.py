"""Two engines back to back under random schedules, with a virtual clock: one seed is one run.

    python -m tests.support.simulation 4711          # the story of one run
    python -m tests.support.simulation 20000 30000   # as many runs as one likes

Nothing moves by itself.  Bytes leave an engine, travel and arrive in whatever pieces the schedule
says, events are taken when it says so, and the clock stands until it is moved.  The applications,
in `tests.support.talk`, say whatever the protocol allows in any order.  What must hold of every run
is asserted as it goes; what must hold whenever both sides are quiet is in `tests.support.quiet`.
"""

import contextlib
import random
import sys
import time
from typing import Final

from hyper.frame import ErrorCode, SettingId
from hyper.h2 import (
    ConnectionState,
    Data,
    EndOfInput,
    GoAway,
    Ping,
    Request,
    Reset,
    Response,
    Sendable,
    Settings,
    Trailers,
)
from hyper.wire import LocalProtocolError
from tests.support.inside import look
from tests.support.quiet import check_quiet, check_tables
from tests.support.talk import Host, Stream, Talk

# One frame of content and the trailers behind it, with their padding: the most that is cut beyond
# what was asked for.
_CUT: Final = 16_384 + 9 + 100 + 2 * 256
# More than the largest head that a request of ours has.
_HEAD: Final = 30_000
_ALL: Final = 10**9


class World:
    """One run."""

    def __init__(self, seed: int, story: list[str] | None = None) -> None:
        chance = random.Random(seed).random
        self.chance: Final = chance
        self.now = 0.0 if chance() < 0.5 else 1e9
        self.requests = 1 + self._int(12)
        self.talk: Final = Talk(chance, self.now, story)
        self.client: Final = self.talk.client
        self.server: Final = self.talk.server

    def _int(self, count: int) -> int:
        return int(self.chance() * count)

    # -- the run -----------------------------------------------------------------------------

    def run(self) -> None:
        """Some steps of anything, and then one of the ways in which a connection ends."""
        if self.chance() < 0.1:
            self.talk.upgrade()
        for _ in range(60 + self._int(140)):
            self._step(self.client if self.chance() < 0.5 else self.server)
        luck = self.chance()
        if luck < 0.10:
            self._cut_wire()
        elif luck < 0.15:
            self._leave_in_anger(self.client if self.chance() < 0.5 else self.server)
        elif luck < 0.22:
            self._close_one_end()
        else:
            self._finish()

    def _step(self, host: Host) -> None:
        luck = self.chance()
        if luck < 0.24:
            self._transmit(host)
        elif luck < 0.48:
            self._deliver(host)
        elif luck < 0.57:
            self._open()
        elif luck < 0.77:
            saying = list(host.saying)
            if saying:
                self.talk.say(host, saying[self._int(len(saying))])
        elif luck < 0.87:
            self._consume(host)
        elif luck < 0.95:
            self.talk.caprice(host)
        elif luck < 0.97:
            self._wrong_call(host)
        elif luck < 0.985:
            self._pass_time()
        else:
            self.settle()

    def _open(self) -> None:
        if self.requests and self.client.engine.can_open:
            self.requests -= 1
            self.talk.open()

    def _consume(self, host: Host) -> None:
        if host.held:
            ids = list(host.held)
            stream_id = ids[self._int(len(ids))]
            held = host.held[stream_id]
            count = held if self.chance() < 0.5 else self._int(held + 1)
            self.talk.consume(host, stream_id, count)

    # -- the wires ---------------------------------------------------------------------------

    def _transmit(self, host: Host) -> None:
        luck = self.chance()
        self.transmit(host, None if luck < 0.4 else (1, 9, 50, 500, 5_000, 20_000)[self._int(6)])

    def transmit(self, host: Host, limit: int | None) -> int:
        """Let some bytes leave; how many."""
        engine, state = host.engine, host.state
        wanted = engine.wants_to_send
        late = engine.state is ConnectionState.INPUT_ENDED
        before = state.out_size
        heads = _HEAD * len(state.waiting or ())
        octets = engine.data_to_send(limit)
        if not wanted:
            assert octets == b"", "who does not want to send has nothing to send"
        if limit is None:
            # To a peer that says nothing more, what has no window is cut off as soon as that shows.
            assert late or state.out_size == 0, "all that could be said is said"
        else:
            assert len(octets) <= limit, "not a byte above the limit"
            assert state.out_size + len(octets) <= max(before, limit) + _CUT + heads, (
                "no more is cut than was asked for"
            )
        if octets:
            self.talk.note(host, "sends", len(octets))
            self.talk.other(host).inbox += octets
        return len(octets)

    def _deliver(self, host: Host) -> None:
        luck = self.chance()
        self.deliver(host, _ALL if luck < 0.4 else (1, 8, 30, 300, 5_000, 17_000)[self._int(6)])
        events = _ALL if self.chance() < 0.6 else self._int(4)
        while events > 0 and self.talk.take(host):
            events -= 1

    def deliver(self, host: Host, count: int) -> bool:
        """Let some bytes arrive; whether there were any."""
        if not host.inbox:
            return False
        octets = bytes(host.inbox[:count])
        del host.inbox[:count]
        host.engine.receive_data(octets, self.now)
        return True

    def settle(self) -> None:
        """Everything on the wires arrives, and every event is taken; nobody does more than hear."""
        client, server = self.client, self.server
        busy = True
        while busy:
            busy = False
            for host in (client, server):
                while self.talk.take(host):
                    busy = True
                if self.transmit(host, None):
                    busy = True
            for host in (client, server):
                if self.deliver(host, _ALL):
                    busy = True
        check_quiet(client.state, server.state, client.held, server.held)

    def _pass_time(self) -> None:
        if self.chance() < 0.3:
            # A long time: then everything has arrived before, and nobody holds up the connection.
            for host in (self.client, self.server):
                for stream_id, count in list(host.held.items()):
                    self.talk.consume(host, stream_id, count)
            self.settle()
            self.now += 1_000.0
        else:
            self.now += self.chance() * 0.02
        for host in (self.client, self.server):
            due = host.engine.next_timer()
            if due is not None and due <= self.now:
                host.engine.handle_timer(self.now)
                # A stream may be cut off by then: its application is told before it goes on.
                while self.talk.take(host):
                    pass

    # -- wrong calls -------------------------------------------------------------------------

    def _wrong_call(self, host: Host) -> None:
        event = self._something_wrong(host)
        before = look(host.state)
        try:
            host.engine.send(event)
        except LocalProtocolError:
            assert look(host.state) == before, f"nothing is changed by {event}"
        else:
            raise AssertionError(f"nobody refused {event}")
        for stream_id, held in host.held.items():
            try:
                host.engine.consume(stream_id, held + 1)
            except LocalProtocolError:
                assert look(host.state) == before, "nothing is changed by consuming too much"
            else:
                raise AssertionError("more was consumed than is held")
            break

    def _something_wrong(self, host: Host) -> Sendable:
        wrong: list[Sendable] = [
            Request(0, []),
            Ping(b"short"),
            Settings([(SettingId.MAX_FRAME_SIZE, 1)]),
            GoAway(2**31),
            Data(999_999, b"idle"),
            Reset(999_999),
            Trailers(999_998, []),
        ]
        for stream_id, stream in self.talk.streams.items():
            message = stream.request if host is self.client else stream.response
            if self.talk.over(host, stream_id) or message is None or message.said_end:
                wrong.append(Data(stream_id, b"behind the end"))
                wrong.append(Trailers(stream_id, [(b"a", b"b")]))
            elif host is self.client:
                wrong.append(Request(stream_id, stream.request.head))
                wrong.append(Trailers(stream_id, [(b":path", b"/")]))
            else:
                wrong.append(Response(stream_id, [(b":status", b"20")]))
        return wrong[self._int(len(wrong))]

    # -- ends --------------------------------------------------------------------------------

    def _finish(self) -> None:
        """All that was begun is brought to its end, and nothing is left over."""
        client, server = self.client, self.server
        for host in (client, server):
            self.talk.declare(host, SettingId.INITIAL_WINDOW_SIZE, 1_000_000)
            self.talk.declare(host, SettingId.MAX_CONCURRENT_STREAMS, 50)
        rounds = 0
        while self._wind_up():
            rounds += 1
            assert rounds < 400, "the two sides come to rest"
        for stream_id, stream in self.talk.streams.items():
            self._check_stream(stream_id, stream)
        for host in (client, server):
            self._check_nothing_left(host)
        check_tables(client.state, server.state)
        check_tables(server.state, client.state)
        for host in (client, server):
            host.engine.receive_data(b"", self.now)
            assert host.engine.next_event() == EndOfInput(clean=True), "and they part as friends"
            assert host.engine.next_event() is None
            assert host.engine.closed

    def _wind_up(self) -> bool:
        """Everybody does what is left to do; whether there was anything."""
        client, server = self.client, self.server
        busy = False
        while self.requests and client.engine.can_open:
            busy = True
            self._open()
        for host in (client, server):
            for stream_id in list(host.saying):
                # Who waits for Writable in vain never comes to rest.
                while stream_id in host.saying and self.talk.say(host, stream_id):
                    busy = True
            for stream_id, count in list(host.held.items()):
                self.talk.consume(host, stream_id, count)
        self.settle()
        return bool(busy or client.saying or server.saying or client.held or server.held)

    def _check_stream(self, stream_id: int, stream: Stream) -> None:
        response = stream.response
        if not stream.client_saw:
            done = stream.server_over or (response is not None and response.said_end)
            assert done, "a promise that was not told was declined"
            return
        if not stream.client_over and not stream.server_over:
            assert response is not None, f"stream {stream_id}: the server was asked"
            assert stream.request.whole, f"stream {stream_id}: the request arrived whole"
            assert response.whole, f"stream {stream_id}: the response arrived whole"
            return
        assert stream.client_over or (response is not None and response.heard_end), (
            f"stream {stream_id}: the client has its answer, or was told of the end"
        )
        assert not stream.server_saw or stream.server_over or stream.request.heard_end, (
            f"stream {stream_id}: the server has the whole request, or was told of the end"
        )

    def _check_nothing_left(self, host: Host) -> None:
        engine, state = host.engine, host.state
        assert engine.open_streams == 0, "no stream is left"
        left = (state.lingering, state.waiting, len(state.turns), state.events, state.out)
        assert not any(left), f"nothing is left of what is over: {left}"
        assert (state.open_local, state.open_remote) == (0, 0)
        # A window that was shut once is looked at once more.
        engine.handle_timer(self.now + 100.0)
        assert engine.next_timer() is None, "nothing is waited for"
        assert engine.next_event() is None, "nor came too late"
        assert not engine.wants_to_send
        assert not host.pings, "every PING is answered"
        assert not self.talk.other(host).goaways, "every GOAWAY was heard"
        assert not state.local_pending, "every SETTINGS is acknowledged"
        window = state.inbound
        assert window.available + window.owed == window.size, "all content is credited"
        assert len(state.resets) <= state.limits.remembered_resets

    def _cut_wire(self) -> None:
        """The connection breaks: each side hears the end, with whatever came before."""
        for host in (self.client, self.server):
            self.transmit(host, None)
        for host in (self.client, self.server):
            self.deliver(host, self._int(len(host.inbox) + 1))
            self._hear_the_end(host)

    def _close_one_end(self) -> None:
        """The client says no more, and hears the answers to what it asked in full."""
        client, server = self.client, self.server
        self.settle()
        server.engine.receive_data(b"", self.now)
        while self.talk.take(server):
            pass
        assert server.ended, "the end is told"
        busy = True
        while busy:
            busy = False
            for stream_id in list(server.saying):
                while stream_id in server.saying and self.talk.say(server, stream_id):
                    busy = True
            if self.transmit(server, None):
                busy = True
            while self.talk.take(server):
                busy = True
        # A pushed response may be in line for a slot that nobody can give any more.
        server.engine.handle_timer(self.now + 1.0 + server.state.limits.half_closed_timeout)
        while self.talk.take(server):
            pass
        self.transmit(server, None)
        self._check_over(server)
        self.deliver(client, _ALL)
        self._hear_the_end(client)
        for stream_id, stream in self.talk.streams.items():
            seen = stream.server_saw and stream.client_saw
            if seen and not stream.server_over and not stream.client_over:
                assert stream.request.whole, f"stream {stream_id}: asked in full"
                assert stream.response is not None
                assert stream.response.whole, f"stream {stream_id}: answered in full"

    def _leave_in_anger(self, host: Host) -> None:
        """One application ends the connection at once."""
        other = self.talk.other(host)
        if host.engine.state is not ConnectionState.CLOSED:
            last = min(host.state.accepted, host.state.goaway_last_id)
            self.talk.go_away(host, GoAway(last, ErrorCode.INTERNAL_ERROR, b"angry"))
        self._check_over(host)
        self.transmit(host, None)
        assert not host.engine.wants_to_send
        self.deliver(other, _ALL)
        self._hear_the_end(other)

    def _hear_the_end(self, host: Host) -> None:
        host.engine.receive_data(b"", self.now)
        while self.talk.take(host):
            pass
        assert host.ended, "the end is told"
        # The answers that a server still owes will not be read here.
        for stream_id in list(host.state.streams):
            host.engine.send(Reset(stream_id))
        self._check_over(host)

    def _check_over(self, host: Host) -> None:
        engine = host.engine
        assert engine.closed
        assert engine.open_streams == 0, "no stream outlives its connection"
        assert not host.state.lingering
        assert engine.next_timer() is None
        assert engine.next_event() is None


def run(seed: int, world: type[World] = World) -> None:
    """One run.  What does not hold raises, with the seed and the end of the story."""
    try:
        world(seed).run()
    except Exception as error:
        story: list[str] = []
        with contextlib.suppress(Exception):  # it is the one above, told once more
            world(seed, story).run()
        lines = "\n".join(story[-40:])
        raise AssertionError(
            f"seed {seed}: {type(error).__name__}: {error}\n"
            f"{lines}\nthe whole story: python -m tests.support.simulation {seed}"
        ) from error


def main(arguments: list[str]) -> None:
    """Tell one run, or make many."""
    first = int(arguments[0])
    if len(arguments) == 1:
        story: list[str] = []
        try:
            World(first, story).run()
        finally:
            sys.stdout.write("\n".join(story) + "\n")
        return
    last = int(arguments[1])
    started = time.process_time()
    for seed in range(first, last):
        run(seed)
    rate = (last - first) / (time.process_time() - started)
    sys.stdout.write(f"{last - first} runs hold, {rate:.0f} a second\n")


if __name__ == "__main__":
    main(sys.argv[1:])
