"""A folder as resources; and everything that is not in it."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyper.cli.encodings import Encodings
from hyper.cli.errors import CommandError, Exit
from hyper.cli.files import SMALL, Answer, Folder, Slice, content_type, split_path
from hyper.coding import decode, encode


@pytest.fixture
def folder(www: Path) -> Iterator[Folder]:
    opened = Folder(www)
    yield opened
    opened.close()


def get(folder: Folder, path: str, **fields: str) -> Answer:
    considered = {name.replace("_", "-").encode(): text.encode() for name, text in fields.items()}
    return folder.answer("GET", path, considered)


def field(answer: Answer, name: bytes) -> bytes | None:
    return dict(answer.fields).get(name)


def content(answer: Answer) -> bytes:
    if answer.slice is None:
        return answer.body
    pieces = list(iter(lambda: taken(answer).read(1_000), b""))
    answer.slice.close()
    return b"".join(pieces)


def taken(answer: Answer) -> Slice:
    assert answer.slice is not None
    return answer.slice


# -- what is there -------------------------------------------------------------------------------


def test_a_small_file_is_read_at_once(folder: Folder) -> None:
    answer = get(folder, "/a.txt")
    assert (answer.status, answer.body, answer.slice) == (200, b"first\n", None)
    assert field(answer, b"content-length") == b"6"
    assert field(answer, b"content-type") == b"text/plain; charset=utf-8"
    assert field(answer, b"accept-ranges") == b"bytes"


def test_a_large_file_is_handed_out_in_pieces(folder: Folder, www: Path) -> None:
    answer = get(folder, "/large.bin")
    whole = (www / "large.bin").read_bytes()
    assert len(whole) > SMALL, "or this is about something else"
    assert field(answer, b"content-length") == b"256000"
    assert content(answer) == whole


def test_an_empty_file_is_a_file(folder: Folder, www: Path) -> None:
    (www / "empty").touch()
    answer = get(folder, "/empty")
    assert (answer.status, answer.body) == (200, b"")
    assert field(answer, b"content-length") == b"0"


def test_head_is_the_same_without_the_content(folder: Folder) -> None:
    for path in ("/a.txt", "/large.bin", "/sub/"):
        full = get(folder, path)
        head = folder.answer("HEAD", path, {})
        assert head.fields == full.fields, "RFC 9110 §9.3.2: the same fields as for GET"
        assert head.slice is None, "nothing is left open for what is not sent"
        content(full)


@pytest.mark.parametrize("path", ["/%61.txt", "/a.txt?x=1", "//a.txt", "/sub%2e/../a.txt"])
def test_a_path_is_decoded(folder: Folder, path: str) -> None:
    expected = 404 if ".." in path else 200
    assert get(folder, path).status == expected


def test_a_name_may_have_any_octets(folder: Folder, www: Path) -> None:
    (www / "größe 100%.txt").write_text("x")
    assert get(folder, "/gr%C3%B6%C3%9Fe%20100%25.txt").status == 200
    (www / os.fsdecode(b"\xff")).write_text("x")
    assert get(folder, "/%FF").status == 200
    assert get(folder, "/\xff").status == 200, "an octet that nobody encoded is that octet"


def test_an_index_stands_for_its_folder(folder: Folder, www: Path) -> None:
    (www / "index.html").write_text("<p>hello")
    answer = get(folder, "/")
    assert answer.body == b"<p>hello"
    assert field(answer, b"content-type") == b"text/html; charset=utf-8"


def test_a_folder_without_an_index_is_listed(folder: Folder, www: Path) -> None:
    os.mkfifo(www / "pipe")
    (www / "link").symlink_to("a.txt")
    (www / "out").symlink_to("../secret.txt")
    (www / "dangling").symlink_to("nowhere")
    page = get(folder, "/").body
    for name in (b"a.txt", b"b.txt", b"large.bin", b"sub/", b"link"):
        assert b">" + name + b"<" in page
    for name in (b".hidden", b"pipe", b"out", b"dangling"):
        assert name not in page, "what is listed is what would be served"


def test_a_folder_without_its_slash_is_elsewhere(folder: Folder) -> None:
    answer = get(folder, "/sub?q=1")
    assert answer.status == 301
    assert field(answer, b"location") == b"/sub/?q=1", "or its links would lead nowhere"


def test_a_redirect_stays_on_this_server(folder: Folder, www: Path) -> None:
    (www / "example.com").mkdir()
    assert field(get(folder, "//example.com"), b"location") == b"/example.com/", (
        "two slashes in front would name a host"
    )


def test_a_file_with_a_slash_is_no_folder(folder: Folder) -> None:
    assert get(folder, "/a.txt/").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"])
def test_files_can_be_read_and_nothing_else(folder: Folder, method: str) -> None:
    answer = folder.answer(method, "/a.txt", {})
    assert answer.status == 405
    assert field(answer, b"allow") == b"GET, HEAD", "RFC 9110 §15.5.6: MUST say what is allowed"


# -- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/../secret.txt",
        "/sub/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2e%2fsecret.txt",
        "/..%2fsecret.txt",
        "/sub/..%2f..%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/./a.txt",
        "/a.txt/x",
        "/" + "a" * 300,
        "/" + "a/" * 3_000,
        "/.hidden",
        "/%2ehidden",
    ],
)
def test_nothing_else_is_found(folder: Folder, path: str) -> None:
    assert get(folder, path).status == 404


def test_the_root_of_the_machine_is_not_the_root_of_the_site(folder: Folder, www: Path) -> None:
    assert get(folder, str(www / "a.txt")).status == 404
    assert get(folder, "/%2F" + str(www / "a.txt")[1:]).status == 404


@pytest.mark.parametrize("path", ["", "*", "a.txt", "/%", "/%4", "/%zz", "/a%00.txt", "/a\0.txt"])
def test_a_path_that_is_none_is_the_clients_fault(folder: Folder, path: str) -> None:
    assert get(folder, path).status == 400


def test_a_link_that_stays_inside_is_followed(folder: Folder, www: Path) -> None:
    (www / "file").symlink_to("a.txt")
    (www / "absolute").symlink_to(www / "a.txt")
    (www / "folder").symlink_to("sub")
    (www / "sub" / "up").symlink_to("../b.txt")
    for path in ("/file", "/absolute"):
        assert get(folder, path).body == b"first\n"
    assert get(folder, "/folder/").status == 200
    assert get(folder, "/folder/up").body == b"second\n"


@pytest.mark.parametrize("target", ["../secret.txt", "..", "/etc/passwd", "/", ".hidden", "loop"])
def test_a_link_that_leads_out_leads_nowhere(folder: Folder, www: Path, target: str) -> None:
    (www / "loop").symlink_to(target)
    assert get(folder, "/loop").status == 404
    assert get(folder, "/loop/").status == 404
    assert get(folder, "/loop/passwd").status == 404


def test_a_sibling_that_begins_with_the_same_name_is_outside(www: Path) -> None:
    beside = www.parent / "www-private"
    beside.mkdir()
    (beside / "f").write_text("x")
    (www / "link").symlink_to(beside / "f")
    folder = Folder(www)
    assert get(folder, "/link").status == 404, "a prefix of text is no parent"
    folder.close()


def test_the_folder_itself_may_be_a_link(www: Path) -> None:
    (www.parent / "alias").symlink_to(www)
    folder = Folder(www.parent / "alias")
    assert get(folder, "/a.txt").status == 200
    folder.close()


def test_what_is_neither_file_nor_folder_is_not_served(folder: Folder, www: Path) -> None:
    os.mkfifo(www / "pipe")
    listener = socket.socket(socket.AF_UNIX)
    with listener:
        listener.bind(str(www / "sock"))
        assert get(folder, "/pipe").status == 404, "and nobody waits for its writer"
        assert get(folder, "/sock").status == 404


def test_names_with_a_dot_are_served_when_asked_for(www: Path) -> None:
    folder = Folder(www, hidden=True)
    assert get(folder, "/.hidden").body == b"not shown\n"
    assert get(folder, "/..").status == 404, "that is no name"
    folder.close()


def test_well_known_is_there_to_be_found(folder: Folder, www: Path) -> None:
    (www / ".well-known").mkdir()
    (www / ".well-known" / "x").write_text("known")
    assert get(folder, "/.well-known/x").body == b"known", "RFC 8615"


def test_no_descriptor_is_left_open(folder: Folder, www: Path) -> None:
    (www / "out").symlink_to("../secret.txt")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in ("/", "/a.txt", "/sub", "/sub/", "/nothing", "/a.txt/x", "/out", "/%", "/sub/x"):
        get(folder, path)
        get(folder, path, range="bytes=900000-")
        get(folder, path, if_none_match="*")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("name", ["nothing", "a.txt"])
def test_what_cannot_be_served_is_said_at_the_start(www: Path, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        Folder(www / name)
    assert caught.value.code is Exit.LOCAL
    assert str(www / name) in str(caught.value)


# -- parts of it, and under conditions -----------------------------------------------------------


def test_a_range_is_a_part(folder: Folder, www: Path) -> None:
    answer = get(folder, "/large.bin", range="bytes=1000-1999")
    assert answer.status == 206
    assert field(answer, b"content-range") == b"bytes 1000-1999/256000"
    assert field(answer, b"content-length") == b"1000"
    assert content(answer) == (www / "large.bin").read_bytes()[1000:2000]


def test_a_large_range_is_handed_out_in_pieces(folder: Folder, www: Path) -> None:
    answer = get(folder, "/large.bin", range="bytes=-100000")
    assert field(answer, b"content-range") == b"bytes 156000-255999/256000"
    assert content(answer) == (www / "large.bin").read_bytes()[-100_000:]


def test_a_range_beyond_the_end_is_refused_with_the_size(folder: Folder) -> None:
    answer = get(folder, "/a.txt", range="bytes=6-")
    assert answer.status == 416
    assert field(answer, b"content-range") == b"bytes */6", "RFC 9110 §15.5.17"


def test_a_range_is_for_get_alone(folder: Folder) -> None:
    answer = folder.answer("HEAD", "/a.txt", {b"range": b"bytes=0-1"})
    assert answer.status == 200, "RFC 9110 §14.2"
    assert field(answer, b"content-length") == b"6"


def test_what_a_client_has_is_not_sent_again(folder: Folder) -> None:
    first = get(folder, "/a.txt")
    tag = (field(first, b"etag") or b"").decode()
    again = get(folder, "/a.txt", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert field(again, b"etag") == tag.encode(), "RFC 9110 §15.4.5: MUST be there"
    assert field(again, b"content-length") is None, "0 would be a lie"
    since = (field(first, b"last-modified") or b"").decode()
    assert get(folder, "/a.txt", if_modified_since=since).status == 304


def test_a_change_changes_the_tag(folder: Folder, www: Path) -> None:
    before = field(get(folder, "/a.txt"), b"etag")
    (www / "a.txt").write_text("other\n")
    found = (www / "a.txt").stat()
    os.utime(www / "a.txt", ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    assert field(get(folder, "/a.txt"), b"etag") != before, "even within the same second"


def test_a_condition_that_fails_sends_nothing(folder: Folder) -> None:
    assert get(folder, "/a.txt", if_match='"other"').status == 412


def test_a_condition_comes_before_a_range(folder: Folder) -> None:
    tag = (field(get(folder, "/a.txt"), b"etag") or b"").decode()
    assert get(folder, "/a.txt", if_none_match=tag, range="bytes=0-1").status == 304
    assert get(folder, "/a.txt", if_range=tag, range="bytes=0-1").status == 206
    assert get(folder, "/a.txt", if_range='"other"', range="bytes=0-1").status == 200, (
        "RFC 9110 §13.1.5: what changed is sent whole"
    )


# -- while it changes ----------------------------------------------------------------------------


def test_a_file_that_shrinks_while_it_is_sent_is_not_complete(folder: Folder, www: Path) -> None:
    part = taken(get(folder, "/large.bin"))
    part.read(1_000)
    os.truncate(www / "large.bin", 500)
    with pytest.raises(OSError, match="changed while it was sent"):
        part.read(1_000)
    assert part.done == 1_000, "the log tells how far it came"
    part.close()


def test_a_file_that_is_written_while_it_is_sent_is_not_complete(folder: Folder, www: Path) -> None:
    part = taken(get(folder, "/large.bin"))
    part.read(255_000)
    found = (www / "large.bin").stat()
    os.utime(www / "large.bin", ns=(found.st_atime_ns, found.st_mtime_ns + 1))
    with pytest.raises(OSError, match="changed while it was sent"):
        part.read(1_000)
    part.close()


def test_a_file_that_is_replaced_while_it_is_sent_is_sent_as_it_was(
    folder: Folder, www: Path
) -> None:
    answer = get(folder, "/large.bin")
    whole = (www / "large.bin").read_bytes()
    (www / "new").write_bytes(b"new")
    (www / "new").rename(www / "large.bin")
    assert content(answer) == whole, "the old one lives on as long as it is open"


# -- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", b"text/html; charset=utf-8"),
        ("a.css", b"text/css; charset=utf-8"),
        ("a.md", b"text/markdown; charset=utf-8"),
        ("a.JSON", b"application/json"),
        ("a.svg", b"image/svg+xml"),
        ("a.woff2", b"font/woff2"),
        ("a.wasm", b"application/wasm"),
        ("a.tar.gz", b"application/gzip"),
        ("a.txt.xz", b"application/x-xz"),
        ("a.Z", b"application/octet-stream"),
        ("a", b"application/octet-stream"),
        ("a.unheard-of", b"application/octet-stream"),
    ],
)
def test_a_name_tells_the_type(name: str, kind: bytes) -> None:
    assert content_type(name) == kind


def test_an_encoded_slash_is_part_of_a_name() -> None:
    assert split_path("/a%2Fb/c") == ["a/b", "c"], "which no file has: that is not two names"


# -- content codings -----------------------------------------------------------------------------

PAGE = b"".join(b"<tr><td>%d</td></tr>\n" % number for number in range(5_000))


@pytest.fixture
def packing(www: Path) -> Iterator[Folder]:
    (www / "page.html").write_bytes(PAGE)
    opened = Folder(www, encodings=Encodings())
    yield opened
    opened.close()


def put_beside(www: Path, name: str, content: bytes, age: int = 0) -> None:
    """A packed file beside page.html, as much older than that as `age` nanoseconds."""
    (www / name).write_bytes(content)
    found = (www / "page.html").stat()
    when = found.st_mtime_ns - age
    os.utime(www / name, ns=(when, when))


def through(answer: Answer) -> bytes:
    """The content of an answer as it goes out."""

    async def sent() -> bytes:
        assert answer.packing is not None
        return b"".join([piece async for piece in answer.packing.pieces(taken(answer))])

    if answer.packing is None:
        return content(answer)
    whole = asyncio.run(sent())
    taken(answer).close()
    answer.packing.close()
    return whole


def test_text_is_packed_on_its_way(packing: Folder) -> None:
    answer = get(packing, "/page.html", accept_encoding="gzip")
    assert field(answer, b"content-encoding") == b"gzip"
    assert field(answer, b"vary") == b"accept-encoding", "RFC 9110 §12.5.5"
    assert field(answer, b"content-length") is None, "nobody knows it yet"
    assert field(answer, b"accept-ranges") is None, "nor what a part of it would be"
    tag = field(answer, b"etag")
    assert tag is not None
    assert tag.startswith(b'W/"'), "RFC 9110 §8.8.1: another library makes other bytes"
    assert tag.endswith(b'-gzip"'), "RFC 9110 §8.8.3.3: not that of the file as it is"
    packed = through(answer)
    assert len(packed) < len(PAGE) // 3
    assert decode(packed, "gzip") == PAGE


def test_who_asks_for_no_coding_gets_none_and_hears_that_there_are_some(packing: Folder) -> None:
    answer = get(packing, "/page.html")
    assert field(answer, b"content-encoding") is None
    assert field(answer, b"vary") == b"accept-encoding"
    assert field(answer, b"content-length") == b"%d" % len(PAGE)
    assert through(answer) == PAGE


def test_what_lies_beside_a_file_is_sent_in_its_place(packing: Folder, www: Path) -> None:
    packed = encode(PAGE, "gzip")
    put_beside(www, "page.html.gz", packed)
    answer = get(packing, "/page.html", accept_encoding="gzip, deflate")
    assert field(answer, b"content-type") == b"text/html; charset=utf-8", "that of what it becomes"
    assert field(answer, b"content-encoding") == b"gzip"
    assert field(answer, b"content-length") == b"%d" % len(packed)
    assert answer.packing is None
    assert through(answer) == packed
    itself = get(packing, "/page.html.gz", accept_encoding="gzip")
    assert field(itself, b"content-encoding") is None, "asked for by its name it is a file"
    assert field(itself, b"content-type") == b"application/gzip"
    through(itself)


def test_each_form_has_a_tag_of_its_own(packing: Folder, www: Path) -> None:
    tags = set()
    for accept in ("gzip", "identity"):
        answer = get(packing, "/page.html", accept_encoding=accept)
        tags.add(field(answer, b"etag"))
        through(answer)
    put_beside(www, "page.html.gz", encode(PAGE, "gzip"))
    answer = get(packing, "/page.html", accept_encoding="gzip")
    tags.add(field(answer, b"etag"))
    through(answer)
    assert len(tags) == 3, "RFC 9110 §8.8.3.3"
    for tag in tags:
        assert tag is not None
        known = get(packing, "/page.html", accept_encoding="gzip", if_none_match=tag.decode())
        lying = not tag.startswith(b"W/") and tag.endswith(b'-gzip"')
        assert known.status == (304 if lying else 200), (
            "the tag of another form is none of this one"
        )
        if known.status == 304:
            assert field(known, b"vary") == b"accept-encoding", "RFC 9110 §15.4.5"
        else:
            through(known)


@pytest.mark.parametrize(
    ("age", "used"), [(0, True), (-1_000_000_000, True), (5_000_000_000, False)]
)
def test_what_is_older_than_the_file_stands_for_another(
    packing: Folder, www: Path, age: int, used: bool
) -> None:
    put_beside(www, "page.html.gz", encode(PAGE, "gzip"), age)
    answer = get(packing, "/page.html", accept_encoding="gzip")
    assert (answer.packing is None) is used
    assert decode(through(answer), "gzip") == PAGE


def test_a_packer_that_keeps_seconds_alone_makes_a_file_no_older(
    packing: Folder, www: Path
) -> None:
    os.utime(www / "page.html", ns=(1_000_000_000_123_456_789,) * 2)
    put_beside(www, "page.html.gz", encode(PAGE, "gzip"), 123_456_789)
    answer = get(packing, "/page.html", accept_encoding="gzip")
    assert answer.packing is None
    through(answer)


def test_a_part_is_one_of_the_form_that_is_sent(packing: Folder, www: Path) -> None:
    part = get(packing, "/page.html", accept_encoding="gzip", range="bytes=0-9")
    assert (part.status, part.body) == (206, PAGE[:10]), "what is packed on its way has no parts"
    assert field(part, b"content-encoding") is None
    packed = encode(PAGE, "gzip")
    put_beside(www, "page.html.gz", packed)
    part = get(packing, "/page.html", accept_encoding="gzip", range="bytes=0-9")
    assert (part.status, part.body) == (206, packed[:10]), "RFC 9110 §14.2: of what would be sent"
    assert field(part, b"content-encoding") == b"gzip"
    assert field(part, b"vary") == b"accept-encoding", "RFC 9110 §15.3.7"


def test_head_says_of_each_form_what_get_says(packing: Folder, www: Path) -> None:
    for accept in ("gzip", "br", "identity"):
        considered = {b"accept-encoding": accept.encode()}
        answer = packing.answer("GET", "/page.html", considered)
        head = packing.answer("HEAD", "/page.html", considered)
        assert head.fields == answer.fields, "RFC 9110 §9.3.2"
        assert (head.slice, head.packing) == (None, None)
        through(answer)
    put_beside(www, "page.html.gz", encode(PAGE, "gzip"))
    considered = {b"accept-encoding": b"gzip"}
    answer = packing.answer("GET", "/page.html", considered)
    assert packing.answer("HEAD", "/page.html", considered).fields == answer.fields
    through(answer)


def test_who_refuses_every_form_gets_none_of_them(packing: Folder) -> None:
    answer = get(packing, "/page.html", accept_encoding="identity;q=0, lzma")
    assert answer.status == 406, "RFC 9110 §12.5.3"
    assert field(answer, b"vary") == b"accept-encoding"


@pytest.mark.parametrize("trick", ["link", "folder", "pipe", "empty", "hidden link"])
def test_what_lies_beside_a_file_and_is_no_file_of_the_folder_is_left_there(
    packing: Folder, www: Path, trick: str
) -> None:
    beside = www / "page.html.gz"
    if trick == "link":
        beside.symlink_to(www.parent / "secret.txt")
    elif trick == "hidden link":
        beside.symlink_to(www / ".hidden")
    elif trick == "folder":
        beside.mkdir()
    elif trick == "pipe":
        os.mkfifo(beside)
    else:
        beside.touch()
    answer = get(packing, "/page.html", accept_encoding="gzip")
    assert decode(through(answer), "gzip") == PAGE, "packed from the file itself"


def test_an_index_has_its_forms_too(packing: Folder, www: Path) -> None:
    (www / "sub" / "index.html").write_bytes(PAGE)
    (www / "sub" / "index.html.gz").write_bytes(encode(PAGE, "gzip"))
    answer = get(packing, "/sub/", accept_encoding="gzip")
    assert answer.packing is None
    assert decode(through(answer), "gzip") == PAGE
