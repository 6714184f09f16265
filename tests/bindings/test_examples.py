#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests the example programs with the sample clip.

    test_examples.py FOLDER PREDICTIONS CLIP
"""

import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap  # noqa: E402

FOLDER, PREDICTIONS, CLIP = sys.argv[1:4]
FACE = re.compile(r"\d+\.\d{3} s, face \d+: (Female|Male) [01]\.\d\d")
LAYER = re.compile(r"    \w+: shape \(\d+, \d+, \d+\), maximum \d+\.\d{3}")


def run(*command):
    """Run a program; return its status, its output lines and its errors."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=300,
                          check=False)
    print("# " + done.stderr[-2000:].replace("\n", "\n# "))
    return done.returncode, done.stdout.splitlines(), done.stderr


def script(name, *arguments):
    """Run an example in Python, or skip where its modules are missing."""
    missing = subprocess.run(
        [sys.executable, "-c", "import gi\n"
         "gi.require_version('Gst', '1.0')\n"
         "gi.require_version('GstApp', '1.0')\n"
         + ("import numpy\n"
            "gi.require_version('GstActivationMeta', '1.0')\n"
            if name == "maps.py" else "")],
        stderr=subprocess.PIPE, text=True, check=False)
    if missing.returncode:
        raise tap.Skip(missing.stderr.strip().splitlines()[-1])
    return run(sys.executable, os.path.join(FOLDER, name), *arguments)


def need_decoder():
    """Skip where the clip cannot be decoded."""
    if subprocess.run(["gst-inspect-1.0", "--exists", "avdec_h264"],
                      check=False).returncode:
        raise tap.Skip("there is no element avdec_h264")


def shows_maps(*arguments):
    """Check each line of maps.py, and return them."""
    need_decoder()
    status, lines, _ = script("maps.py", *arguments)
    assert status == 0
    assert FACE.fullmatch(lines[0]), lines[0]
    assert all(FACE.fullmatch(line) or LAYER.fullmatch(line) for line in lines)
    faces = [line for line in lines if FACE.fullmatch(line)]
    assert len(lines) >= 4 * len(faces)  # three layers at least
    return lines


def test_maps():
    """The appsink and the probe see the same maps."""
    assert shows_maps(CLIP) == shows_maps("--probe", CLIP)


def test_maps_without_film():
    status, lines, error = script("maps.py", "/no/such/film")
    assert status == 1 and not lines
    assert "/no/such/film" in error, error


def test_predictions():
    need_decoder()
    status, lines, _ = run(PREDICTIONS, CLIP)
    assert status == 0
    assert lines and all(FACE.fullmatch(line) for line in lines)


def test_predictions_without_film():
    status, lines, error = run(PREDICTIONS, "/no/such/film")
    assert status == 1 and not lines
    assert "/no/such/film" in error, error
    assert run(PREDICTIONS)[0] == 2


def test_switch_until_end():
    need_decoder()
    status, lines, _ = script("switch.py", "--sink", "fakesink", CLIP)
    assert status == 0
    assert lines[0] == "explain=none layout=dock"


def test_switch_for_a_while():
    """The example switches before the time is up, and goes on playing."""
    need_decoder()
    status, lines, _ = script("switch.py", "--seconds", "4", "--every", "0.5",
                              "--sink", "fakesink sync=true", CLIP)
    assert status == 0
    assert lines[:3] == ["explain=none layout=dock",
                         "explain=hires-cam layout=dock",
                         "explain=hires-cam layout=beside"]


def test_switch_without_film():
    status, _, error = script("switch.py", "--sink", "fakesink",
                              "/no/such/film")
    assert status == 1
    assert "/no/such/film" in error, error


tap.main(globals())
