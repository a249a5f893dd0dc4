"""TLS for a server on this machine."""

import socket
import sys
import tempfile
import threading
from pathlib import Path

import pytest
from cryptography import x509

from hyper.cli.localhost import is_everywhere, localhost_context
from hyper.io import client_context
from tests.support.programs import run


def test_a_client_that_trusts_it_gets_h2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = localhost_context()
    assert made is not None
    context, pem = made
    assert list(tmp_path.iterdir()) == [], "the key is on no disk any more"
    client = client_context()
    client.load_verify_locations(cadata=pem.decode())
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=lambda: context.wrap_socket(theirs, server_side=True).close())
    with theirs, ours:
        thread.start()
        with client.wrap_socket(ours, server_hostname="localhost") as secured:
            assert secured.selected_alpn_protocol() == "h2"
            assert secured.version() == "TLSv1.3"
        thread.join()


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("server.example", ["localhost", "server.example"]),
        ("localhost", ["localhost"]),
        ("0.0.0.0", ["localhost"]),
        ("", ["localhost"]),
    ],
)
def test_what_is_listened_on_is_a_name_of_it(host: str, names: list[str]) -> None:
    made = localhost_context(host)
    assert made is not None
    found = x509.load_pem_x509_certificate(made[1]).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert found.value.get_values_for_type(x509.DNSName) == names
    addresses = [str(each) for each in found.value.get_values_for_type(x509.IPAddress)]
    assert addresses == ["127.0.0.1", "::1"], "and an address for all is nobody's"


@pytest.mark.parametrize(
    ("host", "everywhere"),
    [("0.0.0.0", True), ("::", True), ("127.0.0.1", False), ("h", False), ("", False)],
)
def test_an_address_for_all_is_nobodys_name(host: str, *, everywhere: bool) -> None:
    assert is_everywhere(host) is everywhere


def test_without_the_extra_there_is_none() -> None:
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from hyper.cli.localhost import localhost_context\n"
        "sys.exit(localhost_context() is not None)"
    )
    assert run([sys.executable, "-c", code]).returncode == 0
