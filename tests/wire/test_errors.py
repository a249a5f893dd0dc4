"""The error tree: one root, and whose fault it is."""

import pytest

from hyper.wire import HyperError, LocalProtocolError, ProtocolError, RemoteProtocolError


@pytest.mark.parametrize("kind", [LocalProtocolError, RemoteProtocolError])
def test_a_broken_rule_is_a_protocol_error_and_a_hyper_error(kind: type[ProtocolError]) -> None:
    with pytest.raises(ProtocolError, match="why"):
        raise kind("why")
    assert issubclass(kind, HyperError), "one `except` catches all the toolkit raises on purpose"


def test_our_fault_and_the_peers_are_told_apart() -> None:
    assert not issubclass(LocalProtocolError, RemoteProtocolError)
    assert not issubclass(RemoteProtocolError, LocalProtocolError)
