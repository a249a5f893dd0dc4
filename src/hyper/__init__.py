"""Hyper: composable pieces for building HTTP/1.1 and HTTP/2 software.

The pieces stand on floors.  A package imports itself and lower floors, never upward.

====== ================ ===========================================================
Nothing is imported here: each piece is used, and paid for, by itself.
"""

__version__ = "0.1.0"
