"""The command line, taken apart into options that are complete and make sense together.

Not here: doing any of it.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

from hyper import __version__
from hyper.cli.encodings import SUFFIXES
from hyper.cli.errors import EXIT_CODES, CommandError, Exit
from hyper.cli.request import RequestHead, parse_fields
from hyper.cli.uploads import Upload, parse_upload
from hyper.cli.urls import Target, parse_url
from hyper.coding import DEFAULT_LIMITS, DecodeLimits, available

STDOUT: Final = "-"

_UNITS: Final = {"K": 2**10, "M": 2**20, "G": 2**30}
_MOST_DIGITS: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOptions:
    """What `hyper get` was asked to do.  Times are in seconds, `None` is for ever."""

    targets: Sequence[Target]
    outputs: Sequence[str]
    """Where each body goes, as many as `targets`: a file's path, or `-` for stdout."""
    to_terminal: bool
    """`-o -` was given: bytes that are not text may go to a terminal."""
    head: RequestHead
    upload: Upload | None
    include: bool
    fail: bool
    insecure: bool
    cacert: str | None
    http1_1: bool
    """Whether HTTP/1.1 alone is to be spoken."""
    http2_prior_knowledge: bool
    """Whether servers of http:// URLs are known to speak HTTP/2."""
    verbose: bool
    show_secrets: bool
    silent: bool
    compressed: DecodeLimits | None
    """Whether to ask for content codings and to take them off, within which limits."""
    connect_timeout: float
    read_timeout: float
    max_time: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """What `hyper serve` was asked to do.  `certificate` is None for one made on the spot."""

    folder: Path
    host: str
    port: int
    certificate: tuple[str, str | None] | None
    cleartext: bool
    hidden: bool
    quiet: bool
    grace: float
    """How long open exchanges are waited for at the end, in seconds."""
    codings: tuple[str, ...]
    """The content codings in which files may go out, the best first."""
    compress: bool
    """Whether they are put on while a file is sent, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TourOptions:
    """What `hyper` alone was asked to do."""

    once: bool
    port: int


Options: TypeAlias = GetOptions | ServeOptions | TourOptions


class _Parser(argparse.ArgumentParser):
    """Reports what it does not understand in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(Exit.USAGE, f"{message} (see `{self.prog} --help`)")


def parse_arguments(arguments: Sequence[str]) -> Options:
    """The options, or `CommandError`.  `--help` and `--version` print and raise `SystemExit`."""
    values = _parser().parse_args(arguments)
    command: str | None = values.command
    if command == "get":
        return _get_options(values)
    if command == "serve":
        return _serve_options(values)
    return TourOptions(once=values.once, port=values.port)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hyper",
        description="HTTP/1.1 and HTTP/2 at the command line."
        "  Without a command: a tour that needs no network.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"hyper {__version__}")
    parser.add_argument(
        "--once", action="store_true", help="the tour ends by itself instead of serving on"
    )
    parser.add_argument(
        "--port", type=_port, default=0, help="the tour's port (default: any free one)"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_get(commands)
    _add_serve(commands)
    return parser


def _add_get(commands: "argparse._SubParsersAction[_Parser]") -> None:
    get = commands.add_parser(
        "get",
        help="fetch URLs, many over one connection",
        description="Fetch URLs over HTTP/2 or HTTP/1.1.  Those of one origin share a connection,"
        "\nall at once in HTTP/2; bodies go to stdout in the order of the URLs.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = get.add_argument
    add("urls", nargs="+", metavar="URL", help="https://... or http://...")
    where = get.add_argument_group("where the answer goes")
    where.add_argument(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="FILE",
        help="write the body to FILE; the first -o is for the first URL and so on; - is stdout",
    )
    where.add_argument(
        "--output-dir",
        metavar="DIR",
        help="write each body to DIR, named like the end of its URL",
    )
    where.add_argument(
        "-i", "--include", action="store_true", help="print status and fields before the body"
    )
    where.add_argument(
        "-f", "--fail", action="store_true", help="a status of 400 or more is an error, exit code 8"
    )
    where.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="print what is sent and received, frame by frame (stderr)",
    )
    where.add_argument(
        "--show-secrets",
        action="store_true",
        help="with -v: print credentials and cookies instead of their length",
    )
    where.add_argument(
        "--compressed",
        action="store_true",
        help=f"ask for {', '.join(available())}, and write what is packed as it was before",
    )
    where.add_argument(
        "--max-unpacked",
        type=_size,
        metavar="BYTES",
        help="with --compressed: write so much at most (default: 1 GiB, and from 1 MiB on 200 times"
        " what came); K, M and G may follow",
    )
    where.add_argument("-s", "--silent", action="store_true", help="no progress bar")
    what = get.add_argument_group("what is asked")
    what.add_argument("-X", "--request", metavar="METHOD", help="the method (default: GET)")
    what.add_argument("-I", "--head", action="store_true", help="HEAD: print the head, no body")
    what.add_argument(
        "-H",
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="add a field; 'NAME:' takes a default one away",
    )
    what.add_argument(
        "-d",
        "--data",
        action="append",
        metavar="DATA",
        help="send DATA, @FILE or @- (stdin) as it is, by POST; several are joined by &",
    )
    how = get.add_argument_group("how the server is reached")
    how.add_argument("-k", "--insecure", action="store_true", help="take any certificate")
    how.add_argument("--cacert", metavar="FILE", help="trust the authorities in FILE (PEM) alone")
    version = how.add_mutually_exclusive_group()
    version.add_argument(
        "--http1.1", dest="http1_1", action="store_true", help="speak HTTP/1.1 and nothing else"
    )
    version.add_argument(
        "--http2-prior-knowledge",
        action="store_true",
        help="http:// URLs: HTTP/2 over cleartext, without asking first",
    )
    how.add_argument(
        "--connect-timeout",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help="for connecting, and for the handshakes (default: %(default)g)",
    )
    how.add_argument(
        "--read-timeout",
        type=_seconds,
        default=60.0,
        metavar="SECONDS",
        help="for each wait for the server (default: %(default)g)",
    )
    how.add_argument(
        "-m", "--max-time", type=_seconds, metavar="SECONDS", help="for everything together"
    )


def _add_serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    serve = commands.add_parser(
        "serve",
        help="serve the files of a folder",
        description="Serve the files of a folder over HTTP/2 and HTTP/1.1, until Ctrl-C.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = serve.add_argument
    add("folder", metavar="DIR", type=Path, help="the folder")
    add("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    add("--port", type=_port, default=8443, help="0 is any free one (default: %(default)s)")
    add("--cert", metavar="FILE", help="certificate chain, PEM (default: one for localhost)")
    add("--key", metavar="FILE", help="its key, PEM, unless it is in the same file")
    add("--cleartext", action="store_true", help="no TLS")
    add("--hidden", action="store_true", help="serve names that begin with a dot, too")
    add("--quiet", action="store_true", help="no access log")
    add(
        "--compress",
        choices=("live", "beside", "off"),
        default="live",
        help="content codings: put on text while it is sent, too (live, the default), only those of"
        " files like page.html.br that lie beside page.html, or none",
    )
    add(
        "--grace",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="at the end, wait so long for what is open (default: %(default)g)",
    )


def _get_options(values: argparse.Namespace) -> GetOptions:
    targets = [parse_url(url) for url in values.urls]
    upload = None if values.data is None else parse_upload(values.data)
    if upload is not None and not upload.replayable and len(targets) > 1:
        raise CommandError(Exit.USAGE, "-d @-: stdin can be sent once, to one URL")
    if values.head and upload is not None:
        raise CommandError(Exit.USAGE, "-I and -d: HEAD carries no body")
    if values.max_unpacked is not None and not values.compressed:
        raise CommandError(Exit.USAGE, "--max-unpacked needs --compressed")
    method = values.request or ("HEAD" if values.head else "POST" if upload else "GET")
    return GetOptions(
        targets=targets,
        outputs=_outputs(targets, values.output, values.output_dir),
        to_terminal=STDOUT in values.output,
        head=parse_fields(
            method, values.header, form=upload is not None, compressed=values.compressed
        ),
        upload=upload,
        include=values.include or values.head,
        fail=values.fail,
        insecure=values.insecure,
        cacert=values.cacert,
        http1_1=values.http1_1,
        http2_prior_knowledge=values.http2_prior_knowledge,
        verbose=values.verbose,
        show_secrets=values.show_secrets,
        silent=values.silent,
        compressed=_limits(values.max_unpacked) if values.compressed else None,
        connect_timeout=values.connect_timeout,
        read_timeout=values.read_timeout,
        max_time=values.max_time,
    )


def _limits(most: int | None) -> DecodeLimits:
    if most is None:
        return DEFAULT_LIMITS
    # Who says how much it may become need not be told that it is much for what came.
    return DecodeLimits(total=most, ratio=inf)


def _outputs(targets: Sequence[Target], files: Sequence[str], folder: str | None) -> list[str]:
    if folder is not None:
        if files:
            raise CommandError(Exit.USAGE, "-o and --output-dir exclude each other")
        files = [str(Path(folder, _file_name(target))) for target in targets]
    if len(files) > len(targets):
        raise CommandError(
            Exit.USAGE, f"expected at most one -o for each URL, got {len(files)} for {len(targets)}"
        )
    named = Counter([file for file in files if file not in (STDOUT, "/dev/null")])
    for file, times in named.items():
        if times > 1:
            raise CommandError(Exit.USAGE, f"{file}: two bodies cannot go to one file")
    return [*files, *[STDOUT] * (len(targets) - len(files))]


def _file_name(target: Target) -> str:
    # The name stays percent-encoded: decoded, it could hold a slash and leave the folder.
    if target.name in (".", ".."):
        raise CommandError(Exit.USAGE, f"{target.url}: expected a file name at the end, got dots")
    return target.name or "index.html"


def _serve_options(values: argparse.Namespace) -> ServeOptions:
    if values.key and not values.cert:
        raise CommandError(Exit.USAGE, "--key needs --cert")
    if values.cleartext and values.cert:
        raise CommandError(Exit.USAGE, "--cleartext and --cert exclude each other")
    return ServeOptions(
        folder=values.folder,
        host=values.host,
        port=values.port,
        certificate=(values.cert, values.key) if values.cert else None,
        cleartext=values.cleartext,
        hidden=values.hidden,
        quiet=values.quiet,
        grace=values.grace,
        codings=() if values.compress == "off" else tuple(SUFFIXES),
        compress=values.compress == "live",
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected a port of 0 to 65535, got {text}")
    return int(text)


def _size(text: str) -> int:
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].upper() in _UNITS else (text, "")
    if not (number.isascii() and number.isdecimal()) or len(number) > _MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"expected a number of bytes, got {text}")
    return int(number) * _UNITS.get(unit, 1)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    # Not "seconds <= 0": that is false of nan, which no timer takes.
    if not 0 < seconds < 1e9:
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, got {text}")
    return seconds
