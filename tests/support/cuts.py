"""The ways in which bytes can be cut: of no protocol, so that each piece can test with them."""

from itertools import pairwise

from hypothesis import strategies as st


@st.composite
def cuts_of(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The data in pieces, none of them empty: an empty one would be the end of input."""
    if not data:
        return []
    style = draw(st.sampled_from(["anywhere", "one by one", "near the headers"]))
    if style == "one by one" and len(data) <= 2_000:
        return [data[at : at + 1] for at in range(len(data))]
    last = len(data) - 1
    places = st.integers(1, last) if last else st.nothing()
    near = st.integers(1, min(40, last)) if last else st.nothing()
    chosen = draw(st.sets(near if style == "near the headers" else places, max_size=8))
    edges = [0, *sorted(chosen), len(data)]
    return [data[a:b] for a, b in pairwise(edges)]
