# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Scenes with known faces, to train the face detector on.

There are few pictures of whole scenes with boxes to train on, so scenes are
generated: faces of UTKFace and LFW, which are cut out tightly, are pasted into
pictures without a face, with a rough head, neck and shoulders under them, then
partly covered, and the result gets the faults of cameras and codecs. Pieces of
other pictures, scrambled faces, and drawings that resemble a face are pasted
the same way, so that a seam is no clue. Some scenes are made from a picture of
people, whose faces are known.

A face is (x, y, side): the centre and the side of a square by the convention of
a Viola-Jones detector, in pixels.
"""

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from data import LFW_BOX_FRACTION, Collection, lfw_part

WITH_FACES = Path(__file__).parent / "backgrounds-with-faces.csv"
MAX_FACES = 9
# Weights of R', G' and B' in luma (BT.601).
LUMA = np.array((0.299, 0.587, 0.114), np.float32)
# The visible share of a face's box from which it must be found, and from which
# it may be.
VISIBLE = 0.7
HARDLY_VISIBLE = 0.35
# The share of scenes made of a picture with people in it.
PEOPLED = 0.2
MAX_ZOOM_OF_PEOPLE = 3.5
N_MASKS = 64
MASK_SIDE = 64


@dataclass(frozen=True)
class Sizes:
    """Sizes of scenes and of the faces in them, in pixels.

    lfw: side from which on most faces are LFW's, whose pictures are larger
    """

    side: int
    smallest: int
    largest: int
    lfw: float


@dataclass
class Face:
    """A cut-out face: its picture at halved sizes, largest first, and its box.

    box: centre x, y and side, in pixels of the largest picture
    """

    levels: list[np.ndarray]
    box: tuple[float, float, float]


@dataclass
class Cut:
    """A face to paste: its picture and centre, scales by x and y, angle."""

    picture: np.ndarray
    centre: tuple[float, float]
    scale: tuple[float, float]
    angle: float


@dataclass
class Scene:
    """A picture and the faces in it.

    picture: uint8, (height, width, 3), R'G'B'; at most side x side
    faces:   float32, (N, 3), faces to be found
    ignored: float32, (M, 3), places that are neither right nor wrong to find
    """

    picture: np.ndarray
    faces: np.ndarray
    ignored: np.ndarray


def halved(picture: np.ndarray, smallest: int = 12) -> list[np.ndarray]:
    """Return the picture and its halves by area, down to the smallest side."""
    levels = [picture]
    while min(levels[-1].shape[:2]) >= 2 * smallest:
        height, width = levels[-1].shape[:2]
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2),
                                 interpolation=cv2.INTER_AREA))
    return levels


def load_faces(data: Path) -> tuple[list[Face], list[Face]]:
    """Load UTKFace's training split, small and in colour, and LFW, gray."""
    utkface = Collection(data, "utkface")
    small = []
    for row in utkface.rows():
        if row["split"] == "train" and row["vj_x"]:
            x, y, width, height = (float(row[key]) for key in
                                   ("vj_x", "vj_y", "vj_w", "vj_h"))
            small.append(Face(
                halved(utkface.picture(row["file"], False)),
                (x + width / 2, y + height / 2, (width + height) / 2)))
    lfw = Collection(data, "lfw-dev")
    large = []
    for row in lfw.rows():
        if lfw_part(row) != "val":
            picture = lfw.picture(row["file"], True)[:, :, 0]
            side = len(picture)
            large.append(Face(halved(picture), (
                side / 2, side / 2, side * LFW_BOX_FRACTION)))
    return small, large


@dataclass
class Background:
    """Scenery at halved sizes, largest first, and the faces in it.

    faces:   (N, 3), in pixels of the largest
    unclear: (N, 3), places that may be a face, likewise
    """

    levels: list[np.ndarray]
    faces: np.ndarray
    unclear: np.ndarray


def load_backgrounds(data: Path,
                     complete: Callable[[str, Background], Background]
                     = lambda _, background: background
                     ) -> tuple[list[Background], list[Background]]:
    """Load the pictures without faces, and those that do have some.

    WITH_FACES lists the latter; its boxes were drawn by hand. A picture with a
    crowd in it is left out. What else is known of a picture, complete() adds,
    given its name.
    """
    collection = Collection(data, "backgrounds")
    rows: dict[str, list[dict[str, str]]] = {}
    with WITH_FACES.open(newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["file"], []).append(row)
    without, peopled = [], []
    for name in collection.names():
        here = rows.get(name, [])
        if any(row["kind"] == "crowd" for row in here):
            continue
        boxes = [np.array([[float(row[key]) for key in ("x", "y", "side")]
                           for row in here if row["kind"] == kind]
                          ).reshape(-1, 3) for kind in ("face", "unclear")]
        background = complete(name, Background(
            halved(collection.picture(name, False), 32), *boxes))
        has_places = len(background.faces) + len(background.unclear) > 0
        (peopled if has_places else without).append(background)
    return without, peopled


class SceneMaker:
    """Makes scenes; the same seed makes the same ones."""

    def __init__(self, sizes: Sizes, faces: tuple[list[Face], list[Face]],
                 backgrounds: tuple[list[Background], list[Background]],
                 seed: int) -> None:
        self._sizes = sizes
        self._utkface, self._lfw = faces
        self._backgrounds, self._peopled = backgrounds
        self._random = np.random.default_rng(seed)
        masks = np.random.default_rng(1)
        self._ovals = [make_mask(masks, False) for _ in range(N_MASKS)]
        self._squares = [make_mask(masks, True) for _ in range(N_MASKS)]

    def make(self) -> Scene:
        """Make one scene."""
        chosen = self._random.random()
        if chosen < 0.05:
            return self._make_of_one_face()
        if chosen < 0.05 + PEOPLED:
            return self._make_of_people()
        return self._make_of_nothing()

    def _make_of_one_face(self) -> Scene:
        """Make a scene that is a single cut-out face."""
        extent = self._sizes.side
        face = self._draw_face(extent)
        picture = self._picture_of(face, 0)
        scale = extent / len(picture)
        canvas = cv2.resize(picture, (extent, extent),
                            interpolation=cv2.INTER_LINEAR)
        return self._finish(canvas, [tuple(value * scale
                                           for value in face.box)])

    def _make_of_people(self) -> Scene:
        """Add a few faces and distractors to a picture of people."""
        people = self._peopled[self._random.integers(len(self._peopled))]
        canvas, there, unclear = self._look_at(
            people, self._sizes.side, self._sizes.side, MAX_ZOOM_OF_PEOPLE)
        faces = [tuple(face) for face in there if self._is_large(face)]
        unclear = [face for face in there if not self._is_large(face)
                   ] + list(unclear)
        n_there = len(faces)
        for _ in range(self._random.poisson(0.7)):
            self._place_face(faces, unclear)
        for box in faces[n_there:]:
            self._paste_face(canvas, box, self._cut_out(box))
        for _ in range(self._random.poisson(0.7)):
            self._paste_decoy(canvas, faces + unclear)
        return self._finish(canvas, faces, unclear)

    def _is_large(self, face: np.ndarray) -> bool:
        return bool(face[2] >= 0.8 * self._sizes.smallest)

    def _make_of_nothing(self) -> Scene:
        """Paste people into a picture without any."""
        canvas = self._background()
        faces: list[tuple[float, float, float]] = []
        for _ in range(self._random.poisson(2)):
            self._paste_decoy(canvas)
        for _ in range(self._count()):
            self._place_face(faces)
        cuts = [self._cut_out(box) for box in faces]
        # Nobody stands in front of somebody else's face.
        for box, cut in zip(faces, cuts):
            if self._chance(0.65):
                self._draw_person(canvas, box, cut.picture.mean(axis=(0, 1)))
        for box, cut in zip(faces, cuts):
            self._paste_face(canvas, box, cut)
            if self._chance(0.12):
                self._defocus(canvas, box)
        for _ in range(self._random.poisson(0.3)):
            self._paste_decoy(canvas, faces)
        return self._finish(canvas, faces)

    def _paste_face(self, canvas: np.ndarray,
                    box: tuple[float, float, float], cut: Cut) -> None:
        self._paste(canvas, cut.picture, self._mask(0.25), cut.centre, box[:2],
                    cut.scale, cut.angle)
        self._cover(canvas, box)

    # What a scene is made of

    def _count(self) -> int:
        random = self._random
        if random.random() < 0.12:
            return 0
        return 1 + min(random.poisson(1.7), MAX_FACES - 1)

    def _uniform(self, low: float, high: float) -> float:
        return float(self._random.uniform(low, high))

    def _chance(self, probability: float) -> bool:
        return bool(self._random.random() < probability)

    def _colour(self, low: float = 5, high: float = 250) -> np.ndarray:
        """Return a colour, (3,) float32: gray, or more or less saturated."""
        level = self._uniform(low, high)
        if self._chance(0.3):
            return np.full(3, level, np.float32)
        colour = level + self._random.normal(0, 45, 3)
        return np.clip(colour, 0, 255).astype(np.float32)

    def _texture(self, height: int, width: int) -> np.ndarray:
        """Return a part of a picture without faces, float32."""
        chosen = self._backgrounds[self._random.integers(
            len(self._backgrounds))]
        return self._look_at(chosen, height, width, 2.5)[0]

    def _look_at(self, background: Background, height: int, width: int,
                 max_zoom: float
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return a part of a picture, float32, its faces and unclear ones."""
        random = self._random
        zoom = math.exp(self._uniform(math.log(0.4), math.log(max_zoom)))
        level = min(range(len(background.levels)), key=lambda number: abs(
            math.log(zoom * 2.0 ** number)))
        picture = background.levels[level]
        zoom *= 2.0 ** level
        zoom = max(zoom, height / picture.shape[0], width / picture.shape[1])
        rows, columns = (max(1, int(size / zoom)) for size in (height, width))
        top = random.integers(picture.shape[0] - rows + 1)
        left = random.integers(picture.shape[1] - columns + 1)
        part = picture[top:top + rows, left:left + columns]
        mirrored = self._chance(0.5)
        if mirrored:
            part = part[:, ::-1]
        view = cv2.resize(np.ascontiguousarray(part), (width, height),
                          interpolation=cv2.INTER_LINEAR).astype(np.float32)

        def seen(boxes: np.ndarray) -> np.ndarray:
            boxes = (boxes / 2.0 ** level - (left, top, 0)) * zoom
            if mirrored:
                boxes[:, 0] = width - boxes[:, 0]
            return boxes

        return view, seen(background.faces), seen(background.unclear)

    def _background(self) -> np.ndarray:
        side = self._sizes.side
        if self._chance(0.08):
            ramp = np.linspace(self._colour(0, 255), self._colour(0, 255),
                               side, dtype=np.float32)
            canvas = np.tile(ramp, (side, 1, 1))
            return np.ascontiguousarray(canvas.transpose(1, 0, 2)
                                        if self._chance(0.5) else canvas)
        return self._texture(side, side)

    def _draw_face(self, side: float) -> Face:
        """Return a face whose original size is close to the side."""
        want_large = side > self._sizes.lfw and self._chance(0.75)
        faces = (self._lfw if want_large or self._chance(0.15)
                 else self._utkface)
        return faces[self._random.integers(len(faces))]

    def _picture_of(self, face: Face, level: int) -> np.ndarray:
        """Return a face at 1 / 2**level of its size, in colour, float32.

        A gray one is tinted as the skin of somebody else, or stays gray.
        """
        picture = face.levels[level].astype(np.float32)
        if picture.ndim == 3:
            return picture
        skin = self._skin()
        tint = skin / max(1, skin @ LUMA) if self._chance(0.8) else np.ones(3)
        # Highlights and shadows have less colour.
        weight = np.clip(1.2 - np.abs(picture / 255 - 0.5), 0, 1)[:, :, None]
        tint = tint.astype(np.float32) * weight + (1 - weight)
        return np.clip(picture[:, :, None] * tint, 0, 255)

    def _place_face(self, faces: list[tuple[float, float, float]],
                    others: list[tuple[float, float, float]] = ()) -> None:
        """Add a face where there is room."""
        extent = self._sizes.side
        for _ in range(10):
            side = math.exp(self._uniform(math.log(self._sizes.smallest),
                                          math.log(self._sizes.largest)))
            if side > 0.6 * extent and (faces or self._chance(0.5)):
                continue
            reach = max(0.0, side / 2 - self._uniform(0, 0.4) * side)
            reach = min(reach, 0.45 * extent)
            x, y = (self._uniform(reach, extent - reach) for _ in range(2))
            if all(max(abs(x - other[0]), abs(y - other[1]) / 1.15)
                   > 0.5 * (side + other[2]) for other in [*faces, *others]):
                faces.append((x, y, side))
                return

    def _cut_out(self, box: tuple[float, float, float]) -> Cut:
        """Choose and change a face for a box."""
        side = box[2]
        face = self._draw_face(side)
        scale = side / face.box[2]
        level = min(len(face.levels) - 1,
                    max(0, int(math.floor(-math.log2(scale) + 0.3))))
        picture = self._picture_of(face, level)
        centre = [value / 2 ** level for value in face.box[:2]]
        scale *= 2 ** level
        angle = float(np.clip(self._random.normal(0, 13), -36, 36))
        squeeze = self._uniform(0.65, 1) if self._chance(0.25) \
            else self._uniform(0.92, 1.06)
        mirror = -1 if self._chance(0.5) else 1
        picture = self._turn(self._light(picture))
        if self._chance(0.2):  # out of focus
            picture = cv2.GaussianBlur(
                picture, (0, 0), self._uniform(0.015, 0.05) * len(picture))
        return Cut(picture, (centre[0], centre[1]),
                   (scale * squeeze * mirror, scale), angle)

    def _turn(self, picture: np.ndarray) -> np.ndarray:
        """Turn some faces to the side, as far as a flat picture can be.

        The near half is stretched and the far one compressed.
        """
        if not self._chance(0.3):
            return picture
        rows, columns = picture.shape[:2]
        u = np.linspace(-1, 1, columns, dtype=np.float32)
        turn = self._uniform(-0.45, 0.45)
        source = u + turn * (1 - u * u)
        x = np.tile((source + 1) / 2 * (columns - 1), (rows, 1))
        y = np.tile(np.arange(rows, dtype=np.float32)[:, None], (1, columns))
        return cv2.remap(picture, x, y, cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)

    def _light(self, picture: np.ndarray) -> np.ndarray:
        """Change light and contrast of a face, also from one side."""
        mean = picture.mean(axis=(0, 1))
        dark = self._chance(0.12)
        target = mean * math.exp(self._uniform(-1.2, -0.6) if dark
                                 else self._uniform(-0.6, 0.25))
        contrast = math.exp(self._uniform(-0.5, 0.2))
        picture = (picture - mean) * contrast + target
        if self._chance(0.35):
            rows, columns = picture.shape[:2]
            angle = self._uniform(0, 2 * math.pi)
            ramp = (np.linspace(-1, 1, columns)[None] * math.cos(angle)
                    + np.linspace(-1, 1, rows)[:, None] * math.sin(angle))
            picture = picture * np.exp(
                ramp * self._uniform(0.1, 0.6))[:, :, None]
        return np.clip(picture, 0, 255).astype(np.float32)

    def _draw_person(self, canvas: np.ndarray,
                     box: tuple[float, float, float],
                     skin: np.ndarray) -> None:
        """Draw shoulders, neck and hair where a face will be."""

        def ellipse(picture: np.ndarray, dx: tuple[float, float],
                    dy: tuple[float, float], width: tuple[float, float],
                    height: tuple[float, float], colour: np.ndarray) -> None:
            draw_ellipse(picture, box, self._uniform(*dx), self._uniform(*dy),
                         self._uniform(*width), self._uniform(*height),
                         colour, self._uniform(-8, 8))

        if self._chance(0.7):
            body = np.zeros(canvas.shape[:2], np.uint8)
            ellipse(body, (-.2, .2), (1.3, 1.7), (.9, 1.5), (.7, .95),
                    np.ones(1))
            clothes = (self._texture(*canvas.shape[:2]) if self._chance(0.5)
                       else self._colour())
            np.copyto(canvas, clothes, where=body[:, :, None] > 0)
            if self._chance(0.4):
                self._draw_tie(canvas, box)
        if self._chance(0.8):
            ellipse(canvas, (-.05, .05), (.45, .65), (.25, .4), (.35, .6),
                    skin * self._uniform(0.6, 1.1))
        if self._chance(0.85):
            ellipse(canvas, (-.06, .06), (-.25, 0), (.48, .72), (.55, .85),
                    self._hair())
        if self._chance(0.5):
            ellipse(canvas, (0, 0), (0, 0), (.42, .5), (.55, .68),
                    skin * self._uniform(0.85, 1.05))

    def _draw_tie(self, canvas: np.ndarray,
                  box: tuple[float, float, float]) -> None:
        """Draw an open collar and, mostly, a tie in it."""
        x, y, side = box
        top, width = self._uniform(0.55, 0.75), self._uniform(0.2, 0.45)
        bottom = top + self._uniform(0.5, 1.2)

        def polygon(picture: np.ndarray, points: list[tuple[float, float]],
                    colour: np.ndarray) -> None:
            corners = np.array(points) * side + (x, y)
            cv2.fillPoly(picture, [corners.astype(np.int32)],
                         np.asarray(colour, float).tolist())

        polygon(canvas, [(-width, top), (width, top), (0, bottom)],
                self._colour(150))
        if self._chance(0.8):
            tie = np.zeros(canvas.shape[:2], np.uint8)
            knot = self._uniform(0.06, 0.12)
            polygon(tie, [(-knot, top), (knot, top), (knot * 0.7, top + .15),
                          (knot * 1.6, bottom), (0, bottom + 0.2),
                          (-knot * 1.6, bottom), (-knot * 0.7, top + .15)],
                    np.ones(1))
            np.copyto(canvas, self._texture(*canvas.shape[:2])
                      if self._chance(0.5) else self._colour(),
                      where=tie[:, :, None] > 0)

    def _defocus(self, canvas: np.ndarray,
                 box: tuple[float, float, float]) -> None:
        """Put somebody and their surroundings out of focus."""
        x, y, side = box
        low = [max(0, int(x - 1.3 * side)), max(0, int(y - 1.3 * side))]
        part = canvas[low[1]:int(y + 1.8 * side) + 1,
                      low[0]:int(x + 1.3 * side) + 1]
        blurred = cv2.GaussianBlur(part, (0, 0), max(
            0.5, self._uniform(0.03, 0.11) * side))
        alpha = np.zeros(part.shape[:2], np.float32)
        draw_ellipse(alpha, (x - low[0], y - low[1], side), 0, 0.2, 0.9, 1.1,
                     np.ones(1))
        alpha = cv2.GaussianBlur(alpha, (0, 0), max(0.5, 0.12 * side))
        part += (blurred - part) * alpha[:, :, None]

    def _hair(self) -> np.ndarray:
        """Return black, brown, fair, gray or, at times, any colour."""
        if self._chance(0.15):
            return self._colour()
        level = (self._uniform(5, 80) if self._chance(0.7)
                 else self._uniform(80, 230))
        warmth = self._uniform(0, 0.4)
        return level * np.array((1 + warmth, 1, 1 - warmth), np.float32)

    def _cover(self, canvas: np.ndarray,
               box: tuple[float, float, float]) -> None:
        """Hide a part of a face: sunglasses, a hat, something in front."""
        x, y, side = box
        chosen = self._random.random()
        if chosen < 0.09:
            colour = self._colour(0, 60)
            width, height = self._uniform(.12, .2), self._uniform(.07, .13)
            for dx in (-0.19, 0.19):
                draw_ellipse(canvas, box, dx, -0.1, width, height, colour)
        elif chosen < 0.22:
            draw_ellipse(canvas, box, self._uniform(-.15, .15),
                         self._uniform(-.62, -.5), self._uniform(.5, .75),
                         self._uniform(.22, .36), self._colour(0))
        elif chosen < 0.42:
            width, height = (max(2, int(self._uniform(.15, .6) * side))
                             for _ in range(2))
            angle = self._uniform(0, 2 * math.pi)
            distance = self._uniform(.4, .55) * side
            left = int(x + distance * math.cos(angle) - width / 2)
            top = int(y + distance * math.sin(angle) - height / 2)
            part = canvas[max(0, top):max(0, top + height),
                          max(0, left):max(0, left + width)]
            if part.size:
                part[:] = self._texture(*part.shape[:2])

    def _paste_decoy(self, canvas: np.ndarray,
                     faces: list[tuple[float, float, float]] = ()) -> None:
        """Paste something that is not a face in the way of a face."""
        random, extent = self._random, self._sizes.side
        side = math.exp(self._uniform(math.log(self._sizes.smallest),
                                      math.log(0.7 * extent)))
        x, y = (self._uniform(0, extent) for _ in range(2))
        if any(max(abs(x - other[0]), abs(y - other[1]))
               < 0.55 * (side * 1.1 + other[2]) for other in faces):
            return
        angle = float(random.normal(0, 15))
        chosen = random.random()
        if chosen < 0.22:
            picture = self._texture(MASK_SIDE, MASK_SIDE)
        elif chosen < 0.35:
            picture = self._emblem()
        elif chosen < 0.53:
            picture = self._skull()
        elif chosen < 0.7:
            picture = self._hand()
        else:
            face = self._draw_face(side)
            level = min(len(face.levels) - 1,
                        max(0, int(math.floor(math.log2(
                            face.box[2] / side) + 0.3))))
            picture = self._spoil(self._picture_of(face, level))
        scale = side / max(picture.shape[:2])
        self._paste(canvas, self._light(picture), self._mask(0.3),
                    (picture.shape[1] / 2, picture.shape[0] / 2), (x, y),
                    (scale, scale), angle)

    def _print_below(self, canvas: np.ndarray,
                     face: tuple[float, float, float],
                     others: list[tuple[float, float, float]]) -> None:
        """Print something like a face on what somebody wears."""
        side = face[2] * math.exp(self._uniform(math.log(0.7), math.log(2.5)))
        x = face[0] + self._uniform(-0.3, 0.3) * face[2]
        y = face[1] + self._uniform(0.65, 1.1) * face[2] + side / 2
        if any(max(abs(x - other[0]), abs(y - other[1]))
               < 0.5 * (side + other[2]) for other in others):
            return
        left, right, top, bottom = (
            int(np.clip(place, 0, self._sizes.side)) for place in (
                x - side / 2, x + side / 2, y - side / 2, y + side / 2))
        if right - left < 2 or bottom - top < 2:
            return
        cloth = canvas[top:bottom, left:right].mean(axis=(0, 1))
        picture = (self._skull(cloth) if self._chance(0.75)
                   else self._emblem())
        scale = side / MASK_SIDE
        self._paste(canvas, picture, self._mask(0.3),
                    (MASK_SIDE / 2, MASK_SIDE / 2), (x, y), (scale, scale),
                    float(self._random.normal(0, 8)))

    def _emblem(self) -> np.ndarray:
        """Draw rings and letters, as on clothes, signs and machines."""
        random = self._random
        picture = np.empty((MASK_SIDE, MASK_SIDE, 3), np.float32)
        picture[:] = self._colour(0, 255)
        for _ in range(random.integers(2, 6)):
            colour = self._colour(0, 255).tolist()
            x, y = (int(each) for each in random.normal(
                MASK_SIDE / 2, MASK_SIDE / 7, 2))
            if self._chance(0.6):
                thickness = int(random.integers(-1, 8)) or -1
                cv2.ellipse(picture, (x, y), tuple(
                    int(each) for each in random.integers(4, 30, 2)),
                    self._uniform(0, 180), 0, 360, colour, thickness,
                    cv2.LINE_AA)
            else:
                cv2.putText(picture, chr(random.integers(33, 127)),
                            (x - 15, y + 15), int(random.integers(0, 8)),
                            self._uniform(0.7, 2), colour,
                            int(random.integers(1, 6)), cv2.LINE_AA)
        return picture

    def _skull(self, cloth: np.ndarray | None = None) -> np.ndarray:
        """Draw a skull as it is printed on clothes: sockets, a nose, teeth.

        cloth: colour of what it is printed on, if it is known
        """
        ground, bone, hole = (self._uniform(0, 255) for _ in range(3))
        if abs(bone - hole) < 60:
            hole = (bone + 128) % 255
        tints = (np.ones(3) if self._chance(0.5)
                 else self._colour(120, 200) / 160 for _ in range(3))
        ground, bone, hole = (level * tint for level, tint
                              in zip((ground, bone, hole), tints))
        picture = np.empty((MASK_SIDE, MASK_SIDE, 3), np.float32)
        picture[:] = ground if cloth is None else cloth

        def ellipse(x: float, y: float, width: float, height: float,
                    colour: np.ndarray, angle: float = 0) -> None:
            draw_ellipse(picture, (0, 0, MASK_SIDE), x, y, width, height,
                         colour, angle)

        ellipse(0.5, 0.42, self._uniform(.3, .42), self._uniform(.3, .4), bone)
        ellipse(0.5, 0.72, self._uniform(.18, .32), self._uniform(.15, .25),
                bone)
        width, height = self._uniform(.07, .14), self._uniform(.05, .14)
        apart, eyes = self._uniform(.13, .2), self._uniform(.33, .5)
        slant = self._uniform(-25, 25)
        has_eyes = self._chance(0.5)
        for side in (-1, 1):
            x = 0.5 + side * apart
            ellipse(x, eyes, width, height, hole, side * slant)
            if has_eyes:
                ellipse(x, eyes, width * self._uniform(.4, .8),
                        height * self._uniform(.2, .5), bone, side * slant)
        nose = eyes + self._uniform(.14, .2)
        for x in ((0.47, 0.53) if self._chance(0.5) else (0.5,)):
            ellipse(x, nose, self._uniform(.02, .05), self._uniform(.03, .07),
                    hole)
        if self._chance(0.85):
            self._draw_teeth(picture, self._uniform(.7, .84), bone, hole)
        if self._chance(0.5):  # worn off, or shaded
            noise = cv2.GaussianBlur(self._random.standard_normal(
                (MASK_SIDE, MASK_SIDE), np.float32), (0, 0), 2)
            picture[noise > self._uniform(0.1, 0.4)] = hole
        if self._chance(0.4):
            cv2.putText(picture, "".join(chr(self._random.integers(65, 91))
                                         for _ in range(5)),
                        (4, 12), int(self._random.integers(0, 5)), 0.5,
                        bone.tolist(), int(self._random.integers(1, 4)))
        return picture

    def _draw_teeth(self, picture: np.ndarray, place: float, bone: np.ndarray,
                    hole: np.ndarray) -> None:
        """Draw one or two rows of teeth, or the gaps between them."""
        row, reach = int(place * MASK_SIDE), int(self._uniform(8, 16))
        gap, height = int(self._uniform(3, 6)), int(self._uniform(2, 5))
        colour = hole
        if self._chance(0.5):
            draw_ellipse(picture, (0, 0, MASK_SIDE), 0.5, place,
                         reach / MASK_SIDE, 1.3 * height / MASK_SIDE, hole)
            colour = bone
        for column in range(MASK_SIDE // 2 - reach, MASK_SIDE // 2 + reach,
                            gap):
            cv2.line(picture, (column, row - height), (column, row + height),
                     colour.tolist(), 1 + int(colour is bone), cv2.LINE_AA)

    def _hand(self) -> np.ndarray:
        """Draw something in the colour of a face: a fist, fingers, an arm."""
        random = self._random
        skin = self._skin() * self._uniform(0.7, 1.1)
        picture = (self._texture(MASK_SIDE, MASK_SIDE) if self._chance(0.5)
                   else np.tile(self._colour(), (MASK_SIDE, MASK_SIDE, 1)))
        draw_ellipse(picture, (0, 0, MASK_SIDE), self._uniform(.3, .7),
                     self._uniform(.5, .9), self._uniform(.15, .4),
                     self._uniform(.15, .4), skin, self._uniform(0, 180))
        angle = self._uniform(0, 2 * math.pi)
        along = np.array((math.cos(angle), math.sin(angle)))
        across = along[::-1] * (-1, 1)
        width = self._uniform(0.07, 0.22) * MASK_SIDE
        place = random.normal(MASK_SIDE / 2, MASK_SIDE / 8, 2)
        for number in range(random.integers(1, 6)):
            root = place + across * number * width * self._uniform(0.8, 1.1)
            tip = root + along * self._uniform(0.2, 0.8) * MASK_SIDE
            ends = [tuple(int(value) for value in end) for end in (root, tip)]
            shade = skin * self._uniform(0.5, 0.85)
            cv2.line(picture, *ends, shade.tolist(), max(1, int(width)))
            cv2.line(picture, *ends, (skin * self._uniform(.9, 1.1)).tolist(),
                     max(1, int(width * self._uniform(0.6, 0.9))))
        return cv2.GaussianBlur(picture, (0, 0), self._uniform(0.5, 2))

    def _skin(self) -> np.ndarray:
        """Return the mean colour of somebody's face."""
        face = self._utkface[self._random.integers(len(self._utkface))]
        return face.levels[-1].mean(axis=(0, 1)).astype(np.float32)

    def _spoil(self, picture: np.ndarray) -> np.ndarray:
        """Turn a face into something that a detector must not take for one."""
        random = self._random
        rows, columns = (size // 2 for size in picture.shape[:2])
        way = random.integers(7)
        if way == 0:  # upside down
            return np.ascontiguousarray(picture[::-1])
        if way == 1:  # quarters in another order
            quarters = [picture[:rows, :columns], picture[:rows, columns:2 *
                        columns], picture[rows:2 * rows, :columns],
                        picture[rows:2 * rows, columns:2 * columns]]
            order = random.permutation(4)
            if (order == np.arange(4)).all():
                order = order[::-1]
            a, b, c, d = (quarters[number] for number in order)
            return np.vstack([np.hstack([a, b]), np.hstack([c, d])])
        if way == 2:  # a quarter, enlarged
            top, left = random.integers(rows), random.integers(columns)
            return np.ascontiguousarray(picture[top:top + rows,
                                                left:left + columns])
        if way == 3:  # the lower or upper third, drawn out
            third = picture.shape[0] // 3
            part = picture[-third:] if self._chance(0.5) else picture[:third]
            return cv2.resize(part, picture.shape[1::-1])
        if way == 4:  # an ear, as large as a face
            part = picture[rows // 2:rows * 3 // 2, :columns // 2]
            part = part if self._chance(0.5) else np.ascontiguousarray(
                picture[rows // 2:rows * 3 // 2, -(columns // 2):])
            return cv2.resize(part, picture.shape[1::-1])
        if way == 5:  # a negative
            return 255 - picture
        # skin only: features blurred away
        return cv2.GaussianBlur(picture, (0, 0), max(1.0, 0.16 * rows))

    def _mask(self, square: float) -> np.ndarray:
        """Return a mask of a paste, an oval, or a square with that chance."""
        masks = self._squares if self._chance(square) else self._ovals
        return masks[self._random.integers(N_MASKS)]

    @staticmethod
    def _paste(canvas: np.ndarray, picture: np.ndarray, mask: np.ndarray,
               centre: tuple[float, float], place: tuple[float, float],
               scale: tuple[float, float], angle: float) -> None:
        """Blend the picture over the canvas, its centre at the place."""
        height, width = picture.shape[:2]
        turn = math.radians(angle)
        linear = np.array([[math.cos(turn), -math.sin(turn)],
                           [math.sin(turn), math.cos(turn)]]) @ np.diag(scale)
        corners = linear @ (np.array([[0, width, 0, width],
                                      [0, 0, height, height]], float)
                            - np.reshape(centre, (2, 1)))
        low = np.floor(corners.min(axis=1) + place).astype(int)
        high = np.ceil(corners.max(axis=1) + place).astype(int)
        low, high = np.maximum(low, 0), np.minimum(high, len(canvas))
        if (high <= low).any():
            return
        shift = np.array(place) - linear @ np.array(centre) - low
        size = tuple(int(value) for value in high - low)
        warped = cv2.warpAffine(
            picture, np.column_stack([linear, shift]), size,
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        fit = linear @ np.diag([width / MASK_SIDE, height / MASK_SIDE])
        alpha = cv2.warpAffine(mask, np.column_stack([fit, shift]), size,
                               flags=cv2.INTER_LINEAR)
        part = canvas[low[1]:high[1], low[0]:high[0]]
        part += (warped - part) * alpha[:, :, None]

    def _develop(self, canvas: np.ndarray) -> np.ndarray:
        """Give the picture a camera's and a codec's faults; return uint8."""
        random = self._random
        picture = canvas
        if self._chance(0.35):
            picture = cv2.GaussianBlur(picture, (0, 0),
                                       self._uniform(0.3, 1.2))
        elif self._chance(0.4):
            blurred = cv2.GaussianBlur(picture, (0, 0), 1)
            picture = picture + (picture - blurred) * self._uniform(0, 1.2)
        if self._chance(0.15):
            saturation = 0.0
        else:
            saturation = math.exp(self._uniform(-0.9, 0.3))
        gains = np.exp(random.normal(0, 0.08, 3))
        mixture = (saturation * np.eye(3)
                   + (1 - saturation) * LUMA[None]) * gains[:, None]
        picture = cv2.transform(picture, mixture)
        picture = np.clip(picture, 0, 255).astype(np.uint8)
        levels = (np.arange(256) / 255) ** math.exp(self._uniform(-.45, .45))
        mean = levels[picture[::4, ::4]].mean()
        levels = ((levels - mean) * math.exp(self._uniform(-0.5, 0.3))
                  + mean * math.exp(self._uniform(-0.4, 0.2)))
        picture = cv2.LUT(picture, np.clip(levels * 255 + 0.5, 0, 255)
                          .astype(np.uint8))
        if self._chance(0.45):
            noise = random.standard_normal(picture.shape[:2], np.float32)
            noise *= self._uniform(0.8, 8)
            picture = np.clip(picture + noise[:, :, None],
                              0, 255).astype(np.uint8)
        if self._chance(0.3):
            quality = int(self._uniform(25, 90))
            _, code = cv2.imencode(".jpg", picture,
                                   (cv2.IMWRITE_JPEG_QUALITY, quality))
            picture = cv2.imdecode(code, cv2.IMREAD_COLOR)
        return picture

    def _finish(self, canvas: np.ndarray,
                faces: list[tuple[float, float, float]],
                unclear: list[tuple[float, float, float]] = ()) -> Scene:
        """Finish the picture, and separate the faces that count from others."""
        width = height = self._sizes.side
        if self._chance(0.25):
            width, height = (size - self._random.integers(size // 7)
                             for size in (width, height))
        picture = self._develop(canvas[:height, :width])
        found, ignored = [], list(unclear)
        for x, y, side in faces:
            visible = (min(x + side / 2, width) - max(x - side / 2, 0)) * (
                min(y + side / 2, height) - max(y - side / 2, 0)) / side ** 2
            if visible >= VISIBLE or side > 0.9 * self._sizes.side:
                found.append((x, y, side))
            elif visible >= HARDLY_VISIBLE:
                ignored.append((x, y, side))
        return Scene(picture,
                     np.array(found, np.float32).reshape(-1, 3),
                     np.array(ignored, np.float32).reshape(-1, 3))


def draw_ellipse(picture: np.ndarray, box: tuple[float, float, float],
                 dx: float, dy: float, width: float, height: float,
                 colour: np.ndarray, angle: float = 0) -> None:
    """Fill an ellipse; its place and half axes are in sides of the box."""
    x, y, side = box
    cv2.ellipse(picture, (int(x + dx * side), int(y + dy * side)),
                (max(1, int(width * side)), max(1, int(height * side))),
                angle, 0, 360, np.asarray(colour, float).tolist(), -1,
                cv2.LINE_AA)


def make_mask(random: np.random.Generator, square: bool) -> np.ndarray:
    """Return how much of a paste is seen, (MASK_SIDE, MASK_SIDE) in 0..1."""
    axis = np.abs((np.arange(MASK_SIDE) + 0.5) / MASK_SIDE * 2 - 1)
    power = 16 if square else random.uniform(2, 5)
    width, height = random.uniform(0.8, 1.02, 2)
    distance = ((axis[None] / width) ** power
                + (axis[:, None] / height) ** power) ** (1 / power)
    softness = random.uniform(0.03, 0.12 if square else 0.3)
    return np.clip((1 - distance) / softness + 0.2, 0, 1).astype(np.float32)
