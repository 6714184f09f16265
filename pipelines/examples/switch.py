#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Play a film or a camera, and switch explanation and layout while it plays.

    switch.py [--seconds N] [--every N] [--sink ELEMENT] [FILE | /dev/videoN]

Without a file it shows the camera /dev/video0. It ends with the film,
or after --seconds.

Needs python3-gi.
"""

import argparse
import itertools

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

FILM = """filesrc name=source
    ! decodebin expose-all-streams=false caps=video/x-raw(ANY) ! queue"""
# One picture waits at most, so that no delay builds up.
CAMERA = """v4l2src name=source
    ! decodebin ! queue leaky=downstream max-size-buffers=1"""
SHOW = """ ! videoconvert ! videoflip video-direction=auto
    ! activationmap name=maps ! videoconvert ! {sink}"""

SCENES = itertools.cycle([("none", "dock"), ("hires-cam", "dock"),
                          ("hires-cam", "beside"), ("grad-cam", "beside"),
                          ("grad-cam", "face")])


def make_pipeline(source, sink):
    """Return a pipeline that shows a file or a camera."""
    is_camera = source.startswith("/dev/video")
    pipeline = Gst.parse_launch((CAMERA if is_camera else FILM)
                                + SHOW.format(sink=sink))
    pipeline.get_by_name("source").set_property(
        "device" if is_camera else "location", source)
    return pipeline


def switch(maps):
    """Set the next of SCENES. Any property may be set while frames pass."""
    explain, layout = next(SCENES)
    Gst.util_set_object_arg(maps, "explain", explain)
    Gst.util_set_object_arg(maps, "layout", layout)
    print("explain={} layout={}".format(
        maps.get_property("explain").value_nick,
        maps.get_property("layout").value_nick), flush=True)
    return GLib.SOURCE_CONTINUE


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0,
                        help="end after this time (default: play on)")
    parser.add_argument("--every", type=float, default=2,
                        help="seconds between two switches (default: 2)")
    parser.add_argument("--sink", default="autovideosink")
    parser.add_argument("source", nargs="?", default="/dev/video0")
    arguments = parser.parse_args()

    Gst.init(None)
    loop = GLib.MainLoop()
    pipeline = make_pipeline(arguments.source, arguments.sink)
    maps = pipeline.get_by_name("maps")
    errors = []

    def fail(_bus, message):
        errors.append("{0.message}\n{1}".format(*message.parse_error()))
        loop.quit()

    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message::eos", lambda *_: loop.quit())
    bus.connect("message::error", fail)

    switch(maps)
    GLib.timeout_add(round(arguments.every * 1000), switch, maps)
    if arguments.seconds:
        GLib.timeout_add(round(arguments.seconds * 1000), loop.quit)
    pipeline.set_state(Gst.State.PLAYING)
    try:
        loop.run()
    except KeyboardInterrupt:
        pass
    pipeline.set_state(Gst.State.NULL)
    raise SystemExit(errors[0] if errors else 0)


main()
