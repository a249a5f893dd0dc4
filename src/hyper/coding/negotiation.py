"""What both sides say of codings: Accept-Encoding and Content-Encoding (RFC 9110 §8.4, §12.5.3).

Strict: a field that breaks the grammar is refused whole, because half of it may mean the contrary.
Several lines of a field are one, joined by commas (RFC 9110 §5.3); that is the caller's to do.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from hyper.coding.errors import BadCodingField, DecodeLimitExceeded
from hyper.coding.limits import DEFAULT_LIMITS, DecodeLimits
from hyper.coding.registry import DEFAULT_REGISTRY, Registry, canonical
from hyper.wire import LocalProtocolError

# RFC 9110 §5.6.2: token = 1*tchar.
_TOKEN: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")

# RFC 9110 §12.4.2: weight = OWS ";" OWS "q=" qvalue, and a qvalue has at most three decimals.
_WEIGHTED: Final = re.compile(
    rb"(?P<coding>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)"
    rb"(?:[ \t]*;[ \t]*[qQ]=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)

_IDENTITY: Final = "identity"
_ANY: Final = "*"


def content_codings(value: bytes, limits: DecodeLimits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The codings of a Content-Encoding, in the order in which they were put on.

    In lower case, `x-gzip` as `gzip`, without `identity`.  Whether they are known is not asked.
    Raises `BadCodingField`, and `DecodeLimitExceeded` for more than `limits.codings`.
    """
    found: list[str] = []
    for element in _elements(value):
        if _TOKEN.fullmatch(element) is None:
            raise BadCodingField("Content-Encoding", "a list of tokens", value)
        coding = canonical(element.decode("ascii"))
        if coding != _IDENTITY:
            found.append(coding)
    if len(found) > limits.codings:
        raise DecodeLimitExceeded("codings", limits.codings, len(found), "codings")
    return tuple(found)


def accept_encoding(
    codings: Iterable[str] | Mapping[str, float] | None = None,
    *,
    identity: bool = True,
    registry: Registry = DEFAULT_REGISTRY,
) -> bytes:
    """An Accept-Encoding of the codings here, or of those given, with their weights of 0 to 1 if
    there are any.  Without `identity`, content that is not encoded is refused too.

    Raises `LocalProtocolError` for a coding that could not be decoded, and for a weight out of
    range.
    """
    chosen = registry.codings if codings is None else codings
    weights = chosen if isinstance(chosen, Mapping) else dict.fromkeys(chosen, 1.0)
    elements: list[str] = []
    for coding, weight in weights.items():
        if canonical(coding) != _IDENTITY and registry.backend(coding) is None:
            known = ", ".join(registry.codings)
            raise LocalProtocolError(f"expected a coding of {known}, got {coding!r}")
        if not 0 <= weight <= 1:
            raise LocalProtocolError(f"expected a weight of 0 to 1 for {coding}, got {weight}")
        shown = f"{weight:.3f}".rstrip("0").rstrip(".")
        elements.append(coding if shown == "1" else f"{coding};q={shown}")
    if not identity:
        elements.append("identity;q=0")
    # RFC 9110 §12.5.3: an empty value says that no coding is wanted, an absent field that any is.
    return ", ".join(elements).encode("ascii")


def coding_weights(value: bytes) -> dict[str, int]:
    """The codings of an Accept-Encoding with their weights, in thousandths; `*` is one of them.

    In lower case, `x-gzip` as `gzip`.  Of a coding that is there twice the smaller weight counts.
    Raises `BadCodingField`.
    """
    weights: dict[str, int] = {}
    for element in _elements(value):
        match = _WEIGHTED.fullmatch(element)
        if match is None:
            raise BadCodingField("Accept-Encoding", "a list of codings with weights", value)
        coding = canonical(match["coding"].decode("ascii"))
        weight = round(float(match["weight"] or b"1") * 1000)
        weights[coding] = min(weight, weights.get(coding, weight))
    return weights


def negotiate(accept: bytes | None, offered: Iterable[str]) -> str | None:
    """Which of the `offered` codings to send, the one that the server likes best first.

    `accept` is the Accept-Encoding of the request, `None` where it has none.  `"identity"` need not
    be offered: it is what is left when nothing else fits, unless the client refuses it.  Then the
    result is `None`, and the answer 406 (Not Acceptable) or, for want of better, the content as it
    is.  Raises `BadCodingField`; what to do then is the caller's to decide.
    """
    if accept is None:
        # RFC 9110 §12.5.3: any coding is acceptable then.  Who asks for none may know none.
        return _IDENTITY
    weights = coding_weights(accept)
    best, best_weight = None, 0.0
    for coding in (*offered, _IDENTITY):
        weight = _weight(canonical(coding), weights)
        if weight > best_weight:
            best, best_weight = coding, weight
    return best


def _weight(coding: str, weights: Mapping[str, int]) -> float:
    """What the client thinks of a coding; 0 if it is not acceptable."""
    if coding in weights:
        return weights[coding]
    if coding != _IDENTITY:
        return weights.get(_ANY, 0)
    # RFC 9110 §12.5.3: no coding is acceptable unless "identity;q=0" or "*;q=0" excludes it.  That
    # nobody has named it means that nobody prefers it.
    return 0 if weights.get(_ANY) == 0 else 0.5


def _elements(value: bytes) -> Iterable[bytes]:
    """The elements of a list; empty ones are none (RFC 9110 §5.6.1)."""
    for part in value.split(b","):
        element = part.strip(b" \t")
        if element:
            yield element
