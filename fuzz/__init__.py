"""Fuzz targets: README.md says how to run one and how to write one."""
