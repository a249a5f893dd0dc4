"""The command line as options."""

from math import inf
from pathlib import Path

import pytest

from hyper.cli.arguments import (
    GetOptions,
    Options,
    ServeOptions,
    TourOptions,
    parse_arguments,
)
from hyper.cli.errors import CommandError, Exit
from hyper.coding import DEFAULT_LIMITS

URL = "https://h/x"


def get(*arguments: str) -> GetOptions:
    options = parse_arguments(["get", *arguments])
    assert isinstance(options, GetOptions)
    return options


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        parse_arguments(arguments)
    assert caught.value.code is Exit.USAGE
    assert str(caught.value).isprintable(), "one line"
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], TourOptions(once=False, port=0)),
        (["--once"], TourOptions(once=True, port=0)),
        (["--port", "8443"], TourOptions(once=False, port=8443)),
    ],
)
def test_without_a_command_it_is_the_tour(arguments: list[str], options: Options) -> None:
    assert parse_arguments(arguments) == options


def test_get_has_defaults() -> None:
    options = get(URL)
    assert options.head.method == "GET"
    assert options.outputs == ["-"], "the body goes to stdout"
    wishes = [options.insecure, options.verbose, options.fail, options.include]
    assert wishes == [False] * 4
    assert (options.connect_timeout, options.read_timeout, options.max_time) == (10, 60, None)


def test_short_and_long_names_mean_the_same() -> None:
    short = get("-k", "-v", "-s", "-f", "-i", "-X", "PUT", "-o", "f", "-m", "5", URL)
    long = get(
        *("--insecure", "--verbose", "--silent", "--fail", "--include", "--request", "PUT"),
        *("--output", "f", "--max-time", "5", URL),
    )
    assert short == long


def test_outputs_are_for_the_urls_in_order_and_the_rest_goes_to_stdout() -> None:
    options = get("-o", "one", "https://h/1", "https://h/2", "https://h/3", "-o", "-")
    assert options.outputs == ["one", "-", "-"]
    assert options.to_terminal, "-o - says that the terminal may have it"


def test_a_folder_for_the_outputs_names_them_by_their_urls() -> None:
    options = get("--output-dir", "d", "https://h/a/1.txt?q", "https://h/", "https://h/%2e%2Fx")
    files = [Path(file) for file in options.outputs]
    assert files == [Path("d/1.txt"), Path("d/index.html"), Path("d/%2e%2Fx")], (
        "names stay encoded: a decoded slash would leave the folder"
    )


def test_data_makes_it_a_post() -> None:
    assert get("-d", "x", URL).head.method == "POST"
    assert get("-d", "x", "-X", "PUT", URL).head.method == "PUT"


def test_head_asks_for_the_head_and_shows_it() -> None:
    options = get("-I", URL)
    assert options.head.method == "HEAD"
    assert options.include


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["get"], "the following arguments are required: URL"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["get", "--nonsense", URL], "unrecognized arguments: --nonsense"),
        (["get", "--inse", URL], "unrecognized arguments: --inse"),
        (["get", "nonsense"], "not a usable URL"),
        (["get", "--http1.1", "--http2-prior-knowledge", URL], "not allowed with argument"),
        (["get", "-o", "a", "-o", "b", URL], "at most one -o for each URL, got 2 for 1"),
        (["get", "-o", "a", "-o", "a", URL, URL], "two bodies cannot go to one file"),
        (["get", "-o", "a", "--output-dir", "d", URL], "exclude each other"),
        (["get", "--output-dir", "d", URL, URL], "two bodies cannot go to one file"),
        (["get", "--output-dir", "d", "https://h/.."], "expected a file name"),
        (["get", "-I", "-d", "x", URL], "HEAD carries no body"),
        (["get", "-d", "@-", URL, URL], "stdin can be sent once"),
        (["get", "-d", "@", URL], "the name of a file after the @"),
        (["get", "-m", "0", URL], "expected a number of seconds above 0, got 0"),
        (["get", "-m", "nan", URL], "expected a number of seconds above 0, got nan"),
        (["get", "--read-timeout", "soon", URL], "expected a number of seconds above 0, got soon"),
        (["serve"], "the following arguments are required: DIR"),
        (["serve", ".", "--port", "65536"], "expected a port of 0 to 65535, got 65536"),
        (["serve", ".", "--port", "-1"], "expected"),
        (["serve", ".", "--key", "k"], "--key needs --cert"),
        (["serve", ".", "--cert", "c", "--cleartext"], "exclude each other"),
        (["--port", "http"], "expected a port of 0 to 65535, got http"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(arguments: list[str], reason: str) -> None:
    assert reason in refusal(*arguments)


def test_a_refusal_names_the_help_that_helps() -> None:
    assert refusal("get").endswith("(see `hyper get --help`)")
    assert refusal("--nonsense").endswith("(see `hyper --help`)")


def test_the_same_file_twice_is_fine_where_nothing_is_kept() -> None:
    assert get("-o", "/dev/null", "-o", "/dev/null", URL, URL).outputs == ["/dev/null"] * 2


def test_serve_has_defaults() -> None:
    options = parse_arguments(["serve", "folder"])
    assert isinstance(options, ServeOptions)
    assert (options.folder, options.host, options.port) == (Path("folder"), "127.0.0.1", 8443), (
        "nobody but this machine, unless asked for"
    )
    assert options.certificate is None
    assert not options.hidden, "a .git or .env is not for everybody"


def test_a_certificate_may_hold_its_key() -> None:
    options = parse_arguments(["serve", "folder", "--cert", "c"])
    assert isinstance(options, ServeOptions)
    assert options.certificate == ("c", None)


@pytest.mark.parametrize("command", [[], ["get"], ["serve"]])
def test_help_tells_the_exit_codes(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments([*command, "--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    for code in Exit:
        assert f"\n  {code.value:<4} " in said, "scripts are written from this table"


def test_content_codings_are_asked_for_within_limits() -> None:
    assert get(URL).compressed is None
    assert get("--compressed", URL).compressed == DEFAULT_LIMITS
    limits = get("--compressed", "--max-unpacked", "3k", URL).compressed
    assert limits is not None
    assert (limits.total, limits.ratio) == (3072, inf), "who names a size means it"


@pytest.mark.parametrize(("text", "size"), [("0", 0), ("5", 5), ("2M", 2**21), ("1g", 2**30)])
def test_a_size_may_have_a_unit(text: str, size: int) -> None:
    limits = get("--compressed", "--max-unpacked", text, URL).compressed
    assert limits is not None
    assert limits.total == size


@pytest.mark.parametrize("text", ["", "M", "-1", "1.5M", "1T", "\u0663", "9" * 16])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="expected a number of bytes"):
        get("--compressed", "--max-unpacked", text, URL)


def test_a_limit_of_what_is_not_unpacked_means_nothing() -> None:
    with pytest.raises(CommandError, match="--max-unpacked needs --compressed"):
        get("--max-unpacked", "1M", URL)


@pytest.mark.parametrize(
    ("arguments", "codings", "live"),
    [
        ([], ("br", "zstd", "gzip"), True),
        (["--compress", "beside"], ("br", "zstd", "gzip"), False),
        (["--compress", "off"], (), False),
    ],
)
def test_files_are_packed_as_far_as_is_wanted(
    arguments: list[str], codings: tuple[str, ...], live: bool
) -> None:
    options = parse_arguments(["serve", ".", *arguments])
    assert isinstance(options, ServeOptions)
    assert (options.codings, options.compress) == (codings, live)
