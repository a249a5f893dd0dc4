"""A folder as resources; and everything that is not in it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyper.cli.errors import CommandError, Exit
from hyper.cli.files import SMALL, Answer, Folder, Slice, content_type, split_path


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
