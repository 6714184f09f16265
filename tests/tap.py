# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Runs the functions of a module whose names begin with test_, and prints TAP."""

import os
import shlex
import sys


class Skip(Exception):
    """Raised by a test that cannot be done here, with the reason."""


def command(program):
    """Return the command that runs a program of this build: Meson names the
    emulator, if it needs one."""
    return [*shlex.split(os.environ.get("MESON_EXE_WRAPPER", "")), str(program)]


def main(namespace):
    """Run all tests of globals() and exit."""
    tests = [(name, function) for name, function in namespace.items()
             if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, function) in enumerate(tests, 1):
        try:
            function()
            print(f"ok {number} - {name[5:]}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name[5:]} # SKIP {reason}", flush=True)
        except Exception as error:  # a failed test must not end the others
            failed = 1
            detail = f"{type(error).__name__}: {error}".replace("\n", "\n# ")
            line = error.__traceback__
            while line.tb_next:
                line = line.tb_next
            print(f"# line {line.tb_lineno}: {detail}")
            print(f"not ok {number} - {name[5:]}", flush=True)
    sys.exit(failed)
