"""How the native half is built: by CFFI, in API mode, against the libbrotli that pkg-config finds.

setup.py names `ffi` here to setuptools.  CFFI uses the limited API by itself wherever there is one,
so that one wheel serves every CPython from 3.11 on.
"""

from pathlib import Path

from cffi import FFI

NATIVE = Path(__file__).resolve().parent / "native"

ffi = FFI()
ffi.cdef((NATIVE / "native.h").read_text(encoding="utf-8"))
ffi.set_source_pkgconfig(
    "hyper_brotli._native",
    ["libbrotlienc", "libbrotlidec"],
    (NATIVE / "native.c").read_text(encoding="utf-8"),
)
