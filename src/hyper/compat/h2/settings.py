"""The settings of one end of a connection as h2 keeps them (RFC 9113 §6.5).

A value that is set waits until `acknowledge`: the peer may go by the old one until it has
acknowledged the new one (RFC 9113 §6.5.3).
"""

from collections import deque
from collections.abc import Iterator, MutableMapping
from enum import IntEnum
from typing import cast

from hyper.compat.h2.errors import ErrorCodes
from hyper.compat.h2.exceptions import InvalidSettingsValueError


class SettingCodes(IntEnum):
    """The settings that h2 knows (RFC 9113 §6.5.2, RFC 8441 §3)."""

    HEADER_TABLE_SIZE = 0x1
    ENABLE_PUSH = 0x2
    MAX_CONCURRENT_STREAMS = 0x3
    INITIAL_WINDOW_SIZE = 0x4
    MAX_FRAME_SIZE = 0x5
    MAX_HEADER_LIST_SIZE = 0x6
    ENABLE_CONNECT_PROTOCOL = 0x8


_BY_VALUE = {int(code): code for code in SettingCodes}

# "Unlimited" until the peer says otherwise, above every number that it could say.
_NO_STREAM_LIMIT = 2**32 + 1


def _setting_code_from_int(code: int) -> SettingCodes | int:
    """The member for `code`, or `code` itself where h2 has no name for it."""
    return _BY_VALUE.get(code, code)


class ChangedSetting:
    """One setting that changed: which, from what (`None`: not set before), and to what."""

    def __init__(
        self, setting: SettingCodes | int, original_value: int | None, new_value: int
    ) -> None:
        self.setting = setting
        self.original_value = original_value
        self.new_value = new_value

    def __repr__(self) -> str:
        return (
            f"ChangedSetting(setting={self.setting}, original_value={self.original_value}, "
            f"new_value={self.new_value})"
        )


class Settings(MutableMapping[SettingCodes | int, int]):
    """The settings of a client or a server, by code.

    Reading gives the value in force; setting queues a value behind it.  `initial_values` are in
    force at once.  A value out of its range raises `InvalidSettingsValueError`, and codes that are
    not known are kept (RFC 9113 §6.5.2).
    """

    def __init__(
        self, client: bool = True, initial_values: dict[SettingCodes, int] | None = None
    ) -> None:
        self._client = client
        # The first of each queue is in force, and `None` while a new code waits for its value.
        self._settings: dict[SettingCodes | int, deque[int | None]] = {
            SettingCodes.HEADER_TABLE_SIZE: deque([4096]),
            SettingCodes.ENABLE_PUSH: deque([int(client)]),
            SettingCodes.INITIAL_WINDOW_SIZE: deque([65535]),
            SettingCodes.MAX_FRAME_SIZE: deque([16384]),
            SettingCodes.ENABLE_CONNECT_PROTOCOL: deque([0]),
        }
        if initial_values is not None:
            for key, value in initial_values.items():
                _check(key, value)
                self._settings[key] = deque([value])

    def acknowledge(self) -> dict[SettingCodes | int, ChangedSetting]:
        """The peer has acknowledged: put the next value of each setting into force.

        What comes back are the changes; a setting with several values waiting goes on by one.
        """
        changed: dict[SettingCodes | int, ChangedSetting] = {}
        for key, values in self._settings.items():
            if len(values) > 1:
                old = values.popleft()
                changed[key] = ChangedSetting(key, old, cast("int", values[0]))
        return changed

    @property
    def header_table_size(self) -> int:
        """The largest dynamic table of HPACK, in bytes."""
        return self[SettingCodes.HEADER_TABLE_SIZE]

    @header_table_size.setter
    def header_table_size(self, value: int) -> None:
        self[SettingCodes.HEADER_TABLE_SIZE] = value

    @property
    def enable_push(self) -> int:
        """Whether a server may push: 0 or 1."""
        return self[SettingCodes.ENABLE_PUSH]

    @enable_push.setter
    def enable_push(self, value: int) -> None:
        self[SettingCodes.ENABLE_PUSH] = value

    @property
    def initial_window_size(self) -> int:
        """The send window that a new stream of the peer's begins with, in bytes."""
        return self[SettingCodes.INITIAL_WINDOW_SIZE]

    @initial_window_size.setter
    def initial_window_size(self, value: int) -> None:
        self[SettingCodes.INITIAL_WINDOW_SIZE] = value

    @property
    def max_frame_size(self) -> int:
        """The longest payload of a frame that is accepted, in bytes."""
        return self[SettingCodes.MAX_FRAME_SIZE]

    @max_frame_size.setter
    def max_frame_size(self, value: int) -> None:
        self[SettingCodes.MAX_FRAME_SIZE] = value

    @property
    def max_concurrent_streams(self) -> int:
        """How many streams the peer may have open; 2^32+1 stands for no limit."""
        return self.get(SettingCodes.MAX_CONCURRENT_STREAMS, _NO_STREAM_LIMIT)

    @max_concurrent_streams.setter
    def max_concurrent_streams(self, value: int) -> None:
        self[SettingCodes.MAX_CONCURRENT_STREAMS] = value

    @property
    def max_header_list_size(self) -> int | None:
        """The largest field section that is accepted, in bytes; `None` where none was said."""
        return self.get(SettingCodes.MAX_HEADER_LIST_SIZE)

    @max_header_list_size.setter
    def max_header_list_size(self, value: int) -> None:
        self[SettingCodes.MAX_HEADER_LIST_SIZE] = value

    @property
    def enable_connect_protocol(self) -> int:
        """Whether extended CONNECT is understood: 0 or 1 (RFC 8441 §3)."""
        return self[SettingCodes.ENABLE_CONNECT_PROTOCOL]

    @enable_connect_protocol.setter
    def enable_connect_protocol(self, value: int) -> None:
        self[SettingCodes.ENABLE_CONNECT_PROTOCOL] = value

    def __getitem__(self, key: SettingCodes | int) -> int:
        value = self._settings[key][0]
        if value is None:
            raise KeyError
        return value

    def __setitem__(self, key: SettingCodes | int, value: int) -> None:
        _check(key, value)
        self._settings.setdefault(key, deque([None])).append(value)

    def validate_received_setting(self, setting: SettingCodes | int, value: int) -> None:
        """Refuse what the peer of the end whose settings these are may not say.

        A server must not send SETTINGS_ENABLE_PUSH with another value than 0 (RFC 9113 §6.5.2).
        """
        _check(setting, value, client=self._client)

    def __delitem__(self, key: SettingCodes | int) -> None:
        del self._settings[key]

    def __iter__(self) -> Iterator[SettingCodes | int]:
        return iter(self._settings)

    def __len__(self) -> int:
        return len(self._settings)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Settings):
            return self._settings == other._settings
        return NotImplemented

    def __ne__(self, other: object) -> bool:
        if isinstance(other, Settings):
            return self._settings != other._settings
        return NotImplemented


def _check(setting: SettingCodes | int, value: int, *, client: bool | None = None) -> None:
    code = _validate_setting(setting, value, client=client)
    if code:
        raise InvalidSettingsValueError(
            f"Setting {setting} has invalid value {value}", error_code=code
        )


def _validate_setting(
    setting: SettingCodes | int, value: int, *, client: bool | None = None
) -> ErrorCodes:
    """What is wrong with `value`, and NO_ERROR where nothing is.

    `client` is whose settings these are, where that makes a difference.
    """
    # RFC 9113 §6.5.2: each setting has its range, and the code for a value outside of it.
    match setting:
        case SettingCodes.ENABLE_PUSH:
            # RFC 9113 §6.5.2: a client must take any value but 0 from a server as an error.
            wrong = value not in (0, 1) or (client is False and value != 0)
        case SettingCodes.INITIAL_WINDOW_SIZE:
            if not 0 <= value <= 2**31 - 1:
                return ErrorCodes.FLOW_CONTROL_ERROR
            return ErrorCodes.NO_ERROR
        case SettingCodes.MAX_FRAME_SIZE:
            wrong = not 16384 <= value <= 2**24 - 1
        case SettingCodes.MAX_HEADER_LIST_SIZE:
            wrong = value < 0
        case SettingCodes.ENABLE_CONNECT_PROTOCOL:
            wrong = value not in (0, 1)
        case _:
            wrong = False
    return ErrorCodes.PROTOCOL_ERROR if wrong else ErrorCodes.NO_ERROR
