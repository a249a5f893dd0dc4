"""The end of a connection that must not look like one, as the other end sees it."""

import socket

import pytest

from hyper.io._forsaken import forsake


def connected() -> tuple[socket.socket, socket.socket]:
    """Two ends of a TCP connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname(), timeout=10)
        other, _ = listener.accept()
    return one, other


def test_the_peer_of_a_forsaken_socket_sees_that_something_is_missing() -> None:
    one, other = connected()
    with one:
        forsake(other)
        other.close()
        with pytest.raises(ConnectionResetError):
            one.recv(1)


def test_the_peer_of_any_other_sees_an_end() -> None:
    one, other = connected()
    with one:
        other.close()
        assert one.recv(1) == b"", "a FIN: all was said"


def test_what_is_gone_cannot_be_forsaken_and_that_is_no_error() -> None:
    one, other = connected()
    one.close()
    other.close()
    forsake(other)
    forsake(None)
