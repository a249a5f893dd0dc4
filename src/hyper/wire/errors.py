"""The error tree.  Every exception the toolkit raises on purpose is a `HyperError`.

An engine raises only `LocalProtocolError`, for a wrong call.  What the peer does wrong is news,
not an exception: an engine reports it as an event.  The codecs and the I/O floors, which have no
event to put it in, raise `RemoteProtocolError` or a subclass of it.
"""


class HyperError(Exception):
    """The root: catch it to catch everything the toolkit raises on purpose."""


class ProtocolError(HyperError):
    """A rule of a protocol was broken, by one side or the other."""


class LocalProtocolError(ProtocolError):
    """The caller asked for what the protocol forbids.  Nothing was changed by the call."""


class RemoteProtocolError(ProtocolError):
    """What the peer sent breaks the protocol or a limit of ours."""
