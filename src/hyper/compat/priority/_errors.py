"""What a wrong call raises, under the names of priority.  Nothing was changed by it.

Not here: the errors of `hyper.priority`, each of which becomes one of these.
"""

from hyper.wire import HyperError


class PriorityError(HyperError):
    """The root: catch it to catch everything that is raised on purpose."""


class DeadlockError(PriorityError):
    """No stream can send."""


class PriorityLoop(PriorityError):
    """A stream would depend on itself (RFC 7540 §5.3.1)."""


class DuplicateStreamError(PriorityError):
    """The stream is there already."""


class MissingStreamError(KeyError, PriorityError):
    """There is no such stream: it was never inserted, or was removed."""


class TooManyStreamsError(PriorityError):
    """One stream more than `maximum_streams` has room for (CVE-2016-6580)."""


class BadWeightError(PriorityError):
    """The weight is not a number of 1 to 256 (RFC 7540 §5.3.2)."""


class PseudoStreamError(PriorityError):
    """Stream 0 is the root, and no stream."""
