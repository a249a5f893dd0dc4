"""The two ends of a connection."""

from hyper.wire import Role


def test_there_are_two_roles_and_they_are_numbers() -> None:
    assert [(role.name, int(role)) for role in Role] == [("CLIENT", 0), ("SERVER", 1)]
