"""The tests.  `tests/<package>/test_<module>.py` mirrors `src/hyper/<package>/<module>.py`."""
