"""What `chainrule` does: it reads the command line and carries out the command.

A command is a module with a SUMMARY, a DESCRIPTION and EXAMPLES for its help, OPTIONS by their
flags and ARGUMENTS by their names as argparse takes them, and a function `run` of all of these that
gives the exit status.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from nn.commands import evaluate, predict, train
from nn.commands.arguments import CommandError
from nn.exchange import CheckpointError
from nn.training import DivergenceError

PROGRAM = "chainrule"
COMMANDS = {"train": train, "predict": predict, "evaluate": evaluate}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Its exit status is 0 if all went well, 1 if the command failed at its work, 2 if it cannot be
    carried out, and 130 if it was interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names that it has no letters for
    known, unknown = _parser().parse_known_args(arguments)
    options = vars(known)
    name, parser = options.pop("command"), options.pop("parser")
    if unknown:  # argparse would show the usage of the program, and not that of the command.
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        status: int = COMMANDS[name].run(**options)
        return status
    except (DivergenceError, FloatingPointError) as error:
        print(f"{PROGRAM} {name}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # Whoever read the output has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (CommandError, CheckpointError, OSError, ImportError) as error:
        print(f"{PROGRAM} {name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=f"Neural networks made of scalars. '{PROGRAM} COMMAND --help' says more.",
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {_version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(
            name,
            help=command.SUMMARY,
            description=command.DESCRIPTION,
            epilog=command.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        subparser.set_defaults(parser=subparser)
        for argument, settings in command.ARGUMENTS.items():
            subparser.add_argument(argument, **settings)
        for flag, settings in command.OPTIONS.items():
            subparser.add_argument(f"--{flag}", **settings)
    return parser


def _version() -> str:
    try:
        return version("chainrule")
    except PackageNotFoundError:
        return "(not installed)"
