"""Scenes with known faces, to train the face detector on.

There are no pictures of whole scenes with boxes to train on, so scenes are
made: faces of UTKFace and LFW, which are cut out tightly, are pasted over
pictures in which there is no face, with a rough head, neck and shoulders under
them, then partly covered, and the whole gets the faults that cameras and codecs
make. Pieces of other pictures and of faces out of order are pasted the same
way, so that a seam tells nothing.

A scene is gray (luma), float32, (SIDE, SIDE) in 0..1. A face is (x, y, side):
the centre and the side of a square by the convention of a Viola-Jones detector,
in pixels.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from data import LFW_BOX_FRACTION, Collection, lfw_part

WITH_FACES = Path(__file__).parent / "backgrounds-with-faces.txt"
SIDE = 160
MIN_FACE = 10
MAX_FACE = 190
MAX_FACES = 9
LARGE_FACE = 72
# The share of a face's box in the picture from which it must be found, and
# from which it may be.
VISIBLE = 0.7
HARDLY_VISIBLE = 0.35
N_MASKS = 64
MASK_SIDE = 64


@dataclass
class Face:
    """A face cut out: the picture at halved sizes, largest first, and its box.

    box: centre x, y and side, in pixels of the largest
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
    """A picture and what is in it.

    picture: float32, (SIDE, SIDE), 0..1
    faces:   float32, (N, 3), to be found
    ignored: float32, (M, 3), neither right nor wrong to find
    """

    picture: np.ndarray
    faces: np.ndarray
    ignored: np.ndarray


def halved(picture: np.ndarray, smallest: int = 12) -> list[np.ndarray]:
    """Return the picture and its halves by area, down to the smallest side."""
    levels = [picture]
    while min(levels[-1].shape) >= 2 * smallest:
        height, width = levels[-1].shape
        levels.append(cv2.resize(levels[-1], (width // 2, height // 2),
                                 interpolation=cv2.INTER_AREA))
    return levels


def load_faces(data: Path) -> tuple[list[Face], list[Face]]:
    """Load the small faces of UTKFace's training split and LFW's large ones."""
    utkface = Collection(data, "utkface")
    small = []
    for row in utkface.rows():
        if row["split"] == "train" and row["vj_x"]:
            x, y, width, height = (float(row[key]) for key in
                                   ("vj_x", "vj_y", "vj_w", "vj_h"))
            small.append(Face(
                halved(utkface.picture(row["file"], True)[:, :, 0]),
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


def load_backgrounds(data: Path) -> list[list[np.ndarray]]:
    """Load the pictures without faces, each at halved sizes.

    Those in which there are some after all, found by looking at where a first
    detector saw one, are left out.
    """
    with_faces = set(WITH_FACES.read_text().split())
    collection = Collection(data, "backgrounds")
    return [halved(collection.picture(name, True)[:, :, 0], 32)
            for name in collection.names() if name not in with_faces]


class SceneMaker:
    """Makes scenes; the same seed makes the same ones."""

    def __init__(self, faces: tuple[list[Face], list[Face]],
                 backgrounds: list[list[np.ndarray]], seed: int) -> None:
        self._small, self._large = faces
        self._backgrounds = backgrounds
        self._random = np.random.default_rng(seed)
        masks = np.random.default_rng(1)
        self._ovals = [make_mask(masks, False) for _ in range(N_MASKS)]
        self._squares = [make_mask(masks, True) for _ in range(N_MASKS)]

    def make(self) -> Scene:
        """Make one scene."""
        random = self._random
        canvas = self._background()
        faces: list[tuple[float, float, float]] = []
        if random.random() < 0.05:
            faces.append(self._fill_with_face(canvas))
        else:
            for _ in range(random.poisson(1.5)):
                self._paste_decoy(canvas)
            for _ in range(self._count()):
                self._place_face(faces)
            cuts = [self._cut_out(box) for box in faces]
            # Nobody stands before the face of somebody else.
            for box, cut in zip(faces, cuts):
                if self._chance(0.65):
                    self._draw_person(canvas, box, float(cut.picture.mean()))
            for box, cut in zip(faces, cuts):
                self._paste(canvas, cut.picture, self._mask(0.25), cut.centre,
                            box[:2], cut.scale, cut.angle)
                self._cover(canvas, box)
            for _ in range(random.poisson(0.3)):
                self._paste_decoy(canvas, faces)
        return self._finish(canvas, faces)

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

    def _texture(self, height: int, width: int) -> np.ndarray:
        """Return a part of a picture without faces, float32."""
        random = self._random
        levels = self._backgrounds[random.integers(len(self._backgrounds))]
        zoom = math.exp(self._uniform(math.log(0.4), math.log(2.5)))
        level = min(range(len(levels)), key=lambda number: abs(
            math.log(zoom * 2.0 ** number)))
        picture = levels[level]
        zoom *= 2.0 ** level
        zoom = max(zoom, height / picture.shape[0], width / picture.shape[1])
        rows, columns = (max(1, int(size / zoom)) for size in (height, width))
        top = random.integers(picture.shape[0] - rows + 1)
        left = random.integers(picture.shape[1] - columns + 1)
        part = picture[top:top + rows, left:left + columns]
        if self._chance(0.5):
            part = part[:, ::-1]
        return cv2.resize(np.ascontiguousarray(part), (width, height),
                          interpolation=cv2.INTER_LINEAR).astype(np.float32)

    def _background(self) -> np.ndarray:
        if self._chance(0.08):
            low, high = self._uniform(0, 255), self._uniform(0, 255)
            ramp = np.linspace(low, high, SIDE, dtype=np.float32)
            canvas = np.tile(ramp, (SIDE, 1))
            return np.ascontiguousarray(canvas.T if self._chance(0.5)
                                        else canvas)
        return self._texture(SIDE, SIDE)

    def _draw_face(self, side: float) -> Face:
        """Return a face whose own size is not far from the side."""
        want_large = side > LARGE_FACE and self._chance(0.75)
        faces = (self._large if want_large or self._chance(0.15)
                 else self._small)
        return faces[self._random.integers(len(faces))]

    def _place_face(self, faces: list[tuple[float, float, float]]) -> None:
        """Add a face where there is room."""
        for _ in range(10):
            side = math.exp(self._uniform(math.log(MIN_FACE),
                                          math.log(MAX_FACE)))
            if side > 0.6 * SIDE and (faces or self._chance(0.5)):
                continue
            reach = max(0.0, side / 2 - self._uniform(0, 0.4) * side)
            reach = min(reach, 0.45 * SIDE)
            x, y = (self._uniform(reach, SIDE - reach) for _ in range(2))
            if all(max(abs(x - other[0]), abs(y - other[1]) / 1.15)
                   > 0.5 * (side + other[2]) for other in faces):
                faces.append((x, y, side))
                return

    def _fill_with_face(self, canvas: np.ndarray) -> tuple[float, float,
                                                           float]:
        """Let a face that was cut out be the whole scene."""
        face = self._draw_face(SIDE)
        picture = face.levels[0]
        scale = SIDE / len(picture)
        canvas[:] = cv2.resize(picture, (SIDE, SIDE),
                               interpolation=cv2.INTER_LINEAR)
        x, y, side = face.box
        return x * scale, y * scale, side * scale

    def _cut_out(self, box: tuple[float, float, float]) -> Cut:
        """Choose and change a face for a box."""
        side = box[2]
        face = self._draw_face(side)
        scale = side / face.box[2]
        level = min(len(face.levels) - 1,
                    max(0, int(math.floor(-math.log2(scale) + 0.3))))
        picture = face.levels[level].astype(np.float32)
        centre = [value / 2 ** level for value in face.box[:2]]
        scale *= 2 ** level
        angle = float(np.clip(self._random.normal(0, 12), -34, 34))
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
        """Turn some faces to the side, as far as a plane picture can be.

        The near half is drawn out and the far one pressed together.
        """
        if not self._chance(0.3):
            return picture
        rows, columns = picture.shape
        u = np.linspace(-1, 1, columns, dtype=np.float32)
        turn = self._uniform(-0.45, 0.45)
        source = u + turn * (1 - u * u)
        x = np.tile((source + 1) / 2 * (columns - 1), (rows, 1))
        y = np.tile(np.arange(rows, dtype=np.float32)[:, None], (1, columns))
        return cv2.remap(picture, x, y, cv2.INTER_LINEAR,
                         borderMode=cv2.BORDER_REPLICATE)

    def _light(self, picture: np.ndarray) -> np.ndarray:
        """Change light and contrast of a face, also from one side."""
        mean = picture.mean()
        target = mean * math.exp(self._uniform(-0.6, 0.25))
        contrast = math.exp(self._uniform(-0.5, 0.2))
        picture = (picture - mean) * contrast + target
        if self._chance(0.35):
            rows, columns = picture.shape
            angle = self._uniform(0, 2 * math.pi)
            ramp = (np.linspace(-1, 1, columns)[None] * math.cos(angle)
                    + np.linspace(-1, 1, rows)[:, None] * math.sin(angle))
            picture = picture * np.exp(
                ramp * self._uniform(0.1, 0.6)).astype(np.float32)
        return np.clip(picture, 0, 255).astype(np.float32)

    def _draw_person(self, canvas: np.ndarray,
                     box: tuple[float, float, float], skin: float) -> None:
        """Draw shoulders, neck and hair where a face will be."""
        x, y, side = box

        def ellipse(dx: float, dy: float, width: float, height: float,
                    value: float) -> None:
            cv2.ellipse(canvas, (int(x + dx * side), int(y + dy * side)),
                        (max(1, int(width * side)), max(1, int(
                            height * side))), self._uniform(-8, 8), 0, 360,
                        value, -1, cv2.LINE_AA)

        if self._chance(0.7):
            clothes = (self._texture(SIDE, SIDE) if self._chance(0.5)
                       else self._uniform(5, 250))
            ellipse(self._uniform(-.2, .2), self._uniform(1.3, 1.7),
                    self._uniform(0.9, 1.5), self._uniform(0.7, 0.95), -1)
            np.copyto(canvas, clothes, where=canvas < 0)
        if self._chance(0.8):
            ellipse(self._uniform(-.05, .05), self._uniform(0.45, 0.65),
                    self._uniform(0.25, 0.4), self._uniform(0.35, 0.6),
                    skin * self._uniform(0.6, 1.1))
        if self._chance(0.85):
            hair = (self._uniform(5, 80) if self._chance(0.7)
                    else self._uniform(80, 240))
            ellipse(self._uniform(-.06, .06), self._uniform(-.25, 0),
                    self._uniform(0.48, 0.72), self._uniform(0.55, 0.85),
                    hair)
        if self._chance(0.5):
            ellipse(0, 0, self._uniform(0.42, 0.5), self._uniform(0.55, 0.68),
                    skin * self._uniform(0.85, 1.05))

    def _cover(self, canvas: np.ndarray,
               box: tuple[float, float, float]) -> None:
        """Hide a part of a face: sunglasses, a hat, something before it."""
        x, y, side = box

        def ellipse(dx: float, dy: float, width: float, height: float,
                    value: float) -> None:
            cv2.ellipse(canvas, (int(x + dx * side), int(y + dy * side)),
                        (max(1, int(width * side)), max(1, int(
                            height * side))), 0, 0, 360, value, -1,
                        cv2.LINE_AA)

        chosen = self._random.random()
        if chosen < 0.09:
            value = self._uniform(0, 60)
            width, height = self._uniform(.12, .2), self._uniform(.07, .13)
            for dx in (-0.19, 0.19):
                ellipse(dx, -0.1, width, height, value)
        elif chosen < 0.22:
            ellipse(self._uniform(-.15, .15), self._uniform(-.62, -.5),
                    self._uniform(.5, .75), self._uniform(.22, .36),
                    self._uniform(0, 250))
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
                part[:] = self._texture(*part.shape)

    def _paste_decoy(self, canvas: np.ndarray,
                     faces: list[tuple[float, float, float]] = ()) -> None:
        """Paste something that is no face as a face would be."""
        random = self._random
        side = math.exp(self._uniform(math.log(MIN_FACE), math.log(110)))
        x, y = (self._uniform(0, SIDE) for _ in range(2))
        if any(max(abs(x - other[0]), abs(y - other[1]))
               < 0.55 * (side * 1.1 + other[2]) for other in faces):
            return
        angle = float(random.normal(0, 15))
        chosen = random.random()
        if chosen < 0.4:
            picture = self._texture(MASK_SIDE, MASK_SIDE)
        elif chosen < 0.55:
            picture = self._emblem()
        elif chosen < 0.7:
            picture = self._skull()
        else:
            face = self._draw_face(side)
            level = min(len(face.levels) - 1,
                        max(0, int(math.floor(math.log2(
                            face.box[2] / side) + 0.3))))
            picture = self._spoil(face.levels[level].astype(np.float32))
        scale = side / max(picture.shape)
        self._paste(canvas, self._light(picture), self._mask(0.3),
                    (picture.shape[1] / 2, picture.shape[0] / 2), (x, y),
                    (scale, scale), angle)

    def _emblem(self) -> np.ndarray:
        """Draw what clothes, signs and machines bear: rings and letters."""
        random = self._random
        picture = np.full((MASK_SIDE, MASK_SIDE), self._uniform(0, 255),
                          np.float32)
        for _ in range(random.integers(2, 6)):
            value = self._uniform(0, 255)
            x, y = (int(each) for each in random.normal(
                MASK_SIDE / 2, MASK_SIDE / 7, 2))
            if self._chance(0.6):
                thickness = int(random.integers(-1, 8)) or -1
                cv2.ellipse(picture, (x, y), tuple(
                    int(each) for each in random.integers(4, 30, 2)),
                    self._uniform(0, 180), 0, 360, value, thickness,
                    cv2.LINE_AA)
            else:
                cv2.putText(picture, chr(random.integers(33, 127)),
                            (x - 15, y + 15), int(random.integers(0, 8)),
                            self._uniform(0.7, 2), value,
                            int(random.integers(1, 6)), cv2.LINE_AA)
        return picture

    def _skull(self) -> np.ndarray:
        """Draw a skull as it is printed on clothes: holes for eyes, teeth."""
        ground, bone, hole = (self._uniform(0, 255) for _ in range(3))
        if abs(bone - hole) < 60:
            hole = (bone + 128) % 255
        picture = np.full((MASK_SIDE, MASK_SIDE), ground, np.float32)

        def ellipse(x: float, y: float, width: float, height: float,
                    value: float) -> None:
            cv2.ellipse(picture, (int(x * MASK_SIDE), int(y * MASK_SIDE)),
                        (max(1, int(width * MASK_SIDE)),
                         max(1, int(height * MASK_SIDE))),
                        0, 0, 360, value, -1, cv2.LINE_AA)

        ellipse(0.5, 0.42, self._uniform(.3, .42), self._uniform(.3, .4), bone)
        ellipse(0.5, 0.72, self._uniform(.18, .28), self._uniform(.15, .25),
                bone)
        width, height = self._uniform(.07, .13), self._uniform(.07, .14)
        apart, eyes = self._uniform(.13, .2), self._uniform(.38, .5)
        for x in (0.5 - apart, 0.5 + apart):
            ellipse(x, eyes, width, height, hole)
        ellipse(0.5, eyes + self._uniform(.14, .2), 0.035, 0.06, hole)
        if self._chance(0.8):
            row = int(self._uniform(.76, .84) * MASK_SIDE)
            for column in range(22, 43, 4):
                cv2.line(picture, (column, row - 3), (column, row + 4), hole,
                         1, cv2.LINE_AA)
        return picture

    def _spoil(self, picture: np.ndarray) -> np.ndarray:
        """Make a face no face, by what a detector must not fall for."""
        random = self._random
        rows, columns = (size // 2 for size in picture.shape)
        way = random.integers(5)
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
            return cv2.resize(part, picture.shape[::-1])
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
        height, width = picture.shape
        turn = math.radians(angle)
        linear = np.array([[math.cos(turn), -math.sin(turn)],
                           [math.sin(turn), math.cos(turn)]]) @ np.diag(scale)
        corners = linear @ (np.array([[0, width, 0, width],
                                      [0, 0, height, height]], float)
                            - np.reshape(centre, (2, 1)))
        low = np.floor(corners.min(axis=1) + place).astype(int)
        high = np.ceil(corners.max(axis=1) + place).astype(int)
        low, high = np.maximum(low, 0), np.minimum(high, SIDE)
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
        part += (warped - part) * alpha

    def _finish(self, canvas: np.ndarray,
                faces: list[tuple[float, float, float]]) -> Scene:
        """Give the scene a camera's and a codec's faults; sort the faces."""
        picture = np.clip(canvas, 0, 255)
        if self._chance(0.35):
            picture = cv2.GaussianBlur(picture, (0, 0),
                                       self._uniform(0.3, 1.2))
        elif self._chance(0.4):
            blurred = cv2.GaussianBlur(picture, (0, 0), 1)
            picture = picture + (picture - blurred) * self._uniform(0, 1.2)
        picture = np.clip(picture / 255, 0, 1)
        picture = picture ** math.exp(self._uniform(-0.45, 0.45))
        mean = picture.mean()
        picture = ((picture - mean) * math.exp(self._uniform(-0.5, 0.3))
                   + mean * math.exp(self._uniform(-0.4, 0.2)))
        if self._chance(0.45):
            picture = picture + self._random.normal(
                0, self._uniform(0.003, 0.03), picture.shape)
        picture = np.clip(picture, 0, 1)
        if self._chance(0.3):
            quality = int(self._uniform(25, 90))
            _, code = cv2.imencode(".jpg", (picture * 255).astype(np.uint8),
                                   (cv2.IMWRITE_JPEG_QUALITY, quality))
            picture = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE) / 255
        width = height = SIDE
        if self._chance(0.25):  # the detector pads to a multiple of 32
            width, height = (SIDE - self._random.integers(32)
                             for _ in range(2))
            picture = picture.copy()
            picture[height:] = 0
            picture[:, width:] = 0
        found, ignored = [], []
        for x, y, side in faces:
            visible = (min(x + side / 2, width) - max(x - side / 2, 0)) * (
                min(y + side / 2, height) - max(y - side / 2, 0)) / side ** 2
            if visible >= VISIBLE or side > 0.9 * SIDE:
                found.append((x, y, side))
            elif visible >= HARDLY_VISIBLE:
                ignored.append((x, y, side))
        return Scene(picture.astype(np.float32),
                     np.array(found, np.float32).reshape(-1, 3),
                     np.array(ignored, np.float32).reshape(-1, 3))


def make_mask(random: np.random.Generator, square: bool) -> np.ndarray:
    """Return how much of a paste is seen, (MASK_SIDE, MASK_SIDE) in 0..1."""
    axis = np.abs((np.arange(MASK_SIDE) + 0.5) / MASK_SIDE * 2 - 1)
    power = 16 if square else random.uniform(2, 5)
    width, height = random.uniform(0.8, 1.02, 2)
    distance = ((axis[None] / width) ** power
                + (axis[:, None] / height) ** power) ** (1 / power)
    softness = random.uniform(0.03, 0.12 if square else 0.3)
    return np.clip((1 - distance) / softness + 0.2, 0, 1).astype(np.float32)
