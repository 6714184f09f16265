# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Scenes made of photographs of people, to train the face detector on.

The photographs have boxes by label_faces.py. Most show one person from near, so
a scene is a mosaic: each is scaled until a face has the side that is wanted,
turned, mirrored and lit, and the room that it leaves goes to others. Some
scenes are generated as in face_scenes.py.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from data import Collection
from face_boxes import overlaps
from face_scenes import (HARDLY_VISIBLE, VISIBLE, Background, Face, Scene,
                         SceneMaker, Sizes, halved, load_backgrounds,
                         load_faces)

# The share of scenes that are mosaics, and of their tiles that show people.
MOSAICS = 0.6
WITH_PEOPLE = 0.85
# What the teacher doubts is a face where it fills so much of the smaller side
# of a photograph of people, and there is no other.
LARGE = 0.4
MAX_ZOOM = 1.5
LEAST_TILE = 16
# ImageNet's classes of animals, by their WordNet numbers: what the teacher
# takes for a face there is none.
ANIMALS = ("n01440764", "n02510455")

# How often the photograph is a frame of a clip.
CLIPS = 0.1

Tile = tuple[int, int, int, int]


def read_labels(path: Path) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Return the rows of label_faces.py by collection and file."""
    rows = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            rows[row["collection"], row["file"]].append(row)
    return rows


def boxes_of(rows: list[dict[str, str]], kind: str) -> np.ndarray:
    """Return the boxes of a kind, (N, 3)."""
    return np.array([[float(row[key]) for key in ("x", "y", "side")]
                     for row in rows if row["kind"] == kind]).reshape(-1, 3)


def load_photos(data: Path, labels: Path) -> list[Background]:
    """Load the photographs of people in which there is a face."""
    collection = Collection(data, "unlabelled")
    photos = []
    for (name, file), rows in read_labels(labels).items():
        if name != "unlabelled":
            continue
        picture = collection.picture(file, False)
        faces, unclear = boxes_of(rows, "face"), boxes_of(rows, "unclear")
        if not len(faces):
            large = unclear[:, 2] >= LARGE * min(picture.shape[:2])
            faces, unclear = unclear[large], unclear[~large]
        if len(faces):
            photos.append(Background(halved(picture, 24), faces, unclear))
    return photos


def load_scenery(data: Path, labels: Path
                 ) -> tuple[list[Background], list[Background]]:
    """Load the backgrounds without and with faces, as load_backgrounds().

    What the teacher takes for a face, and nobody has drawn a box around, is
    unclear.
    """
    rows = read_labels(labels)

    def add_unclear(file: str, background: Background) -> Background:
        here = rows["backgrounds", file]
        places = np.concatenate([boxes_of(here, "face"),
                                 boxes_of(here, "unclear")])
        known = np.concatenate([background.faces, background.unclear])
        new = [place for place in places if not len(known)
               or overlaps(place, known).max() < 0.2]
        background.unclear = np.concatenate(
            [background.unclear, np.reshape(new, (-1, 3))])
        return background

    def is_animal(file: str) -> bool:
        number = file.split("-", 1)[-1][:9]
        return ANIMALS[0] <= number <= ANIMALS[1]

    return load_backgrounds(data, lambda file, background: background
                            if is_animal(file)
                            else add_unclear(file, background))


def load_frames(data: Path, labels: Path) -> list[Background]:
    """Load the frames of clips in which all faces are known.

    What the teacher doubts there has been looked at, and is none: it is what
    people wear.
    """
    collection = Collection(data, "clips")
    return [Background(halved(collection.picture(file, False), 24),
                       boxes_of(rows, "face"), np.empty((0, 3)))
            for (name, file), rows in read_labels(labels).items()
            if name == "clips"]


class PhotoSceneMaker(SceneMaker):
    """Makes scenes; the same seed makes the same ones."""

    def __init__(self, sizes: Sizes, faces: tuple[list[Face], list[Face]],
                 backgrounds: tuple[list[Background], list[Background]],
                 photos: list[Background], frames: list[Background],
                 seed: int) -> None:
        super().__init__(sizes, faces, backgrounds, seed)
        self._photos, self._frames = photos, frames

    def make(self) -> Scene:
        """Make one scene."""
        if self._chance(MOSAICS):
            return self._make_mosaic()
        return super().make()

    def _make_mosaic(self) -> Scene:
        side = self._sizes.side
        canvas = self._background()
        faces: list[tuple[float, float, float]] = []
        unclear: list[tuple[float, float, float]] = []
        tiles: list[Tile] = [(0, 0, side, side)]
        while tiles:
            tiles += self._fill(canvas, tiles.pop(), faces, unclear)
        for box in faces:
            self._cover(canvas, box)
            if self._chance(0.1):
                self._hide(canvas, box)
            if self._chance(0.08):
                self._defocus(canvas, box)
            if self._chance(0.25):
                self._print_below(canvas, box, faces + unclear)
        for _ in range(self._random.poisson(0.7)):
            self._paste_decoy(canvas, faces + unclear)
        return self._finish(canvas, faces, unclear)

    def _choose(self) -> Background:
        pool = (self._frames if self._chance(CLIPS)
                else self._photos if not self._peopled or self._chance(0.85)
                else self._peopled)
        return pool[self._random.integers(len(pool))]

    def _fill(self, canvas: np.ndarray, tile: Tile,
              faces: list[tuple[float, float, float]],
              unclear: list[tuple[float, float, float]]) -> list[Tile]:
        """Show a photograph in a corner of a tile; return what is left."""
        x, y, width, height = tile
        if min(width, height) < LEAST_TILE or not self._chance(WITH_PEOPLE):
            return []
        photo = self._choose()
        if not len(photo.faces):
            return []
        face = photo.faces[self._random.integers(len(photo.faces))]
        largest = min(self._sizes.largest, 1.3 * min(width, height),
                      MAX_ZOOM * face[2])
        if largest <= self._sizes.smallest:
            return []
        zoom = math.exp(self._uniform(math.log(self._sizes.smallest),
                                      math.log(largest))) / face[2]
        rows, columns = photo.levels[0].shape[:2]
        width = max(1, min(width, int(columns * zoom)))
        height = max(1, min(height, int(rows * zoom)))
        self._show(canvas[y:y + height, x:x + width], photo, face, zoom,
                   (x, y), faces, unclear)
        return [(x + width, y, tile[2] - width, height),
                (x, y + height, tile[2], tile[3] - height)]

    def _show(self, view: np.ndarray, photo: Background, face: np.ndarray,
              zoom: float, corner: tuple[int, int],
              faces: list[tuple[float, float, float]],
              unclear: list[tuple[float, float, float]]) -> None:
        """Show a photograph so that a face of it is in the view."""
        angle = math.radians(self._random.normal(0, 12 if self._chance(0.4)
                                                 else 3))
        linear = zoom * np.array([[math.cos(angle), -math.sin(angle)],
                                  [math.sin(angle), math.cos(angle)]])
        if self._chance(0.5):
            linear = linear @ np.diag((-1, 1))
        place = np.array([self._place(
            length, photo.levels[0].shape[1 - axis] * zoom, zoom * (
                face[axis] if axis or linear[0, 0] > 0 else
                photo.levels[0].shape[1] - face[axis]), zoom * face[2])
            for axis, length in enumerate(view.shape[1::-1])])
        level = min(len(photo.levels) - 1,
                    max(0, int(math.floor(-math.log2(zoom) + 0.3))))
        # OpenCV's pixels have their centre at whole numbers.
        shift = place - linear @ face[:2] - 0.5
        source = linear * 2.0 ** level
        view[:] = cv2.warpAffine(
            photo.levels[level],
            np.column_stack([source, shift + source @ (0.5, 0.5)]),
            view.shape[1::-1], flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE)
        self._relight(view)
        for boxes, clear in ((photo.faces, True), (photo.unclear, False)):
            for box in boxes:
                centre = place + linear @ (box[:2] - face[:2])
                self._enter((*centre, box[2] * zoom), view.shape, corner,
                            clear, faces, unclear)

    def _place(self, length: int, whole: float, centre: float,
               side: float) -> float:
        """Choose where in a view the centre of a face is, along one axis.

        length: of the view; whole, centre: length of the picture and place of
        the face in it, scaled
        """
        margin = 0.35 * side
        low = max(0.0, centre + margin - length)
        high = min(max(0.0, whole - length), max(0.0, centre - margin))
        return centre - self._uniform(min(low, high), max(low, high))

    def _relight(self, view: np.ndarray) -> None:
        """Change the light of a tile; at times it is strongly coloured."""
        if self._chance(0.5):
            view[:] = self._light(view)
        if self._chance(0.08):
            gains = np.exp(self._random.normal(0, 0.6, 3)).astype(np.float32)
            view[:] = np.clip(view * (gains / max(1, gains.max())), 0, 255)

    def _enter(self, box: tuple[float, float, float],
               shape: tuple[int, ...], corner: tuple[int, int], clear: bool,
               faces: list[tuple[float, float, float]],
               unclear: list[tuple[float, float, float]]) -> None:
        """Enter a box of a tile in one of the lists, as far as it is seen."""
        x, y, side = box
        visible = 1.0
        for centre, length in ((x, shape[1]), (y, shape[0])):
            visible *= max(0.0, min(centre + side / 2, length) - max(
                centre - side / 2, 0.0)) / side
        if visible < HARDLY_VISIBLE:
            return
        there = (x + corner[0], y + corner[1], side)
        if clear and visible >= VISIBLE and self._is_large(there):
            faces.append(there)
        else:
            unclear.append(there)

    def _hide(self, canvas: np.ndarray,
              box: tuple[float, float, float]) -> None:
        """Hide a third to a half of a face by a hand, or by a thing."""
        x, y, side = box
        angle = self._uniform(0, 2 * math.pi)
        distance = self._uniform(0.45, 0.65) * side
        size = self._uniform(0.7, 1.0) * side
        picture = (self._hand() if self._chance(0.6) else
                   self._texture(64, 64))
        self._paste(canvas, picture, self._mask(0.3),
                    (picture.shape[1] / 2, picture.shape[0] / 2),
                    (x + distance * math.cos(angle),
                     y + distance * math.sin(angle)),
                    (size / 64, size / 64), float(self._random.normal(0, 30)))


class ScenePool:
    """All pictures that scenes are made of, shared by their makers."""

    def __init__(self, data: Path, labels: Path) -> None:
        self._faces = load_faces(data)
        self._backgrounds = load_scenery(data, labels)
        self._photos = load_photos(data, labels)
        self._frames = load_frames(data, labels)

    def maker(self, sizes: Sizes, seed: int) -> PhotoSceneMaker:
        """Return a maker of scenes; the same seed makes the same ones."""
        return PhotoSceneMaker(sizes, self._faces, self._backgrounds,
                               self._photos, self._frames, seed)
