"""What `-d` sends."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from hyper.cli.errors import CommandError, Exit
from hyper.cli.uploads import Upload, parse_upload


def sent(upload: Upload) -> bytes:
    async def collect() -> bytes:
        return b"".join([piece async for piece in upload.pieces()])

    return asyncio.run(collect())


def test_text_is_sent_as_it_is() -> None:
    upload = parse_upload(["a=ü b"])
    assert sent(upload) == "a=ü b".encode()
    assert upload.size == 6
    assert upload.replayable


def test_several_are_joined_like_the_fields_of_a_form() -> None:
    upload = parse_upload(["a=1", "b=2"])
    assert sent(upload) == b"a=1&b=2"
    assert upload.size == 7


def test_a_file_is_sent_byte_by_byte(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(bytes(range(256)) * 1_000 + b"\r\n")
    upload = parse_upload([f"@{tmp_path / 'f'}"])
    assert upload.size == 256_002
    assert sent(upload) == (tmp_path / "f").read_bytes(), "line ends are content, too"
    assert sent(upload) == (tmp_path / "f").read_bytes(), "and a second time for a second try"


def test_a_pipe_is_sent_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"x" * 100_000))
    writer.start()
    upload = parse_upload([f"@{pipe}"])
    assert upload.size is None, "it shows at the end"
    assert not upload.replayable
    assert sent(upload) == b"x" * 100_000
    writer.join()


@pytest.mark.parametrize(
    ("name", "reason"), [("nothing", "No such file"), ("folder", "expected a file")]
)
def test_a_name_that_is_wrong_is_told_before_anything_is_sent(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(CommandError, match=reason) as caught:
        parse_upload([f"@{tmp_path / name}"])
    assert caught.value.code is Exit.LOCAL


def test_a_file_that_became_shorter_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")
    upload = parse_upload([f"@{tmp_path / 'f'}"])
    os.truncate(tmp_path / "f", 4)
    with pytest.raises(CommandError, match="ended 6 bytes early"):
        sent(upload)


def test_a_file_that_became_longer_is_sent_as_announced(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")
    upload = parse_upload([f"@{tmp_path / 'f'}"])
    with (tmp_path / "f").open("ab") as file:
        file.write(b"more")
    assert sent(upload) == b"0123456789", "content-length has been said"


def test_a_file_that_went_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    upload = parse_upload([f"@{tmp_path / 'f'}"])
    (tmp_path / "f").unlink()
    with pytest.raises(CommandError, match="No such file"):
        sent(upload)


def test_stdin_is_read_once() -> None:
    assert parse_upload(["@-"]).replayable is False
    with pytest.raises(CommandError, match="stdin can be read once"):
        parse_upload(["@-", "@-"])
