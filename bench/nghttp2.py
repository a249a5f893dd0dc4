"""nghttp2's HPACK as a peer: a driver in C that does all blocks in one call.

Called field by field through ctypes, most of the time would be that of ctypes.  The driver is
compiled on the spot; without a compiler or the library there is no peer.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from struct import Struct

from hyper.wire import Field

LIBRARY = "libnghttp2.so.14"

# Declared here: a machine with the library need not have its headers.
SOURCE = r"""
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct { const uint8_t *name, *value; size_t namelen, valuelen; uint8_t flags; } pair;

int nghttp2_hd_inflate_new(void **);
ssize_t nghttp2_hd_inflate_hd2(void *, pair *, int *, const uint8_t *, size_t, int);
int nghttp2_hd_inflate_end_headers(void *);
void nghttp2_hd_inflate_del(void *);
int nghttp2_hd_deflate_new(void **, size_t);
ssize_t nghttp2_hd_deflate_hd(void *, uint8_t *, size_t, const pair *, size_t);
void nghttp2_hd_deflate_del(void *);

/* The number of fields in all blocks; -1 for a block that is refused. */
ssize_t inflate(const uint8_t *at, const size_t *lengths, const size_t *blocks, size_t stories) {
    ssize_t fields = 0;
    for (; stories; stories--) {
        void *inflater;
        if (nghttp2_hd_inflate_new(&inflater)) return -1;
        for (size_t left = *blocks++; left; left--) {
            size_t length = *lengths++;
            for (;;) {
                pair field;
                int flags = 0;
                ssize_t used = nghttp2_hd_inflate_hd2(inflater, &field, &flags, at, length, 1);
                if (used < 0) return -1;
                at += used;
                length -= (size_t)used;
                if (flags & 2) fields++;
                if (flags & 1) break;
            }
            nghttp2_hd_inflate_end_headers(inflater);
        }
        nghttp2_hd_inflate_del(inflater);
    }
    return fields;
}

/* The number of octets of all blocks; -1 for a block that is refused. */
ssize_t deflate(const pair *at, const size_t *fields, const size_t *blocks, size_t stories) {
    static uint8_t room[1 << 16];
    ssize_t octets = 0;
    for (; stories; stories--) {
        void *deflater;
        if (nghttp2_hd_deflate_new(&deflater, 4096)) return -1;
        for (size_t left = *blocks++; left; left--) {
            ssize_t made = nghttp2_hd_deflate_hd(deflater, room, sizeof room, at, *fields);
            if (made < 0) return -1;
            octets += made;
            at += *fields++;
        }
        nghttp2_hd_deflate_del(deflater);
    }
    return octets;
}
"""

_PAIR = Struct("@PPNNB7x")
_SIZES = Struct("@N")


def driver() -> ctypes.CDLL | None:
    """The driver, or `None` where it cannot be made."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "driver.c", Path(folder) / "driver.so"
        source.write_text(SOURCE, encoding="utf-8")
        command = [
            compiler,
            "-O2",
            "-shared",
            "-fPIC",
            "-o",
            str(target),
            str(source),
            f"-l:{LIBRARY}",
        ]
        if subprocess.run(command, check=False, capture_output=True).returncode != 0:
            return None
        found = ctypes.CDLL(str(target))
    for function in (found.inflate, found.deflate):
        function.restype = ctypes.c_ssize_t
        function.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t]
    return found


def inflating(found: ctypes.CDLL, stories: Sequence[Sequence[bytes]]) -> Callable[[], int]:
    """Read all blocks of all stories, each a connection; the number of fields."""
    octets = b"".join([block for story in stories for block in story])
    lengths = _sizes([len(block) for story in stories for block in story])
    blocks = _sizes([len(story) for story in stories])

    def work() -> int:
        return int(found.inflate(octets, lengths, blocks, len(stories)))

    return work


def deflating(
    found: ctypes.CDLL, stories: Sequence[Sequence[Sequence[Field]]]
) -> Callable[[], int]:
    """Write all lists of fields of all stories, each a connection; the number of octets."""
    every = [field for story in stories for block in story for field in block]
    text = ctypes.create_string_buffer(b"".join([name + value for name, value in every]))
    at = ctypes.addressof(text)
    pairs = bytearray()
    for name, value in every:
        pairs += _PAIR.pack(at, at + len(name), len(name), len(value), 0)
        at += len(name) + len(value)
    kept = bytes(pairs)
    fields = _sizes([len(block) for story in stories for block in story])
    blocks = _sizes([len(story) for story in stories])

    def work() -> int:
        assert text, "its addresses are in use"
        return int(found.deflate(kept, fields, blocks, len(stories)))

    return work


def _sizes(numbers: Sequence[int]) -> bytes:
    """An array of `size_t`."""
    return b"".join([_SIZES.pack(number) for number in numbers])
