"""What the conversations with real programs share: a folder of files, a certificate, servers."""

import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.support.programs import await_port, first_line, free_port, program, started

# Nothing, the smallest something, more than a window of 64 KiB, and more than any window.
SIZES = {"0B": 0, "1B": 1, "1MB": 1_000_000, "100MB": 100_000_000}


@dataclass(frozen=True, slots=True)
class Site:
    """A folder to serve, and the checksum of each file in it."""

    folder: Path
    checksums: dict[str, str]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate for localhost, and the authority that a client must trust for it."""

    cert: Path
    key: Path
    authority: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Files of every size that matters, with content that no shift or repeat leaves the same."""
    folder = tmp_path_factory.mktemp("site")
    checksums: dict[str, str] = {}
    for name, size in SIZES.items():
        digest = hashlib.sha256()
        with (folder / name).open("wb") as file:
            block = 0
            left = size
            while left:
                seed = hashlib.sha256(b"%d" % block).digest()
                piece = (seed * 2_048)[: min(left, 65_521)]
                file.write(piece)
                digest.update(piece)
                left -= len(piece)
                block += 1
        checksums[name] = digest.hexdigest()
    (folder / "index.html").write_text("<!doctype html><title>Hyper</title><p>It works.</p>\n")
    return Site(folder, checksums)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Made for this run by an authority made for this run."""
    folder = tmp_path_factory.mktemp("certificate")
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    made = Certificate(folder / "cert.pem", folder / "key.pem", folder / "authority.pem")
    for blob in issued.cert_chain_pems:
        with made.cert.open("ab") as file:
            file.write(blob.bytes())
    issued.private_key_pem.write_to_path(str(made.key))
    authority.cert_pem.write_to_path(str(made.authority))
    return made


@pytest.fixture(scope="session")
def served(
    site: Site, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """`hyper serve` over TLS: its URL, with the slash."""
    log = tmp_path_factory.mktemp("served") / "log"
    command = [sys.executable, "-m", "hyper", "serve", site.folder, "--port", "0", "--quiet"]
    command += ["--cert", certificate.cert, "--key", certificate.key]
    with started(command, log) as process:
        yield _url(first_line(process, log))


@pytest.fixture(scope="session")
def served_cleartext(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`hyper serve` in cleartext: its URL, with the slash."""
    log = tmp_path_factory.mktemp("cleartext") / "log"
    command = [sys.executable, "-m", "hyper", "serve", site.folder, "--port", "0", "--quiet"]
    with started([*command, "--cleartext"], log) as process:
        yield _url(first_line(process, log))


def _url(line: str) -> str:
    found = re.search(r"https?://[^\s]+/", line)
    assert found is not None, f"a server names its URL in its first line, not {line!r}"
    return found[0]


NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{tls} ssl http2;
        listen 127.0.0.1:{cleartext} http2;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        root {root};
        default_type application/octet-stream;
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """A server of somebody else's, in both forms."""

    tls: str
    cleartext: str


@pytest.fixture(scope="session")
def nginx(
    site: Site, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Origin]:
    """nginx with http2."""
    executable = program("nginx")
    folder = tmp_path_factory.mktemp("nginx")
    tls, cleartext = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(
        NGINX.format(
            folder=folder,
            tls=tls,
            cleartext=cleartext,
            cert=certificate.cert,
            key=certificate.key,
            root=site.folder,
        )
    )
    log = folder / "log"
    command = [executable, "-p", folder, "-c", config, "-e", "stderr"]
    with started(command, log) as process:
        await_port(process, tls, log)
        await_port(process, cleartext, log)
        yield Origin(f"https://localhost:{tls}/", f"http://localhost:{cleartext}/")


@pytest.fixture(scope="session")
def nghttpd(
    site: Site, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Origin]:
    """nghttp2's server, once with TLS and once without."""
    executable = program("nghttpd")
    folder = tmp_path_factory.mktemp("nghttpd")
    tls, cleartext = free_port(), free_port()
    common = [executable, "--address=127.0.0.1", f"--htdocs={site.folder}"]
    secure = [*common, str(tls), certificate.key, certificate.cert]
    plain = [*common, "--no-tls", str(cleartext)]
    with (
        started(secure, folder / "tls.log") as first,
        started(plain, folder / "cleartext.log") as second,
    ):
        await_port(first, tls, folder / "tls.log")
        await_port(second, cleartext, folder / "cleartext.log")
        yield Origin(f"https://localhost:{tls}/", f"http://localhost:{cleartext}/")
