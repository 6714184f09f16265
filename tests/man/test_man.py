#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""A manual page tells of what the program has: test_man.py PROGRAM PAGE

The options, and the commands where there are some, are those that --help prints.
Needs nothing but Python's own library; man-db, if it is there, reads the page.
Prints TAP.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

PROGRAM = Path(sys.argv[1])
PAGE = Path(sys.argv[2])
LETTER = re.compile(r"^ +-(\w), --([a-z-]+)", re.M)
NAME = re.compile(r"(?<![\w-])--([a-z][a-z-]*)")
COMMAND = re.compile(rf"^ +{PROGRAM.name} ([a-z]+) ", re.M)
GROUP = re.compile(r"^ +--help-([a-z]+)", re.M)
PAGE_ITEM = re.compile(r"^\.It (Fl .*)", re.M)
PAGE_OPTION = re.compile(r"Fl (?:(\w) , Fl )?\\-([a-z-]+)")
PAGE_COMMAND = re.compile(r"^\.It Ic ([a-z]+)", re.M)


def help_of(*command, option="--help"):
    return subprocess.run(
        [*tap.command(PROGRAM), *command, option], capture_output=True,
        text=True, check=True, timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout


def commands():
    return COMMAND.findall(help_of())


def groups():
    """Return the options that print more options; GStreamer's are not ours."""
    return [f"--help-{name}" for name in GROUP.findall(help_of())
            if name not in ("all", "gst")]


def options():
    """Return the (letter, name) pairs of all options, also of commands."""
    text = help_of() + "".join(help_of(command) for command in commands()) \
        + "".join(help_of(option=group) for group in groups())
    letters = {name: letter for letter, name in LETTER.findall(text)}
    return {(letters.get(name, ""), name) for name in NAME.findall(text)}


def assert_same(page, program):
    assert page == program, (
        f"only in the page: {sorted(page - program)}, "
        f"only in --help: {sorted(program - page)}")


def test_options():
    program = options()
    assert len(program) > 2, program
    items = "\n".join(PAGE_ITEM.findall(PAGE.read_text()))
    assert_same(set(PAGE_OPTION.findall(items)), program)


def test_commands():
    assert_same(set(PAGE_COMMAND.findall(PAGE.read_text())), set(commands()))


def test_page_can_be_read():
    if not shutil.which("man"):
        raise tap.Skip("there is no man")
    result = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", PAGE],
        capture_output=True, text=True, timeout=60,
        env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
    assert result.returncode == 0 and not result.stderr, result.stderr
    assert PROGRAM.name in result.stdout


tap.main(globals())
