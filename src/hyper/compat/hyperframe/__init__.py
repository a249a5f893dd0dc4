"""hyperframe 6.1 by its own names, over `hyper.frame` (RFC 9113 §4, §6).

    from hyper.compat.hyperframe.frame import DataFrame, Frame

Not here: the few differences and why they are there; docs/compat/hyperframe.md lists them.
"""

__all__: list[str] = []

__version__ = "6.1.0"
