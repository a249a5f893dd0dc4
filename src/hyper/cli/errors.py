"""Exit codes, and what went wrong as one line.

Not here: printing it; that is `output`'s.
"""

from enum import IntEnum

from hyper.coding import CodingError
from hyper.io import (
    ConnectError,
    NoHTTP2Error,
    PeerFaultError,
    TimedOut,
    TLSError,
    TransportError,
)
from hyper.wire import HyperError, LocalProtocolError


class Exit(IntEnum):
    """What a script learns from the command line.  The numbers are documented and stay."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONNECT = 3
    TLS = 4
    PROTOCOL = 5
    TIMEOUT = 6
    CUT_SHORT = 7
    STATUS = 8
    LOCAL = 9
    CONTENT = 10
    INTERRUPTED = 130


EXIT_CODES = """\
exit codes:
  0    everything went well
  1    a scene of the tour failed, or Hyper itself did
  2    the command line or a URL cannot be understood
  3    no connection: unknown name, refused, unreachable
  4    TLS failed: a bad certificate, no common version, an unusable certificate file
  5    the peer speaks no version that was wanted, or breaks its rules
  6    it took too long
  7    the answer was cut short: reset, connection lost, truncated
  8    a status of 400 or more, with --fail
  9    this machine: a file, a full disk, a port in use, a missing extra
  10   content that --compressed cannot unpack: corrupt, unknown, beyond a limit
  130  interrupted by Ctrl-C
"""


class CommandError(HyperError):
    """An error of the command line's own; `str` is the line to print after `hyper: `."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(message)
        self.code = code


def local_error(what: str, error: OSError) -> CommandError:
    """A file or a port of this machine that does not do as it should."""
    return CommandError(Exit.LOCAL, f"{what}: {error.strerror or error}")


def exit_code(error: HyperError) -> Exit:
    """The exit code that tells a script what `error` tells a person."""
    if isinstance(error, CommandError):
        return error.code
    if isinstance(error, NoHTTP2Error | PeerFaultError):
        return Exit.PROTOCOL
    if isinstance(error, CodingError):
        return Exit.CONTENT
    if isinstance(error, TLSError):
        return Exit.TLS
    if isinstance(error, ConnectError):
        return Exit.CONNECT
    if isinstance(error, TimedOut):
        return Exit.TIMEOUT
    if isinstance(error, TransportError):
        return Exit.CUT_SHORT
    if isinstance(error, LocalProtocolError):
        return Exit.USAGE
    return Exit.FAILED
