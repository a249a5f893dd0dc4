"""A folder as resources: from method, path and fields of a request to what the answer is.

Nothing outside the folder is reached: not by dots, not by encoded slashes, not through symbolic
links, not even if somebody exchanges a folder for a link at the same moment.
Not here: sending the answer.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from mimetypes import MimeTypes
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from hyper.cli.conditions import http_date, parse_range, range_applies, verdict
from hyper.cli.encodings import SUFFIXES, VARY, Choice, Encodings
from hyper.cli.errors import CommandError, Exit, local_error
from hyper.cli.listing import Entry, listing
from hyper.cli.packing import Packing
from hyper.wire import Field

SMALL: Final = 65_536
"""Files up to this size, in bytes, are read in one go."""

_INDEX: Final = "index.html"

CONSIDERED: Final = frozenset(
    {
        b"accept-encoding",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"if-range",
        b"if-unmodified-since",
        b"range",
    }
)
"""The fields of a request that have a say in the answer."""

_PHRASES: Final = {
    301: "Moved Permanently: a folder's path ends with a slash",
    400: "Bad Request: the path is not properly encoded",
    404: "Not Found",
    405: "Method Not Allowed: these are files, to GET or HEAD",
    406: "Not Acceptable: every content coding that there is was refused",
    412: "Precondition Failed",
    416: "Range Not Satisfiable",
    500: "Internal Server Error: the file cannot be read, or it changes at this moment",
}

# What Python 3.11 does not know, and browsers insist on.
_MORE_TYPES: Final = {
    ".avif": "image/avif",
    ".md": "text/markdown",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}

_ENCODED_TYPES: Final = {
    "gzip": b"application/gzip",
    "bzip2": b"application/x-bzip2",
    "xz": b"application/x-xz",
}

# No link is followed, and nothing waits for the writer of a pipe.
_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

# RFC 3986 §2.1: pct-encoded = "%" HEXDIG HEXDIG.
_BAD_PERCENT: Final = re.compile("%(?![0-9A-Fa-f]{2})")


@dataclass(slots=True)
class Slice:
    """Bytes `at` to `stop` of an open file whose `size` and `mtime_ns` were announced.

    Whoever takes it closes it.
    """

    descriptor: int
    at: int
    stop: int
    size: int
    mtime_ns: int
    done: int = 0
    """How many bytes have been read."""

    def read(self, count: int) -> bytes:
        """The next bytes, `count` at most; b"" at the end.  `OSError` when the file changed."""
        count = min(count, self.stop - self.at)
        if count == 0:
            return b""
        piece = os.pread(self.descriptor, count, self.at)
        self.at += len(piece)
        self.done += len(piece)
        if not piece or (self.at == self.stop and self._changed()):
            raise OSError("the file changed while it was sent")
        return piece

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self.descriptor)

    def _changed(self) -> bool:
        found = os.fstat(self.descriptor)
        return found.st_size != self.size or found.st_mtime_ns != self.mtime_ns


@dataclass(slots=True)
class Answer:
    """A response: its body is in `body`, or in `slice` when it is long.

    With a `packing` the slice is packed by it on the way; whoever takes that closes it too.
    """

    status: int
    fields: list[Field]
    body: bytes = b""
    slice: Slice | None = None
    packing: Packing | None = None


class Folder:
    """A folder that is served.

    `hidden`: names that begin with a dot are served, too.  `encodings`: the codings in which files
    are sent; without them each is sent as it lies there.
    """

    def __init__(
        self,
        path: Path,
        *,
        hidden: bool = False,
        encodings: Encodings | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if os.open not in os.supports_dir_fd:
            raise CommandError(Exit.LOCAL, "serving files needs openat(), which is not here")
        try:
            self._root = os.path.realpath(path, strict=True)
            self._descriptor = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise local_error(str(path), error) from error
        self._hidden = hidden
        self._encodings = encodings
        self._clock = clock

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._descriptor)

    def answer(self, method: str, path: str, fields: Mapping[bytes, bytes]) -> Answer:
        """What a request gets.  Of its `fields`, those in `CONSIDERED` have a say."""
        if method not in ("GET", "HEAD"):
            return _refusal(405, (b"allow", b"GET, HEAD"))
        raw, _, query = path.partition("?")
        segments = split_path(raw)
        if segments is None:
            return _refusal(400)
        try:
            descriptor = self._open(segments)
        except (OSError, ValueError):
            return _refusal(404)
        kept = False
        try:
            found = os.fstat(descriptor)
            if stat.S_ISDIR(found.st_mode):
                if not raw.endswith("/"):
                    return _redirect(segments, query)
                index = self._index(segments)
                if index is None:
                    return self._list(descriptor, segments)
                os.close(descriptor)
                descriptor = index
                found = os.fstat(descriptor)
                segments = [*segments, _INDEX]
            elif raw.endswith("/"):
                return _refusal(404)
            if not stat.S_ISREG(found.st_mode):
                return _refusal(404)
            choice, descriptor = self._chosen(segments, descriptor, found, method, fields)
            if choice.coding is None:
                return _refusal(406, VARY)
            answer = self._file(descriptor, segments[-1], choice, method, fields)
            kept = answer.slice is not None
            return answer
        except OSError:
            return _refusal(500)
        finally:
            if not kept:
                os.close(descriptor)

    def _admits(self, segments: Sequence[str]) -> bool:
        """Whether these names are for strangers; what lies there is not looked at yet."""
        for segment in segments:
            if segment[0] == ".":
                if segment in (".", ".."):
                    return False
                # RFC 8615: .well-known is there to be found.
                if not self._hidden and segment != ".well-known":
                    return False
            # An encoded slash, or what is one elsewhere: no name has it.
            if "/" in segment or "\\" in segment:
                return False
        return True

    def _open(self, segments: Sequence[str]) -> int:
        """What lies there, opened; `OSError` or `ValueError` when there is nothing to be had."""
        if not self._admits(segments):
            raise FileNotFoundError
        try:
            return self._walk(segments)
        except OSError:
            # A link, perhaps.  It is followed by walking where it leads, if that is inside.
            target = os.path.realpath(Path(self._root, *segments), strict=True)
            inside = Path(target).relative_to(self._root).parts
            if inside == tuple(segments) or not self._admits(inside):
                raise
            return self._walk(inside)

    def _walk(self, segments: Sequence[str]) -> int:
        """Open one name after the other, none of which may be a link."""
        if not segments:
            return os.open(".", _FLAGS, dir_fd=self._descriptor)
        descriptor = self._descriptor
        for segment in segments:
            try:
                inner = os.open(segment, _FLAGS, dir_fd=descriptor)
            finally:
                if descriptor != self._descriptor:
                    os.close(descriptor)
            descriptor = inner
        return descriptor

    def _index(self, segments: Sequence[str]) -> int | None:
        try:
            return self._open([*segments, _INDEX])
        except (OSError, ValueError):
            return None

    def _list(self, descriptor: int, segments: Sequence[str]) -> Answer:
        entries: list[Entry] = []
        with os.scandir(descriptor) as found:
            for each in found:
                if not self._admits([each.name]):
                    continue
                try:
                    status = self._status(each, segments)
                except (OSError, ValueError):
                    continue
                if stat.S_ISDIR(status.st_mode):
                    entries.append(Entry(each.name, None))
                elif stat.S_ISREG(status.st_mode):
                    entries.append(Entry(each.name, status.st_size))
        return _page(200, b"text/html; charset=utf-8", listing(segments, entries))

    def _status(self, entry: "os.DirEntry[str]", segments: Sequence[str]) -> os.stat_result:
        if not entry.is_symlink():
            return entry.stat(follow_symlinks=False)
        # What is listed is what would be served.
        descriptor = self._open([*segments, entry.name])
        try:
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)

    def _chosen(
        self,
        segments: Sequence[str],
        descriptor: int,
        found: os.stat_result,
        method: str,
        fields: Mapping[bytes, bytes],
    ) -> tuple[Choice, int]:
        """The form in which to send a file, and that opened; what was opened before is closed."""
        if self._encodings is None:
            return Choice(), descriptor
        packed = self._packed(segments, found, self._encodings.codings)
        choice = self._encodings.choose(
            content_type(segments[-1]),
            found.st_size,
            list(packed),
            fields.get(b"accept-encoding"),
            ranged=method == "GET" and b"range" in fields,
        )
        if choice.coding in packed:
            packed[choice.coding], descriptor = descriptor, packed[choice.coding]
        for each in packed.values():
            os.close(each)
        return choice, descriptor

    def _packed(
        self, segments: Sequence[str], found: os.stat_result, codings: Sequence[str]
    ) -> dict[str, int]:
        """The codings in which a file lies beside itself, opened."""
        opened: dict[str, int] = {}
        for coding in codings:
            beside = [*segments[:-1], segments[-1] + SUFFIXES[coding]]
            try:
                # Most files have none; this is the least that it takes to find that out.
                os.lstat("/".join([self._root, *beside]))
                descriptor = self._open(beside)
            except (OSError, ValueError):
                continue
            if stands_for(os.fstat(descriptor), found):
                opened[coding] = descriptor
            else:
                os.close(descriptor)
        return opened

    def _file(
        self,
        descriptor: int,
        name: str,
        choice: Choice,
        method: str,
        fields: Mapping[bytes, bytes],
    ) -> Answer:
        found = os.fstat(descriptor)
        size = found.st_size
        modified = found.st_mtime_ns // 1_000_000_000
        tag = entity_tag(found, choice)
        validators = [(b"etag", tag), (b"last-modified", http_date(modified))]
        # RFC 9110 §15.3.7, §15.4.5: a 206 and a 304 have the Vary that a 200 would have.
        vary = [VARY] if choice.varies else []
        start, stop, status = 0, size, 200
        if fields:
            outcome = verdict(method, fields, tag, modified)
            if outcome == 304:
                return Answer(304, [*validators, *vary])
            if outcome == 412:
                return _refusal(412, *vary)
            wanted = fields.get(b"range")
            # RFC 9110 §14.2: a server MUST ignore Range with any other method than GET.
            if (
                wanted is not None
                and not choice.live
                and method == "GET"
                and range_applies(fields.get(b"if-range"), tag, modified, self._clock())
            ):
                part = parse_range(wanted, size)
                if part == "none":
                    return _refusal(416, (b"content-range", b"bytes */%d" % size), *vary)
                if part != "all":
                    start, stop = part
                    status = 206
                    validators.append(
                        (b"content-range", b"bytes %d-%d/%d" % (start, stop - 1, size))
                    )
        head = [(b"content-type", content_type(name))]
        if choice.coding:
            head.append((b"content-encoding", choice.coding.encode("ascii")))
        if not choice.live:
            head += [(b"content-length", b"%d" % (stop - start)), (b"accept-ranges", b"bytes")]
        head += [*validators, *vary]
        if method == "HEAD":
            return Answer(status, head)
        if stop - start > SMALL or choice.live:
            slice_ = Slice(descriptor, start, stop, size, found.st_mtime_ns)
            answer = Answer(status, head, slice=slice_)
            if choice.live and choice.coding and self._encodings is not None:
                answer.packing = self._encodings.begin(choice.coding)
            return answer
        body = os.pread(descriptor, stop - start, start)
        if len(body) != stop - start:
            return _refusal(500)
        return Answer(status, head, body)


def stands_for(packed: os.stat_result, found: os.stat_result) -> bool:
    """Whether a packed file may be sent in the place of the one beside it: it is no older."""
    if not stat.S_ISREG(packed.st_mode) or packed.st_size == 0:
        return False
    if packed.st_mtime_ns >= found.st_mtime_ns:
        return True
    # brotli and tar keep a time to the second: that is how old a file of that second looks.
    second = 1_000_000_000
    return packed.st_mtime_ns == found.st_mtime_ns // second * second


def entity_tag(found: os.stat_result, choice: Choice) -> bytes:
    """The tag of a form of a file.

    RFC 9110 §8.8.3.3: what differs by its coding has a tag of its own.  Weak if it is packed on the
    way: §8.8.1: a strong one would have to change with every byte, and so with every library.
    """
    coding = b"-" + choice.coding.encode("ascii") if choice.coding else b""
    weak = b"W/" if choice.live else b""
    return weak + b'"%x-%x%b"' % (found.st_mtime_ns, found.st_size, coding)


def split_path(raw: str) -> list[str] | None:
    """The names in a path, decoded; `None` for a path that is none.

    `raw` has a character for each octet.  Empty names are left out: `//a` is `/a`.
    """
    if not raw.startswith("/"):
        return None
    if "%" not in raw and raw.isascii():
        return None if "\0" in raw else [segment for segment in raw.split("/") if segment]
    if _BAD_PERCENT.search(raw):
        return None
    names = [os.fsdecode(unquote_to_bytes(part.encode("latin-1"))) for part in raw.split("/")]
    return None if any("\0" in name for name in names) else [name for name in names if name]


@lru_cache(maxsize=1024)
def content_type(name: str) -> bytes:
    """The media type of a file by its name."""
    kind, encoding = _TYPES.guess_type(name)
    if encoding is not None:
        # As it lies there, not undone: a Content-Encoding would make a client unpack it.
        return _ENCODED_TYPES.get(encoding, b"application/octet-stream")
    if kind is None:
        return b"application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return kind.encode("ascii")


def _types() -> MimeTypes:
    # The table of Python alone: the same answer on every machine.
    types = MimeTypes()
    for suffix, kind in _MORE_TYPES.items():
        types.add_type(kind, suffix)
    return types


_TYPES: Final = _types()


def _redirect(segments: Sequence[str], query: str) -> Answer:
    # Built from the names and not from the path: "//host/" would lead to another server.
    location = "".join([f"/{quote(os.fsencode(segment))}" for segment in segments]) + "/"
    if query:
        location += f"?{query}"
    return _refusal(301, (b"location", location.encode("latin-1")))


def _refusal(status: int, *fields: Field) -> Answer:
    return _page(status, b"text/plain; charset=utf-8", f"{_PHRASES[status]}\n".encode(), *fields)


def _page(status: int, kind: bytes, body: bytes, *fields: Field) -> Answer:
    length = (b"content-length", b"%d" % len(body))
    return Answer(status, [(b"content-type", kind), length, *fields], body)
