#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Tests that the players people have can show the streams of activationmap-server,
over TCP and UDP.

    test_clients.py
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(__file__))
from web_server import Server, tap  # noqa: E402

PATIENCE = 120
WIDTH, HEIGHT, COUNT = 640, 480, 10
FOLDER = tempfile.TemporaryDirectory()

# With Debian's own interpreter, which has Debian's OpenCV.
OPENCV = """
import sys, cv2
stream = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG)
for _ in range(int(sys.argv[2])):
    there, picture = stream.read()
    print(*picture.shape if there else "-")
"""


def make_environment(**variables):
    """Return one in which players do not see the plugin of this build."""
    own = {name: value for name, value in os.environ.items()
           if not name.startswith("GST_")}
    return {**own, "GST_REGISTRY": os.path.join(FOLDER.name, "registry"),
            **variables}


def run(*command, statuses=(0,), **variables):
    """Return what a program writes, on both outputs, once it has ended."""
    if not shutil.which(command[0]):
        raise tap.Skip(f"there is no {command[0]}")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=PATIENCE, env=make_environment(**variables),
                          check=False)
    errors = done.stderr.decode(errors="replace")
    assert done.returncode in statuses, (done.returncode, errors)
    return done.stdout, errors


def probe(transport, url):
    output, _ = run("ffprobe", "-v", "error", "-rtsp_transport", transport,
                    "-show_entries", "stream=codec_name,width,height",
                    "-of", "csv=p=0", url)
    assert output.decode().strip() == f"h264,{WIDTH},{HEIGHT}", output


def decode_with_ffmpeg(transport, url):
    output, _ = run("ffmpeg", "-v", "error", "-rtsp_transport", transport, "-i", url,
                    "-frames:v", str(COUNT), "-pix_fmt", "gray", "-f", "rawvideo",
                    "-")
    assert len(output) == COUNT * WIDTH * HEIGHT, len(output)


def copy_with_ffmpeg(transport, url):
    """As into a recording, which can then be read."""
    path = os.path.join(FOLDER.name, f"{transport}.mkv")
    run("ffmpeg", "-v", "error", "-rtsp_transport", transport, "-i", url, "-c",
        "copy", "-frames:v", str(COUNT), path)
    output, errors = run("ffprobe", "-v", "error", "-count_frames", "-show_entries",
                         "stream=nb_read_frames", "-of", "csv=p=0", path)
    assert int(output) == COUNT and not errors, (output, errors)


def play_with_rtspsrc(transport, url):
    """Its goodbye may come when the server has hung up, which it takes for an
    error; the pictures are there."""
    output, _ = run("gst-launch-1.0", "-q", "rtspsrc", f"location={url}",
                    f"protocols={transport}", "!", "rtph264depay", "!",
                    "avdec_h264", "!", "videoconvert", "!",
                    f"video/x-raw,format=GRAY8,width={WIDTH},height={HEIGHT}", "!",
                    "identity", f"eos-after={COUNT + 1}", "!", "fdsink",
                    statuses=(0, 1))
    assert len(output) == COUNT * WIDTH * HEIGHT, len(output)


def play_with_mpv(transport, url):
    output, _ = run("mpv", "--no-config", "--vo=null", "--ao=null",
                    f"--frames={COUNT}", f"--rtsp-transport={transport}", url)
    assert f"{WIDTH}x{HEIGHT}".encode() in output, output


def read_with_opencv(transport, url):
    python = "/usr/bin/python3"
    if subprocess.run([python, "-c", "import cv2"], capture_output=True,
                      check=False).returncode:
        raise tap.Skip("there is no OpenCV for Python")
    output, _ = run(python, "-c", OPENCV, url, str(COUNT),
                    OPENCV_FFMPEG_CAPTURE_OPTIONS=f"rtsp_transport;{transport}")
    assert output.decode().splitlines() == [f"{HEIGHT} {WIDTH} 3"] * COUNT, output


CLIENTS = (probe, decode_with_ffmpeg, copy_with_ffmpeg, play_with_rtspsrc,
           play_with_mpv, read_with_opencv)

if __name__ == "__main__":
    with Server() as server:
        tap.main({f"test_{client.__name__}_over_{transport}":
                  functools.partial(client, transport, server.rtsp)
                  for client in CLIENTS for transport in ("tcp", "udp")})
