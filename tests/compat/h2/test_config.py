"""The options refuse what those of h2 refuse, in the same words."""

import io
import sys

import h2.config
import pytest

from hyper.compat.h2 import config

BOOLEANS = (
    "client_side",
    "validate_outbound_headers",
    "normalize_outbound_headers",
    "split_outbound_cookies",
    "validate_inbound_headers",
    "normalize_inbound_headers",
)


def outcome(module: object, name: str, value: object) -> object:
    """What comes of the option in the constructor, and set later."""
    make = getattr(module, "H2Configuration")
    found: list[object] = []
    try:
        found.append(getattr(make(**{name: value}), name))
    except ValueError as error:
        found.append(str(error))
    made = make()
    try:
        setattr(made, name, value)
    except ValueError as error:
        found.append(str(error))
    return [*found, getattr(made, name)]


@pytest.mark.parametrize("name", [*BOOLEANS, "header_encoding"])
@pytest.mark.parametrize("value", [True, False, None, 1, 0, "utf-8", "", b"utf-8", 1.5, []])
def test_each_value_is_taken_or_refused_as_in_h2(name: str, value: object) -> None:
    assert outcome(config, name, value) == outcome(h2.config, name, value)


@pytest.mark.parametrize("name", [*BOOLEANS, "header_encoding"])
def test_the_defaults_are_those_of_h2(name: str) -> None:
    default = getattr(h2.config.H2Configuration(), name)
    assert getattr(config.H2Configuration(), name) == default


def test_what_is_refused_changes_nothing() -> None:
    made = config.H2Configuration(client_side=False)
    with pytest.raises(ValueError, match="client_side must be a bool"):
        setattr(made, "client_side", 1)
    assert made.client_side is False


def test_a_subclass_may_have_attributes_of_its_own() -> None:
    class Mine(config.H2Configuration):
        retries = 3

    made = Mine(client_side=False)
    made.retries = 4
    assert (made.retries, made.client_side) == (4, False)


def test_the_log_is_silent_unless_one_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert isinstance(config.H2Configuration().logger, config.DummyLogger)
    logger = config.OutputLogger(io.StringIO())
    assert config.H2Configuration(logger=logger).logger is logger
    config.DummyLogger("h2").debug("%d", 1)
    config.DummyLogger().trace("%d", 1, key=2)
    assert capsys.readouterr() == ("", ""), "nobody asked for a log"


@pytest.mark.parametrize("detailed", [False, True])
def test_the_log_writes_the_lines_that_h2_writes(detailed: bool) -> None:
    written = []
    for module in (config, h2.config):
        file = io.StringIO()
        logger = module.OutputLogger(file, trace_level=detailed)
        logger.debug("stream %d: %s", 3, "open")
        logger.trace("frame %s", "DATA")
        logger.debug("plain")
        with pytest.raises(TypeError):
            logger.debug("%s %s", "one")
        written.append(file.getvalue())
    assert written[0] == written[1]
    assert config.OutputLogger().file is sys.stderr
