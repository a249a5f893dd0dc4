"""Contexts for TLS as HTTP/2 wants it (RFC 9113 §9.2)."""

import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from hyper.io import TLSError, client_context, server_context
from tests.support.certificates import Certificates


def test_contexts_keep_to_the_rules_of_http2(certificates: Certificates) -> None:
    for context in (certificates.client(), certificates.server()):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2, "RFC 9113 §9.2"
        assert context.options & ssl.OP_NO_COMPRESSION, "RFC 9113 §9.2.1"
        assert context.options & ssl.OP_NO_RENEGOTIATION, "RFC 9113 §9.2.1"
        for cipher in context.get_ciphers():
            assert cipher["aead"], "RFC 9113 §9.2.2: none of appendix A, which are not AEAD..."
            assert cipher["protocol"] == "TLSv1.3" or "DHE" in cipher["name"], "...or not ephemeral"


def test_a_client_checks_certificates_unless_told_otherwise(certificates: Certificates) -> None:
    for strict in (client_context(), client_context(certificates.authority)):
        assert strict.verify_mode is ssl.CERT_REQUIRED, "by default"
        assert strict.check_hostname, "and names"
    loose = client_context(insecure=True)
    assert loose.verify_mode is ssl.CERT_NONE, "on request"
    assert not loose.check_hostname, "all of it"


def test_files_that_are_not_there_are_named(tmp_path: Path, certificates: Certificates) -> None:
    absent = str(tmp_path / "absent.pem")
    with pytest.raises(TLSError, match=r"absent\.pem: No such file"):
        client_context(absent)
    with pytest.raises(TLSError, match=r"absent\.pem: No such file"):
        server_context(absent)
    with pytest.raises(TLSError, match="expected a certificate and its key"):
        server_context(certificates.chain, absent)


def test_files_that_hold_something_else_are_named(
    tmp_path: Path, certificates: Certificates
) -> None:
    other = tmp_path / "other.pem"
    other.write_text("not a certificate")
    for make in (client_context, server_context):
        with pytest.raises(TLSError, match=r"other\.pem") as caught:
            make(str(other))
        assert "_ssl.c" not in str(caught.value), "nothing of OpenSSL's insides"
    with pytest.raises(TLSError, match="expected a certificate and its key"):
        server_context(certificates.chain, certificates.authority)


def test_an_encrypted_key_is_refused_without_asking(
    tmp_path: Path, certificates: Certificates
) -> None:
    # OpenSSL would ask for the password at the terminal, and a server would hang at its start.
    key = serialization.load_pem_private_key(Path(certificates.key).read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(TLSError, match="encrypted"):
        server_context(certificates.chain, str(locked))
