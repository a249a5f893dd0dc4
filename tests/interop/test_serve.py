"""Clients of other people's against `hyper serve`: every request succeeds, every byte is right."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.interop.conftest import SIZES, Certificate, Site
from tests.support.programs import program, run

NODE = Path(__file__).with_name("client.mjs")


@pytest.mark.parametrize("name", SIZES)
def test_curl_fetches_every_size_whole(
    name: str, served: str, site: Site, certificate: Certificate
) -> None:
    done = run(
        [
            *(program("curl"), "--http2", "-sS", "--fail", "--cacert", certificate.authority),
            *("-w", "%{stderr}%{http_version} %{http_code}", served + name),
        ]
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b"2 200", "curl negotiated HTTP/2 and got the file"
    assert hashlib.sha256(done.stdout).hexdigest() == site.checksums[name], "no byte is changed"


def test_curl_without_a_trusted_authority_needs_k_and_nothing_else(served: str) -> None:
    done = run([program("curl"), "--http2", "-k", "-sS", "--fail", served])
    assert done.returncode == 0, done.stderr.decode()
    assert b"It works." in done.stdout, "the index page stands for its folder"


def test_curl_speaks_prior_knowledge_in_cleartext(served_cleartext: str, site: Site) -> None:
    url = served_cleartext + "1MB"
    done = run([program("curl"), "--http2-prior-knowledge", "-sS", "--fail", url])
    assert done.returncode == 0, done.stderr.decode()
    assert hashlib.sha256(done.stdout).hexdigest() == site.checksums["1MB"], "no byte is changed"


def test_curl_resumes_a_download_with_a_range(
    served: str, site: Site, certificate: Certificate, tmp_path: Path
) -> None:
    part = tmp_path / "part"
    whole = (site.folder / "1MB").read_bytes()
    part.write_bytes(whole[:400_000])
    done = run(
        [
            *(program("curl"), "--http2", "-sS", "--fail", "--cacert", certificate.authority),
            *("-C", "-", "-o", part, served + "1MB"),
        ]
    )
    assert done.returncode == 0, done.stderr.decode()
    assert part.read_bytes() == whole, "the range that was missing is what came"


def test_nghttp_reads_every_frame_without_complaint(served: str) -> None:
    done = run([program("nghttp"), "-nv", served, served + "1MB"])
    said = done.stdout.decode()
    assert done.returncode == 0, said
    assert said.count(":status: 200") == 2, "both requests are answered on one connection"
    assert "[INVALID" not in said, "nghttp marks a frame that breaks a rule with INVALID"
    assert "error_code=NO_ERROR" in said, "the connection ends with a GOAWAY that blames nobody"


@pytest.mark.parametrize("name", ["index.html", "1B"])
def test_h2load_gets_20000_answers_over_8_connections(name: str, served: str) -> None:
    done = run(
        [program("h2load"), "-n", "20000", "-c", "8", "-m", "32", served + name], seconds=300
    )
    said = done.stdout.decode()
    found = re.search(
        r"requests: 20000 total, 20000 started, 20000 done, (\d+) succeeded, (\d+) failed", said
    )
    assert found is not None, said
    assert found.groups() == ("20000", "0"), "every request succeeds"
    assert "status codes: 20000 2xx" in said, "and with a status that says so"


def test_h2load_in_cleartext_gets_every_answer(served_cleartext: str) -> None:
    url = served_cleartext + "index.html"
    done = run([program("h2load"), "-n", "5000", "-c", "4", "-m", "100", url], seconds=300)
    said = done.stdout.decode()
    assert "5000 succeeded, 0 failed, 0 errored, 0 timeout" in said, said


def test_node_multiplexes_on_one_connection(
    served: str, site: Site, certificate: Certificate
) -> None:
    names = ["index.html", *SIZES]
    done = run([program("node"), NODE, served, certificate.authority, *names])
    assert done.returncode == 0, done.stderr.decode()
    got = json.loads(done.stdout)
    assert [answer["status"] for answer in got] == [200] * len(names), "all at once, all answered"
    for answer in got[1:]:
        assert answer["sha256"] == site.checksums[answer["name"]], "no byte is changed"
