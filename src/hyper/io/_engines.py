"""The engine of one connection, made for the version that is spoken and the timeouts to be kept.

Not here: finding out which version that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from hyper import h1, h2
from hyper.http import Connection, Http1Connection, Version
from hyper.io.timeouts import Timeouts
from hyper.wire import Role

# What `hyper.h2.Limits.stream_window` stands for where it says nothing.
_WINDOWS = {Role.SERVER: 262_144, Role.CLIENT: 1_048_576}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """What an engine is made of, whichever it is going to be."""

    role: Role
    timeouts: Timeouts
    secure: bool = False
    settings: Sequence[tuple[int, int]] = ()
    limits: h2.Limits | None = None
    http1_limits: h1.Limits | None = None

    def make(self, version: Version, now: float) -> Connection:
        """An engine for `version`, of a connection made at `now`."""
        limits = self.limits or h2.Limits()
        if version is Version.HTTP_2:
            kept = _http2(self.timeouts, limits, self.role)
            return h2.Connection(self.role, settings=self.settings, limits=kept)
        return Http1Connection(
            self.role,
            scheme=b"https" if self.secure else b"http",
            limits=_http1(self.timeouts, self.http1_limits),
            window=limits.stream_window or _WINDOWS[self.role],
            send_high_water=limits.send_high_water,
            send_low_water=limits.send_low_water,
            now=now,
        )


def _http2(timeouts: Timeouts, limits: h2.Limits, role: Role) -> h2.Limits:
    """The limits that keep `timeouts`, as far as they are the engine's business."""
    handshake = timeouts.handshake
    keepalive = timeouts.keepalive
    return replace(
        limits,
        preface_timeout=inf if handshake is None else min(limits.preface_timeout, handshake),
        first_settings_timeout=(
            inf if handshake is None else min(limits.first_settings_timeout, handshake)
        ),
        stall_timeout=limits.stall_timeout if role is Role.CLIENT else timeouts.read or inf,
        keepalive_interval=limits.keepalive_interval if keepalive is None else keepalive,
        keepalive_timeout=limits.keepalive_timeout if keepalive is None else keepalive,
    )


def _http1(timeouts: Timeouts, wanted: h1.Limits | None) -> h1.Limits:
    """The same for HTTP/1.1, where the first head is what the handshake is to HTTP/2."""
    limits = h1.Limits(body_timeout=inf, body_grace=inf) if wanted is None else wanted
    handshake = timeouts.handshake
    read = inf if timeouts.read is None else timeouts.read
    return replace(
        limits,
        first_byte_timeout=inf if handshake is None else min(limits.first_byte_timeout, handshake),
        head_timeout=inf if handshake is None else min(limits.head_timeout, handshake),
        # The pump closes what is idle, over either version.
        idle_timeout=inf,
        body_timeout=min(limits.body_timeout, read),
        body_grace=min(limits.body_grace, read),
    )
