"""The certificate that is made on the spot."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hyper.cli.certificate import make_certificate

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_it_is_for_the_names_it_was_made_for() -> None:
    pem, _ = make_certificate(["localhost", "127.0.0.1", "::1"], NOW)
    names = x509.load_pem_x509_certificate(pem).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
    assert names.value.get_values_for_type(x509.IPAddress) == [
        ip_address("127.0.0.1"),
        ip_address("::1"),
    ]


def test_it_holds_now_and_for_as_long_as_browsers_accept() -> None:
    certificate = x509.load_pem_x509_certificate(make_certificate(["localhost"], NOW)[0])
    assert certificate.not_valid_before_utc < NOW, "clocks disagree"
    span = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert timedelta(days=30) < span < timedelta(days=398)


def test_its_key_is_its_own_and_new_each_time() -> None:
    pem, key_pem = make_certificate(["localhost"], NOW)
    key = load_pem_private_key(key_pem, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.curve.name == "secp256r1", "what every client knows"
    assert key.public_key() == x509.load_pem_x509_certificate(pem).public_key()
    assert make_certificate(["localhost"], NOW)[1] != key_pem


def test_it_can_vouch_for_nothing_else() -> None:
    certificate = x509.load_pem_x509_certificate(make_certificate(["localhost"], NOW)[0])
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert not constraints.value.ca, "who trusts it trusts this server alone"
