"""The vocabulary every other piece speaks: roles, errors, fields, buffers, budgets.

Not here: anything that knows a protocol version or does I/O.
"""

from hyper.wire.budget import Budget
from hyper.wire.buffer import Buffer, ReceiveBuffer
from hyper.wire.errors import HyperError, LocalProtocolError, ProtocolError, RemoteProtocolError
from hyper.wire.fields import Field, field_name_fault, field_value_fault, field_values_fault
from hyper.wire.roles import Role
from hyper.wire.sensitive import SensitiveField

__all__ = [
    "Budget",
    "Buffer",
    "Field",
    "HyperError",
    "LocalProtocolError",
    "ProtocolError",
    "ReceiveBuffer",
    "RemoteProtocolError",
    "Role",
    "SensitiveField",
    "field_name_fault",
    "field_value_fault",
    "field_values_fault",
]
