"""Certificates, the worlds, and the proof that nothing leaks."""

import gc
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hyper.http import Version
from tests.support.certificates import Certificates
from tests.support.meeting import Meeting
from tests.support.worlds import WORLDS


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder: Path = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost", "127.0.0.1", "::1")
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    for number, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(str(folder / "chain.pem"), append=number > 0)
    return Certificates(
        str(folder / "authority.pem"), str(folder / "chain.pem"), str(folder / "key.pem")
    )


@pytest.fixture(params=WORLDS)
def client_world(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WORLDS)
def server_world(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["tls", "cleartext"])
def secure(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "tls")


@pytest.fixture
def meeting(
    client_world: str, server_world: str, secure: bool, certificates: Certificates
) -> Iterator[Meeting]:
    held = Meeting(client_world, server_world, certificates if secure else None)
    yield held
    assert held.faults == [], "no handler failed unless the test says so and takes it away"


@pytest.fixture(params=list(Version))
def either(request: pytest.FixtureRequest, meeting: Meeting) -> Meeting:
    """A meeting in each version of HTTP."""
    meeting.version = request.param
    return meeting


@pytest.fixture
def http1(meeting: Meeting) -> Meeting:
    """A meeting in HTTP/1.1."""
    meeting.version = Version.HTTP_1_1
    return meeting


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """No thread and no descriptor outlives a test."""
    gc.collect()
    threads = set(threading.enumerate())
    descriptors = _descriptors()
    yield
    gc.collect()
    for thread in set(threading.enumerate()) - threads:
        thread.join(2.0)
    left = [thread.name for thread in set(threading.enumerate()) - threads]
    assert left == [], "every thread ends with what it was started for"
    assert _descriptors() <= descriptors, "every socket is closed"


def _descriptors() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0
