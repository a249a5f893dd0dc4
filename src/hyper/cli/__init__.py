"""The command line: `hyper get`, `hyper serve`, and the tour that `hyper` alone gives.

Not here: anything that a program would want to import; that is what the floors below are for.
"""

import sys
from collections.abc import Sequence

from hyper.cli.arguments import GetOptions, Options, ServeOptions, parse_arguments
from hyper.cli.errors import Exit, exit_code, local_error
from hyper.cli.faults import Faults
from hyper.cli.get import run_get
from hyper.cli.output import Screen, complain, let_go, open_screen
from hyper.cli.serve import run_serve
from hyper.cli.tour import run_tour
from hyper.wire import HyperError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code.  What goes wrong is one line on stderr."""
    screen = open_screen(sys.stderr)
    faults = Faults(screen)
    if arguments is None:
        arguments = sys.argv[1:]
        faults.hook()
    try:
        return _run(parse_arguments(arguments), screen, faults)
    except KeyboardInterrupt:
        complain(screen, "interrupted")
        return Exit.INTERRUPTED
    except HyperError as error:
        complain(screen, str(error))
        return exit_code(error)
    except OSError as error:
        # Files and sockets have been dealt with where they are used; what is left is printing.
        complain(screen, str(local_error("stdout", error)))
        return Exit.LOCAL
    finally:
        let_go(sys.stdout)
        let_go(sys.stderr)


def _run(options: Options, screen: Screen, faults: Faults) -> int:
    if isinstance(options, GetOptions):
        return faults.run(run_get(options, sys.stdout, screen))
    if isinstance(options, ServeOptions):
        return faults.run(run_serve(options, open_screen(sys.stdout), sys.stderr))
    return faults.run(run_tour(options, open_screen(sys.stdout)))
