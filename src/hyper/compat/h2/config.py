"""How a connection of h2 behaves, and where it writes its log.

Not here: what is agreed with the peer; see `hyper.compat.h2.settings`.
"""

import sys
from typing import Final, TextIO

_BOOLEANS: Final = frozenset(
    {
        "client_side",
        "validate_outbound_headers",
        "normalize_outbound_headers",
        "split_outbound_cookies",
        "validate_inbound_headers",
        "normalize_inbound_headers",
    }
)


class DummyLogger:
    """The log of a connection whose user wants none; a subclass may want one."""

    def __init__(self, *vargs: object) -> None:
        pass

    def debug(self, *vargs: object, **kwargs: object) -> None:
        """What happens once a frame: a format and its arguments, as `str % tuple` takes them."""

    def trace(self, *vargs: object, **kwargs: object) -> None:
        """The same in more detail."""


class OutputLogger:
    """A log in lines of text, to standard error unless `file` is given.

    `trace_level` adds the details.
    """

    def __init__(self, file: TextIO | None = None, trace_level: bool = False) -> None:
        self.file = file or sys.stderr
        self.trace_level = trace_level

    def debug(self, fmtstr: str, *args: object) -> None:
        """Write one line."""
        print(f"h2 (debug): {fmtstr % args}", file=self.file)

    def trace(self, fmtstr: str, *args: object) -> None:
        """Write one line, where details are asked for."""
        if self.trace_level:
            print(f"h2 (trace): {fmtstr % args}", file=self.file)


class H2Configuration:
    """The options of an `H2Connection`.  Each may be changed at any time.

    All but `header_encoding` and `logger` are booleans, and anything else raises ValueError.

    - `client_side`: which end of the connection this is.
    - `header_encoding`: the codec for the names and values of fields in events; `None` or `False`
      leave them bytes, and `True` is refused because it names no codec.
    - `validate_outbound_headers`, `validate_inbound_headers`: whether fields that break the rules
      of RFC 9113 §8.2 and §8.3 are refused before they are sent and when they come.
    - `normalize_outbound_headers`: whether names are put into lower case, whitespace around names
      and values and connection-specific fields are dropped, and credentials kept out of HPACK.
    - `split_outbound_cookies`: whether `cookie` goes out in crumbs (RFC 9113 §8.2.3); only where
      outbound fields are normalized.
    - `normalize_inbound_headers`: whether the crumbs of a cookie are joined.
    - `logger`: a `DummyLogger` or `OutputLogger`, or whatever has their two methods.
    """

    # Class attributes that __setattr__ guards, rather than properties: they are read several times
    # a frame and set once a connection.
    client_side: bool = True
    header_encoding: bool | str | None = None
    validate_outbound_headers: bool = True
    normalize_outbound_headers: bool = True
    split_outbound_cookies: bool = False
    validate_inbound_headers: bool = True
    normalize_inbound_headers: bool = True
    logger: DummyLogger | OutputLogger

    def __init__(
        self,
        client_side: bool = True,
        header_encoding: bool | str | None = None,
        validate_outbound_headers: bool = True,
        normalize_outbound_headers: bool = True,
        split_outbound_cookies: bool = False,
        validate_inbound_headers: bool = True,
        normalize_inbound_headers: bool = True,
        logger: DummyLogger | OutputLogger | None = None,
    ) -> None:
        self.client_side = client_side
        self.header_encoding = header_encoding
        self.validate_outbound_headers = validate_outbound_headers
        self.normalize_outbound_headers = normalize_outbound_headers
        self.split_outbound_cookies = split_outbound_cookies
        self.validate_inbound_headers = validate_inbound_headers
        self.normalize_inbound_headers = normalize_inbound_headers
        self.logger = logger or DummyLogger(__name__)

    def __setattr__(self, name: str, value: object) -> None:
        if name in _BOOLEANS:
            if not isinstance(value, bool):
                raise ValueError(f"{name} must be a bool")
        elif name == "header_encoding":
            if not isinstance(value, bool | str | None):
                raise ValueError("header_encoding must be bool, string, or None")
            if value is True:
                raise ValueError("header_encoding cannot be True")
        super().__setattr__(name, value)
