#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Measure the face detector as users run it and print Markdown tables.

    meson devenv -C build model/train/evaluate_face.py --pictures FDDB \\
        --pictures STREET --clips CLIPS

Pictures and clips go through the elements facetracker, with its default model,
and regionjson. --pictures is a folder with images/ and annotations.json, which
gives the boxes (x, y, width, height) of the faces of each file, as "boxes" or
as "box" and "kind" of each of "faces", and for FDDB the ellipses in them
(major radius, minor radius, angle in radians, centre x, y). --clips is a
folder of videos that show one person each.

Choices are made on the one half of the pictures (--half choose) and reported on
the other (--half report); which half a picture is of depends on its name.
Intervals are of 95 %, by drawing pictures with replacement (bootstrap).

The tracker's squares are mapped to the boxes of ellipses first: BOX_WIDTH,
BOX_HEIGHT and BOX_RISE are the ratios between what a Viola-Jones detector finds
and such ellipses. A face is found if a box that is not matched to another face
overlaps it by half (intersection over union); surer boxes are matched first.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import gi
import numpy as np

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402, F401

from data import percentile  # noqa: E402

# Side of the square over width and over height of the ellipse's box, and how
# much lower the square's centre is, in heights.
BOX_WIDTH = 1.1
BOX_HEIGHT = 0.73
BOX_RISE = 0.05
FOUND_OVERLAP = 0.5
LOWEST_CONFIDENCE = 0.05
PRECISIONS = (0.95, 0.97, 0.98)
N_DRAWS = 1000
HALVES = ("choose", "report")
SHORT_LIFE = 3


@dataclass
class Box:
    """A box in pixels, how sure the detector is of it, and the face's id."""

    x: float
    y: float
    width: float
    height: float
    confidence: float = 1.0
    id: int = 0

    def overlap(self, other: "Box") -> float:
        """Return the intersection over union."""
        width = (min(self.x + self.width, other.x + other.width)
                 - max(self.x, other.x))
        height = (min(self.y + self.height, other.y + other.height)
                  - max(self.y, other.y))
        shared = max(0.0, width) * max(0.0, height)
        return shared / (self.width * self.height
                         + other.width * other.height - shared)

    def round_ellipse(self) -> "Box":
        """Return the box of the ellipse that corresponds to this square."""
        width, height = self.width / BOX_WIDTH, self.height / BOX_HEIGHT
        x = self.x + self.width / 2
        y = self.y + self.height / 2 - BOX_RISE * height
        return Box(x - width / 2, y - height / 2, width, height,
                   self.confidence, self.id)


@dataclass
class Face:
    """A face of the collection, its properties, and whether it was found.

    tilt: degrees from upright, where it is known
    luma: mean in the box, 0..255
    size: width in shares of the picture's smaller side
    kind: what the collection says of it
    confidence: that of the box that found it, 0 if none did
    """

    box: Box
    tilt: float | None
    luma: float
    size: float
    kind: str
    confidence: float = 0.0


@dataclass
class Picture:
    """The faces of a picture; and of each box, its confidence and success."""

    faces: list[Face]
    results: list[tuple[float, bool]]


def read_boxes(line: bytes) -> list[Box]:
    """Return the faces of one line of regionjson, in pixels."""
    frame = json.loads(line)
    width, height = (frame["resolution"][key] for key in ("width", "height"))
    boxes = []
    for entry in frame.get("objects", []):
        detection = entry["detection"]
        left, right, top, bottom = (
            detection["bounding_box"][key]
            for key in ("x_min", "x_max", "y_min", "y_max"))
        boxes.append(Box(left * width, top * height, (right - left) * width,
                         (bottom - top) * height, detection["confidence"],
                         entry.get("region_id", 0)))
    return boxes


def start(description: str) -> Gst.Pipeline:
    """Start a pipeline that ends in an appsink called "lines"."""
    pipeline = Gst.parse_launch(
        f"{description} ! regionjson ! appsink name=lines sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    return pipeline


def pull(pipeline: Gst.Pipeline) -> list[Box] | None:
    """Return the faces of the next frame, or None at the end."""
    sample = pipeline.get_by_name("lines").pull_sample()
    if sample is None:
        message = pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
        if message:
            raise SystemExit(message.parse_error()[0].message)
        return None
    buffer = sample.get_buffer()
    return read_boxes(buffer.extract_dup(0, buffer.get_size()))


class PictureTracker:
    """Runs facetracker on pictures that are unrelated to each other."""

    def __init__(self) -> None:
        self._pipeline = start(
            "appsrc name=pictures format=time ! facetracker follow=off "
            f"confidence={LOWEST_CONFIDENCE} max-faces=64")

    def find(self, rgb: np.ndarray) -> list[Box]:
        """Return the faces of an (H, W, 3) uint8 picture."""
        height, width = rgb.shape[:2]
        stride = -(-3 * width // 4) * 4
        rows = np.zeros((height, stride), np.uint8)
        rows[:, :3 * width] = rgb.reshape(height, 3 * width)
        buffer = Gst.Buffer.new_wrapped(rows.tobytes())
        caps = Gst.Caps.from_string(
            f"video/x-raw,format=RGB,width={width},height={height},"
            "framerate=0/1")
        self._pipeline.get_by_name("pictures").push_sample(
            Gst.Sample.new(buffer, caps, None, None))
        return pull(self._pipeline)

    def close(self) -> None:
        """Stop the pipeline."""
        self._pipeline.set_state(Gst.State.NULL)


def match(faces: list[Face], boxes: list[Box]) -> list[tuple[float, bool]]:
    """Match boxes to faces; return confidence and success of each box."""
    results = []
    free = list(faces)
    for box in sorted(boxes, key=lambda each: -each.confidence):
        best = max(free, key=lambda face: face.box.overlap(box), default=None)
        found = best is not None and best.box.overlap(box) >= FOUND_OVERLAP
        if found:
            best.confidence = box.confidence
            free.remove(best)
        results.append((box.confidence, found))
    return results


def faces_of(entry: dict[str, Any], gray: np.ndarray) -> Iterator[Face]:
    """Yield the annotated faces of a picture."""
    marked = entry.get("faces") or [{"box": box}
                                    for box in entry.get("boxes", [])]
    for number, each in enumerate(marked):
        box = Box(*each["box"])
        left, top = max(0, int(box.x)), max(0, int(box.y))
        inside = gray[top:int(box.y + box.height),
                      left:int(box.x + box.width)]
        tilt = None
        if "ellipses" in entry:
            degrees = abs(math.degrees(entry["ellipses"][number][2])) % 180
            tilt = abs(90 - degrees)
        yield Face(box, tilt, float(inside.mean()),
                   box.width / min(gray.shape), each.get("kind", ""))


def measure_pictures(folder: Path, half: str | None) -> list[Picture]:
    """Find the faces of all annotated pictures, or of half of them."""
    tracker = PictureTracker()
    measured = []
    for entry in json.loads((folder / "annotations.json").read_text()):
        if half and HALVES[percentile(entry["file"]) % 2] != half:
            continue
        bgr = cv2.imread(str(folder / "images" / entry["file"]))
        faces = list(faces_of(entry, cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY)))
        boxes = tracker.find(np.ascontiguousarray(bgr[:, :, ::-1]))
        measured.append(Picture(faces, match(
            faces, [box.round_ellipse() for box in boxes])))
    tracker.close()
    return measured


def curve_of(pictures: list[Picture]
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return confidence, recall and precision after each box, surest first."""
    ordered = sorted((result for picture in pictures
                      for result in picture.results), reverse=True)
    hits = np.cumsum([hit for _, hit in ordered])
    n_faces = max(1, sum(len(picture.faces) for picture in pictures))
    return (np.array([sure for sure, _ in ordered]), hits / n_faces,
            hits / np.arange(1, len(ordered) + 1))


def recall_at(pictures: list[Picture], precision: float) -> float:
    """Return the highest recall at which a precision is kept."""
    _, recall, precisions = curve_of(pictures)
    return max(recall[precisions >= precision], default=0.0)


def average_precision(pictures: list[Picture]) -> float:
    """Return the area under the curve of precision, made monotonic."""
    _, recall, precision = curve_of(pictures)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0) * envelope))


def interval_of(figure: Callable[[list[Picture]], float],
                pictures: list[Picture]) -> str:
    """Return a figure with its interval."""
    random = np.random.default_rng(1)
    drawn = [figure([pictures[index] for index in random.integers(
        len(pictures), size=len(pictures))]) for _ in range(N_DRAWS)]
    low, high = np.percentile(drawn, (2.5, 97.5))
    return f"{figure(pictures):.3f} ({low:.3f} to {high:.3f})"


def print_pictures(pictures: list[Picture], default: float) -> None:
    """Print recall and precision, and recall by kinds of faces."""
    confidence, recall, precision = curve_of(pictures)
    print("\n| confidence from | recall | precision | |\n|---|---|---|---|")

    def row(number: int, threshold: float, note: str) -> None:
        print(f"| {threshold:.2f} | {recall[number]:.3f} | "
              f"{precision[number]:.3f} | {note} |")

    row(np.nonzero(confidence >= default)[0][-1], default,
        "facetracker's default")
    for wanted in PRECISIONS:
        enough = np.nonzero(precision >= wanted)[0]
        if len(enough):
            row(enough[-1], confidence[enough[-1]], "recall " + interval_of(
                lambda drawn: recall_at(drawn, wanted), pictures))
    print("\nAverage precision:", interval_of(average_precision, pictures))
    print_groups([face for picture in pictures for face in picture.faces],
                 default)


def print_groups(faces: list[Face], default: float) -> None:
    """Print the recall of each kind of faces."""
    print("\n| faces | number | found |\n|---|---|---|")

    def group(name: str, belongs: Callable[[Face], bool]) -> None:
        members = [face for face in faces if belongs(face)]
        if members:
            found = sum(face.confidence >= default for face in members)
            print(f"| {name} | {len(members)} | "
                  f"{found / len(members):.3f} |")

    group("all", lambda face: True)
    for low, high in ((0, 1 / 8), (1 / 8, 1 / 4), (1 / 4, 1 / 2), (1 / 2, 2)):
        group(f"width {low:.3g} to {high:.3g} of the picture",
              lambda face: low <= face.size < high)
    for low, high in ((0, 10), (10, 20), (20, 91)):
        group(f"{low} to {min(high, 90)} degrees tilted",
              lambda face: face.tilt is not None and low <= face.tilt < high)
    for low, high in ((0, 70), (70, 140), (140, 256)):
        group(f"mean luma {low} to {high - 1}",
              lambda face: low <= face.luma < high)
    for kind in sorted({face.kind for face in faces} - {""}):
        group(kind.replace("_", " "), lambda face: face.kind == kind)


def frames_of(clip: Path) -> Iterator[list[Box]]:
    """Yield the faces of each frame of a video."""
    pipeline = start(f'filesrc location="{clip}" ! decodebin '
                     "expose-all-streams=false caps=video/x-raw(ANY) ! "
                     "videoconvert ! videoflip video-direction=auto ! "
                     "facetracker")
    while (boxes := pull(pipeline)) is not None:
        yield boxes
    pipeline.set_state(Gst.State.NULL)


def print_clips(folder: Path) -> None:
    """Print how steadily the face of each clip is followed."""
    print("\n| clip | frames | with the face | ids of the face | other boxes "
          f"| in more than {SHORT_LIFE} frames |\n|---|---|---|---|---|---|")
    for clip in sorted(folder.iterdir()):
        frames = list(frames_of(clip))
        lives = Counter(box.id for boxes in frames for box in boxes)
        main = lives.most_common(1)[0][0] if lives else 0
        others = [life for number, life in lives.items() if number != main]
        with_face = sum(any(box.id == main for box in boxes)
                        for boxes in frames)
        print(f"| {clip.stem} | {len(frames)} | "
              f"{with_face / max(1, len(frames)):.3f} | {main} | "
              f"{sum(others)} | {sum(life > SHORT_LIFE for life in others)} |")


def main() -> None:
    """Measure whatever the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, action="append", default=[],
                        help="folder of pictures with annotated faces")
    parser.add_argument("--half", choices=HALVES,
                        help="measure only half of the pictures")
    parser.add_argument("--clips", type=Path, help="folder of videos")
    options = parser.parse_args()
    Gst.init(None)
    default = Gst.ElementFactory.make("facetracker").props.confidence
    for folder in options.pictures:
        print(f"\n{folder.name}")
        print_pictures(measure_pictures(folder, options.half), default)
    if options.clips:
        print_clips(options.clips)


if __name__ == "__main__":
    main()
