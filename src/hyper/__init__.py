"""Hyper: composable pieces for building HTTP/1.1 and HTTP/2 software.

The pieces stand on floors.  A package imports itself and lower floors, never upward.

====== ================ ==================================================================
floor  package          what lives there
====== ================ ==================================================================
0      `hyper.wire`     roles, the error tree, fields and their checks, buffers, budgets
1      `hyper.frame`    HTTP/2 frames to values and back (RFC 9113 §4, §6)
1      `hyper.hpack`    field blocks to fields and back (RFC 7541)
1      `hyper.priority` priority signals, and who sends next (RFC 9218)
1      `hyper.coding`   content codings: gzip, deflate, br, zstd (RFC 9110 §8.4)
2      `hyper.h1`       the HTTP/1.1 engine: bytes in, events out, no I/O (RFC 9112)
2      `hyper.h2`       the HTTP/2 engine: bytes in, events out, no I/O (RFC 9113)
4      `hyper.io`       the engines on real sockets: threads, asyncio
6      `hyper.cli`      the command line: `hyper get`, `hyper serve`, the tour
roof   `hyper.compat`   the names that other software imports: h2, hpack, h11...
====== ================ ==================================================================

Nothing is imported here: each piece is used, and paid for, by itself.
"""

__version__ = "0.1.0"
