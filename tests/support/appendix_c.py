"""RFC 7541 appendix C: the examples as the RFC prints them, with the table after each block."""

from dataclasses import dataclass
from typing import Final

from hyper.wire import Field


@dataclass(frozen=True, slots=True)
class Example:
    """One block: its octets, its fields, and the size and field of each entry, newest first."""

    octets: bytes
    fields: list[Field]
    table: list[tuple[int, Field]]

    @property
    def size(self) -> int:
        """The size of the table."""
        return sum(size for size, _ in self.table)


GET: Final = (b":method", b"GET")
HTTP: Final = (b":scheme", b"http")
SLASH: Final = (b":path", b"/")
AUTHORITY: Final = (b":authority", b"www.example.com")
NO_CACHE: Final = (b"cache-control", b"no-cache")
CUSTOM: Final = (b"custom-key", b"custom-value")

REQUESTS: Final[list[list[Field]]] = [
    [GET, HTTP, SLASH, AUTHORITY],
    [GET, HTTP, SLASH, AUTHORITY, NO_CACHE],
    [GET, (b":scheme", b"https"), (b":path", b"/index.html"), AUTHORITY, CUSTOM],
]
REQUEST_TABLES: Final[list[list[tuple[int, Field]]]] = [
    [(57, AUTHORITY)],
    [(53, NO_CACHE), (57, AUTHORITY)],
    [(54, CUSTOM), (53, NO_CACHE), (57, AUTHORITY)],
]

FOUND: Final = (b":status", b"302")
MOVED: Final = (b":status", b"307")
PRIVATE: Final = (b"cache-control", b"private")
DATE: Final = (b"date", b"Mon, 21 Oct 2013 20:13:21 GMT")
LATER: Final = (b"date", b"Mon, 21 Oct 2013 20:13:22 GMT")
LOCATION: Final = (b"location", b"https://www.example.com")
GZIP: Final = (b"content-encoding", b"gzip")
COOKIE: Final = (b"set-cookie", b"foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")

RESPONSES: Final[list[list[Field]]] = [
    [FOUND, PRIVATE, DATE, LOCATION],
    [MOVED, PRIVATE, DATE, LOCATION],
    [(b":status", b"200"), PRIVATE, LATER, LOCATION, GZIP, COOKIE],
]
RESPONSE_TABLES: Final[list[list[tuple[int, Field]]]] = [
    [(63, LOCATION), (65, DATE), (52, PRIVATE), (42, FOUND)],
    [(42, MOVED), (63, LOCATION), (65, DATE), (52, PRIVATE)],
    [(98, COOKIE), (52, GZIP), (65, LATER)],
]

INTEGERS: Final = [
    # C.1.1 to C.1.3: value, bits of the prefix, octets.
    (10, 5, bytes([0b01010])),
    (1337, 5, bytes([0b11111, 0b10011010, 0b00001010])),
    (42, 8, bytes([0b00101010])),
]

REPRESENTATIONS: Final = {
    "C.2.1": Example(
        bytes.fromhex("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"),
        [(b"custom-key", b"custom-header")],
        [(55, (b"custom-key", b"custom-header"))],
    ),
    "C.2.2": Example(
        bytes.fromhex("040c 2f73 616d 706c 652f 7061 7468"), [(b":path", b"/sample/path")], []
    ),
    "C.2.3": Example(
        bytes.fromhex("1008 7061 7373 776f 7264 0673 6563 7265 74"), [(b"password", b"secret")], []
    ),
    "C.2.4": Example(bytes.fromhex("82"), [GET], []),
}


def _series(
    fields: list[list[Field]], tables: list[list[tuple[int, Field]]], dumps: list[str]
) -> list[Example]:
    return [
        Example(bytes.fromhex(dump), block, table)
        for dump, block, table in zip(dumps, fields, tables, strict=True)
    ]


SERIES: Final = {
    "C.3": _series(
        REQUESTS,
        REQUEST_TABLES,
        [
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "8286 84be 5808 6e6f 2d63 6163 6865",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        ],
    ),
    "C.4": _series(
        REQUESTS,
        REQUEST_TABLES,
        [
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
            "8286 84be 5886 a8eb 1064 9cbf",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        ],
    ),
    "C.5": _series(
        RESPONSES,
        RESPONSE_TABLES,
        [
            (
                "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133"
                "2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70"
                "6c65 2e63 6f6d"
            ),
            "4803 3330 37c1 c0bf",
            (
                "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d"
                "54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049"
                "5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e"
                "3d31"
            ),
        ],
    ),
    "C.6": _series(
        RESPONSES,
        RESPONSE_TABLES,
        [
            (
                "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
                "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"
            ),
            "4883 640e ffc1 c0bf",
            (
                "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
                "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f"
                "9587 3160 65c0 03ed 4ee5 b106 3d50 07"
            ),
        ],
    ),
}
"""The examples of one connection each.  In C.5 and C.6 the table is limited to 256 octets."""

TABLE_SIZES: Final = {"C.3": 4096, "C.4": 4096, "C.5": 256, "C.6": 256}
