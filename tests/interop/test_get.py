"""`hyper get` against servers of other people's: bodies of every size, checksums right."""

import hashlib
import sys
from pathlib import Path

import pytest

from tests.interop.conftest import SIZES, Certificate, Origin, Site
from tests.support.programs import run

GET = [sys.executable, "-m", "hyper", "get"]


@pytest.fixture(params=["nginx", "nghttpd"])
def origin(request: pytest.FixtureRequest) -> Origin:
    """One server after the other."""
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Origin)
    return server


@pytest.mark.parametrize("name", SIZES)
def test_every_size_arrives_whole_over_tls(
    name: str, origin: Origin, site: Site, certificate: Certificate, tmp_path: Path
) -> None:
    target = tmp_path / "body"
    done = run([*GET, "--cacert", certificate.authority, "-o", target, origin.tls + name])
    assert done.returncode == 0, done.stderr.decode()
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert digest == site.checksums[name], "no byte is changed"


@pytest.mark.parametrize("name", ["0B", "1MB"])
def test_prior_knowledge_in_cleartext(name: str, origin: Origin, site: Site) -> None:
    done = run([*GET, "--http2-prior-knowledge", origin.cleartext + name])
    assert done.returncode == 0, done.stderr.decode()
    assert hashlib.sha256(done.stdout).hexdigest() == site.checksums[name], "no byte is changed"


def test_many_urls_come_in_order_over_one_connection(
    origin: Origin, site: Site, certificate: Certificate
) -> None:
    urls = [origin.tls + name for name in ("1B", "1MB", "0B", "1MB")]
    done = run([*GET, "-v", "--cacert", certificate.authority, *urls])
    assert done.returncode == 0, done.stderr.decode()
    files = [(site.folder / name).read_bytes() for name in ("1B", "1MB", "0B", "1MB")]
    assert done.stdout == b"".join(files), "bodies stand in the order of the URLs"
    heads = [line for line in done.stderr.decode().splitlines() if ":path: /" in line]
    assert len(heads) == 4, "each request's fields are shown"
    prefaces = done.stderr.decode().count("PRI * HTTP/2.0")
    assert prefaces <= 1, "one connection carries all of them"


def test_a_self_made_certificate_is_refused_in_one_line(origin: Origin) -> None:
    done = run([*GET, origin.tls + "1B"])
    assert done.returncode != 0, "nobody vouches for this server"
    said = done.stderr.decode().splitlines()
    assert len(said) == 1, f"one clear line, not {said}"
    assert "certificate" in said[0], "that says what is wrong"


def test_insecure_takes_it_all_the_same(origin: Origin) -> None:
    done = run([*GET, "--insecure", origin.tls + "1B"])
    assert done.returncode == 0, done.stderr.decode()
    assert len(done.stdout) == 1, "the file has one byte"
