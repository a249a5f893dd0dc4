"""What stands for python-hyper's h2, release 4.4.1: its module names, classes and behaviour.

As in the original, nothing is exported here but the version: software imports the modules.  Not
here: what the engine of Hyper does differently on purpose; docs/compat/h2.md lists it.
"""

__version__ = "4.4.1"
