"""The command line as a function, a folder to serve, certificates, and servers to talk to."""

import ssl
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import TypeAlias

import pytest
import trustme

from hyper.cli import main
from hyper.io import server_context
from tests.support.programs import first_line, run, started


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def error_line(self) -> str:
        """The one line that stderr must be."""
        lines = self.err.splitlines()
        assert len(lines) == 1, f"what goes wrong is one line, not {lines}"
        assert lines[0].startswith("hyper: "), "that says who is speaking"
        return lines[0].removeprefix("hyper: ")


Hyper: TypeAlias = Callable[..., Outcome]


@pytest.fixture
def hyper(capfdbinary: pytest.CaptureFixture[bytes]) -> Hyper:
    """`hyper ARGUMENTS...` in this process."""

    def call(*arguments: object) -> Outcome:
        capfdbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Outcome(code, out, err.decode())

    return call


def hyper_process(*arguments: object, stdin: bytes = b"") -> Outcome:
    """`hyper ARGUMENTS...` in a process of its own, as a script runs it."""
    done = run([sys.executable, "-m", "hyper", *arguments], seconds=60, stdin=stdin)
    return Outcome(done.returncode, done.stdout, done.stderr.decode())


def without(packages: Sequence[str], *arguments: object) -> list[object]:
    """The command for `hyper ARGUMENTS...` on a machine where `packages` are not installed."""
    hidden = "".join(f"sys.modules[{name!r}] = None; " for name in packages)
    code = f"import sys; {hidden}from hyper.cli import main; sys.exit(main())"
    return [sys.executable, "-c", code, *arguments]


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files of an authority and of what it signed for this machine."""

    authority: Path
    chain: Path
    key: Path

    def server(self) -> ssl.SSLContext:
        """A server's context that offers h2."""
        return server_context(str(self.chain), str(self.key))

    def server_of(self, *protocols: str) -> ssl.SSLContext:
        """A server's context that offers something else, or nothing."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Made for this run."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    leaf = authority.issue_cert("localhost", "127.0.0.1")
    made = Certificates(folder / "authority.pem", folder / "chain.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(made.authority))
    leaf.private_key_pem.write_to_path(str(made.key))
    for number, blob in enumerate(leaf.cert_chain_pems):
        blob.write_to_path(str(made.chain), append=number > 0)
    return made


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """A folder to serve, beside a file that must not be."""
    (tmp_path / "secret.txt").write_text("not for you\n")
    folder = tmp_path / "www"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("first\n")
    (folder / "b.txt").write_text("second\n")
    (folder / "large.bin").write_bytes(bytes(range(256)) * 1_000)
    (folder / ".hidden").write_text("not shown\n")
    return folder


@dataclass(frozen=True, slots=True)
class Serving:
    """A running `hyper serve`."""

    url: str
    process: Popen[bytes]
    log: Path


@pytest.fixture
def serving(www: Path, tmp_path: Path) -> Iterator[Serving]:
    """`hyper serve --cleartext` of the folder."""
    log = tmp_path / "log"
    command = [sys.executable, "-m", "hyper", "serve", www, "--port", "0", "--cleartext"]
    with started(command, log) as process:
        yield Serving(first_line(process, log).split()[-1], process, log)
