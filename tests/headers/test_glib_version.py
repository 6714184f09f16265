#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""All C is compiled for the oldest GLib that is needed: test_glib_version.py BUILD

What is newer is refused, on a system that has it too; what has been deprecated
since is not. Needs nothing but Python's own library. Prints TAP.
"""

import json
import shlex
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import tap  # noqa: E402

BUILD = Path(sys.argv[1])
COMMANDS = [entry for entry in
            json.loads((BUILD / "compile_commands.json").read_text())
            if entry["file"].endswith(".c")]


def compile_as_ours(statement):
    """Compile a function of one statement as a file of src/base is compiled, with
    warnings as errors. Return what the compiler says."""
    entry = next(entry for entry in COMMANDS if "/src/base/" in entry["file"])
    command = shlex.split(entry["command"])
    # Without the names of what is written, and of what is compiled.
    command = command[:command.index("-MD")]
    return subprocess.run(
        [*command, "-Werror", "-fsyntax-only", "-xc", "-"],
        cwd=entry["directory"], text=True, capture_output=True, timeout=60,
        input="#include <glib.h>\n"
              "void function (GString *string, gint *numbers);\n"
              "void function (GString *string, gint *numbers)\n"
              f"{{\n  {statement}\n}}\n").stderr


def test_all_files():
    for entry in COMMANDS:
        for macro in ["MIN_REQUIRED", "MAX_ALLOWED"]:
            assert f"-DGLIB_VERSION_{macro}=GLIB_VERSION_2_74" \
                in entry["command"], entry["file"]
    assert len(COMMANDS) > 100, "these are not all files"


def test_what_there_was():
    said = compile_as_ours("g_string_free (string, TRUE);")
    assert not said, said


def test_newer():
    said = compile_as_ours("g_free (g_string_free_and_steal (string));")
    assert "g_string_free_and_steal" in said, "a function of 2.76 is not refused"


def test_deprecated_since():
    said = compile_as_ours(
        "g_qsort_with_data (numbers, 2, sizeof *numbers, NULL, NULL);")
    assert not said, said


tap.main(globals())
