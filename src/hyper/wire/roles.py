"""Which end of a connection an engine plays (RFC 9110 §3.3)."""

from enum import IntEnum


class Role(IntEnum):
    """One engine serves both ends; the role is a value it is given, not a class of its own."""

    CLIENT = 0
    SERVER = 1
