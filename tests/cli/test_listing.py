"""The page of a folder."""

import re

from hyper.cli.listing import Entry, listing


def links(page: bytes) -> list[str]:
    return re.findall(r'href="([^"]*)"', page.decode())


def test_folders_come_first_and_all_by_the_alphabet() -> None:
    entries = [Entry("b", 1), Entry("a", 2), Entry("z", None), Entry("B2", 3), Entry("y", None)]
    assert links(listing([], entries)) == ["./y/", "./z/", "./a", "./b", "./B2"]


def test_a_folder_below_leads_up_again() -> None:
    assert links(listing(["sub"], [])) == ["../"]
    assert links(listing([], [])) == [], "there is nothing above the top"


def test_a_file_shows_its_size() -> None:
    page = listing([], [Entry("f", 2048), Entry("d", None)]).decode()
    assert '<a href="./f">f</a></td><td>2.0 KiB<' in page
    assert '<a href="./d/">d/</a></td><td><' in page, "the size of a folder says nothing"


def test_a_name_cannot_become_a_part_of_the_page() -> None:
    page = listing(["<b>"], [Entry('"><script>alert(1)</script>', 1)])
    assert b"<script>" not in page
    assert b"<title>/&lt;b&gt;/</title>" in page


def test_a_name_cannot_become_something_else_in_a_link() -> None:
    names = ["a b", "a?b", "a#b", "50%", "javascript:alert(1)", "ü"]
    assert links(listing([], [Entry(name, 1) for name in names])) == [
        "./50%25",
        "./a%20b",
        "./a%23b",
        "./a%3Fb",
        "./javascript%3Aalert%281%29",
        "./%C3%BC",
    ]


def test_a_name_that_is_no_utf_8_can_be_linked_to() -> None:
    page = listing([], [Entry("\udcff", 1)])
    assert links(page) == ["./%FF"], "the octet that the file system has"
    assert page.decode(), "and the page is UTF-8 all the same"
