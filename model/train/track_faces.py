#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Run the plugin over the validation faces and write its results to a file.

    model/train/track_faces.py --data DATA --output tracked.csv

GStreamer must find the plugin: installed, or by `meson devenv -C build`. Each
picture is shown as a camera would: its face is 100 to 160 pixels wide and
somewhere near the middle of a frame of 320x240, since a detector whose cells
form a grid is not equally good everywhere; around the picture, its edge is
extended and blurred. Size and place depend only on the picture's name. A frame
is shown a few times, like a face that is held still, and there are seconds
between two faces, so that none is taken for the one before. The largest face
of the last frame counts. evaluate_gender.py --tracked measures the file:

    collection,file     the picture
    x,y,width,height    the face's box in pixels of the picture
    male                the probability that the plugin gives

A picture in which no face is found has no line.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import gi
import numpy as np

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

from data import (FaceSet, add_data_argument, load_lfw,  # noqa: E402
                  load_utkface, percentile)

WIDTH, HEIGHT = 320, 240
SMALLEST, LARGEST = 100, 160
REACH = 24
BLUR = 12
SHOWINGS = 3
FRAME_TIME = Gst.SECOND // 30
PAUSE = 10 * Gst.SECOND
WAIT = 10 * Gst.SECOND


@dataclass
class Region:
    """A face in a message: its box in the frame and p(male)."""

    x: float
    y: float
    width: float
    height: float
    male: float


class Plugin:
    """A pipeline that frames are pushed into one by one; a context manager."""

    def __init__(self, detector: str, model: Path) -> None:
        caps = (f"video/x-raw,format=RGB,width={WIDTH},height={HEIGHT},"
                "framerate=30/1")
        self._pipeline = Gst.parse_launch(
            f"appsrc name=in format=time caps={caps} ! {detector} "
            f'! cnninference model="{model}" post-messages=true '
            "! appsink name=out sync=false")
        self._in = self._pipeline.get_by_name("in")
        self._out = self._pipeline.get_by_name("out")
        self._bus = self._pipeline.get_bus()
        self._time = 0

    def __enter__(self) -> "Plugin":
        self._pipeline.set_state(Gst.State.PLAYING)
        return self

    def __exit__(self, *_: object) -> None:
        self._pipeline.set_state(Gst.State.NULL)

    def pause(self) -> None:
        """Let so much time pass that the next face is another."""
        self._time += PAUSE

    def push(self, frame: np.ndarray) -> list[Region]:
        """Return the faces of the next frame, uint8, (HEIGHT, WIDTH, 3)."""
        buffer = Gst.Buffer.new_wrapped(frame.tobytes())
        buffer.pts, buffer.duration = self._time, FRAME_TIME
        self._time += FRAME_TIME
        self._in.emit("push-buffer", buffer)
        sample = self._out.emit("try-pull-sample", WAIT)
        regions = list(self._regions())
        if not sample:
            raise SystemExit("the pipeline gave no frame back")
        return regions

    def show(self, frame: np.ndarray) -> list[Region]:
        """Return the faces of a frame that is shown a few times."""
        self.pause()
        return [self.push(frame) for _ in range(SHOWINGS)][-1]

    def _regions(self) -> Iterator[Region]:
        """Yield the regions in the messages that have arrived."""
        while message := self._bus.pop_filtered(Gst.MessageType.ELEMENT
                                                | Gst.MessageType.ERROR):
            if message.type == Gst.MessageType.ERROR:
                raise SystemExit(message.parse_error()[0].message)
            structure = message.get_structure()
            if structure.get_name() == "cnninference":
                _, values = structure.get_list("regions")
                for index in range(values.n_values):
                    yield self._region(values.get_nth(index))

    @staticmethod
    def _region(structure: Gst.Structure) -> Region:
        x, y, width, height, label, confidence = (
            structure.get_value(name) for name in
            ("x", "y", "width", "height", "label-id", "confidence"))
        return Region(x, y, width, height,
                      confidence if label == 1 else 1 - confidence)


def spread(name: str, low: float, high: float) -> float:
    """Return a number between low and high that depends on the name."""
    return low + (high - low) * percentile(name) / 99


def framed(picture: np.ndarray, box: np.ndarray, side: float,
           centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place a picture in a frame, its face box side pixels wide at the centre.

    Returns the frame, uint8, (HEIGHT, WIDTH, 3), the position in the picture
    of the frame's corner, and the picture pixels per frame pixel: x, y, step.
    """
    step = float(box[2]) / side
    corner = box[:2] + box[2:] / 2 - centre * step
    linear = np.array([[step, 0, corner[0]], [0, step, corner[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    sharp = cv2.warpAffine(picture, linear, (WIDTH, HEIGHT), flags=flags,
                           borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(np.ones(picture.shape[:2], np.float32), linear,
                            (WIDTH, HEIGHT), flags=flags)
    if sharp.ndim == 2:
        sharp = cv2.cvtColor(sharp, cv2.COLOR_GRAY2RGB)
    blurred = cv2.GaussianBlur(sharp, (0, 0), BLUR)
    frame = blurred + (sharp - blurred.astype(np.float32)) * inside[..., None]
    return frame.round().astype(np.uint8), np.array([*corner, step])


def staged(faces: FaceSet, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Place a face in a frame, as large and where its name says.

    Returns what framed() does.
    """
    file = faces.files[number]
    centre = np.array([WIDTH / 2 + spread(f"{file} x", -REACH, REACH),
                       HEIGHT / 2 + spread(f"{file} y", -REACH, REACH)])
    return framed(faces.pictures[number], faces.boxes[number].numpy(),
                  spread(file, SMALLEST, LARGEST), centre)


def largest(regions: list[Region]) -> Region:
    """Return the region that is widest."""
    return max(regions, key=lambda region: region.width)


def track(plugin: Plugin, collection: str,
          faces: FaceSet) -> Iterator[list[str]]:
    """Yield a line of the file for each face that is found."""
    for number, file in enumerate(faces.files):
        frame, (x, y, step) = staged(faces, number)
        regions = plugin.show(frame)
        if regions:
            face = largest(regions)
            yield [collection, file] + [
                f"{value:.2f}" for value in (
                    x + face.x * step, y + face.y * step, face.width * step,
                    face.height * step)] + [f"{face.male:.6f}"]
        if number % 100 == 99:
            print(f"{collection} {number + 1}/{len(faces)}", file=sys.stderr)


def main() -> None:
    """Track both collections' validation faces."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, "utkface and lfw-dev")
    parser.add_argument("--model", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to run")
    parser.add_argument("--detector", default="facetracker",
                        help="what finds the faces, as gst-launch-1.0 would "
                             "take it")
    parser.add_argument("--output", type=Path, required=True,
                        help="file to write")
    options = parser.parse_args()

    Gst.init(None)
    with (Plugin(options.detector, options.model) as plugin,
          options.output.open("w", newline="") as output):
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow(["collection", "file", "x", "y", "width", "height",
                         "male"])
        for collection, load in (("utkface", load_utkface),
                                 ("lfw", load_lfw)):
            writer.writerows(track(plugin, collection,
                                   load(options.data, "val")))


if __name__ == "__main__":
    main()
