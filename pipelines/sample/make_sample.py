#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Make or check sample.mp4, a clip with faces that belong to nobody.

    pipelines/sample/make_sample.py --data DATA     make sample.mp4, sample.json
    pipelines/sample/make_sample.py --check         check them

Each face is the average of FACES_PER_MEAN pictures of a group of people. The
pictures are first aligned to their plain mean by dense optical flow, again
and again with the sharper mean of the round before, so that eyes fall on eyes
and the average has the crispness of a face. Hair, neck and shoulders are
drawn. Making the clip takes about a minute on one core and needs ffmpeg
with libx264.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "model" / "train"))

WIDTH, HEIGHT, FPS = 640, 480, 30
VIDEO, TRUTH = HERE / "sample.mp4", HERE / "sample.json"

# The script of the clip: rows of time in seconds, centre of the face box in
# pixels, side of the box in pixels, and turn in degrees. They are interpolated
# smoothly between rows.
SECONDS = 9
MORPH = (1.4, 2.9)
FIRST_PATH = np.array([
    [0.0, 170, 250, 126, -2], [0.8, 250, 225, 150, 5],
    [1.6, 350, 240, 190, -5], [2.4, 390, 225, 230, 3],
    [3.1, 330, 235, 252, -4], [4.0, 190, 230, 205, 5],
    [4.8, 165, 215, 180, -5], [5.6, 190, 240, 195, 4],
    [6.4, 160, 225, 170, -6], [7.2, 175, 235, 185, 3],
    [7.6, 170, 235, 185, 0], [7.7, 150, 236, 185, -2], [8.0, -210, 240, 185, -6]])
SECOND_PATH = np.array([
    [4.0, 850, 240, 165, 6], [4.5, 490, 235, 165, -3],
    [5.2, 460, 245, 190, 4], [6.0, 485, 220, 215, -5],
    [6.8, 455, 240, 190, 5], [7.6, 480, 235, 175, -2],
    [7.7, 500, 236, 175, 0], [8.0, 850, 240, 175, 6]])

# Means: lengths are in pixels of a FACE x FACE picture.
FACE = 240
FACES_PER_MEAN = 600
FLOW_SMOOTHING = (10, 8, 6, 5)
AGES = (22, 42)

# The canvas that a figure is drawn on, and where the mean face lies on it.
CANVAS_WIDTH, CANVAS_HEIGHT = 640, 1120
FACE_LEFT, FACE_TOP = (CANVAS_WIDTH - FACE) // 2, 140
NECK = np.array([CANVAS_WIDTH / 2, FACE_TOP + 250])
# The mean of the boxes that a Viola-Jones detector finds in the pictures.
BOX_SIDE = 243
BOX_CENTRE = np.array([CANVAS_WIDTH / 2, FACE_TOP + 97])
BODY_SHARE_OF_TURN = 0.3

CASCADES = Path("/usr/share/opencv4/haarcascades")
CHECKED_CASCADES = ("haarcascade_frontalface_default.xml",
                    "haarcascade_frontalface_alt2.xml")
REQUIRED_RECALL = 0.95


# Mean faces ---------------------------------------------------------------

def correlation(picture: np.ndarray, mean: np.ndarray,
                window: np.ndarray) -> float:
    """Return the windowed normalised correlation of two gray pictures."""
    total = window.sum()
    a = picture - (picture * window).sum() / total
    b = mean - (mean * window).sum() / total
    return float((a * b * window).sum() / np.sqrt(
        (a * a * window).sum() * (b * b * window).sum()))


def gray_of(picture: np.ndarray) -> np.ndarray:
    """Return the luminance of a BGR picture as float32."""
    return cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8),
                        cv2.COLOR_BGR2GRAY).astype(np.float32)


def flow_between(target: np.ndarray, source: np.ndarray,
                 smoothing: float) -> np.ndarray:
    """Return the smoothed flow that maps target's pixels onto source's."""
    matcher = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    matcher.setFinestScale(2)
    matched = ((source - source.mean()) / source.std() * target.std()
               + target.mean())
    flow = matcher.calc(target.astype(np.uint8),
                        np.clip(matched, 0, 255).astype(np.uint8), None)
    return cv2.GaussianBlur(flow, (0, 0), smoothing)


def displaced(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Return picture read at each pixel's position plus its flow."""
    rows, columns = np.mgrid[:FACE, :FACE].astype(np.float32)
    return cv2.remap(picture, columns + flow[..., 0], rows + flow[..., 1],
                     cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def mean_face(pictures: list[np.ndarray]) -> np.ndarray:
    """Return the aligned, mirror-symmetric mean of the most frontal faces.

    The most frontal ones are the FACES_PER_MEAN that correlate best with the
    plain mean of all.
    """
    mean = np.mean(pictures, axis=0, dtype=np.float64)
    rows, columns = (np.mgrid[:FACE, :FACE] - FACE / 2) / (0.3 * FACE)
    window = np.exp(-rows ** 2 - columns ** 2)
    gray_mean = gray_of(mean)
    likeness = [correlation(gray_of(picture), gray_mean, window)
                for picture in pictures]
    chosen = [pictures[index]
              for index in np.argsort(likeness)[-FACES_PER_MEAN:]]
    mean = np.mean(chosen, axis=0, dtype=np.float64)
    for smoothing in FLOW_SMOOTHING:
        mean = (mean + mean[:, ::-1]) / 2
        target = gray_of(mean)
        mean = np.mean([displaced(picture, flow_between(
            target, gray_of(picture), smoothing)) for picture in chosen],
            axis=0, dtype=np.float64)
    return ((mean + mean[:, ::-1]) / 2).astype(np.float32)


def mean_faces(data: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean women's and the mean men's face, BGR float32."""
    from data import load_utkface
    faces = load_utkface(data, "train")
    means = []
    for male in (0, 1):
        group = ((faces.male == male) & (faces.age >= AGES[0])
                 & (faces.age <= AGES[1]))
        pictures = [cv2.resize(
            picture.permute(1, 2, 0).numpy()[:, :, ::-1], (FACE, FACE),
            interpolation=cv2.INTER_CUBIC)
            for picture in faces.pictures[group]]
        print(f"mean of {FACES_PER_MEAN} of {len(pictures)} "
              f"{('women', 'men')[male]}", flush=True)
        means.append(mean_face(pictures))
    return means[0], means[1]


def sharpened(face: np.ndarray) -> np.ndarray:
    """Return the face after an unsharp mask."""
    return np.clip(face + 0.7 * (face - cv2.GaussianBlur(face, (0, 0), 4)),
                   0, 255)


class FaceMorph:
    """All faces between a first and a second one."""

    def __init__(self, first: np.ndarray, second: np.ndarray) -> None:
        self._faces = first, second
        gray = gray_of(first), gray_of(second)
        self._flows = (flow_between(gray[0], gray[1], 6),
                       flow_between(gray[1], gray[0], 6))

    def at(self, share: float) -> np.ndarray:
        """Return the face that is share of the way to the second one."""
        first = displaced(self._faces[0], self._flows[1] * share)
        second = displaced(self._faces[1], self._flows[0] * (1 - share))
        return sharpened(first * (1 - share) + second * share)


# Figures ------------------------------------------------------------------

@dataclass
class Look:
    """What is drawn around a face; points are the right half of outlines.

    Points are in pixels of the mean face's picture, from the top of an
    outline down; the left half mirrors them. Colours are BGR.
    """

    hair: np.ndarray
    hairline: np.ndarray
    contour: np.ndarray
    neck_width: float
    jaw_shade: float
    hair_colour: np.ndarray
    cloth_colour: np.ndarray

    def towards(self, other: "Look", share: float) -> "Look":
        """Return the look that is share of the way to another one."""
        return Look(**{name: value * (1 - share) + vars(other)[name] * share
                       for name, value in vars(self).items()})


WOMAN = Look(
    hair=np.array([[120, -72], [166, -66], [214, -40], [246, 12],
                   [258, 80], [262, 150], [270, 215], [266, 268],
                   [240, 292], [214, 296], [190, 296]], float),
    hairline=np.array([[120, -26], [150, -18], [182, 2], [205, 30],
                       [218, 64], [222, 100], [219, 140], [212, 175],
                       [206, 215], [204, 270], [204, 330]], float),
    contour=np.array([[120, -44], [190, -36], [232, 20], [236, 90],
                      [224, 150], [200, 196], [165, 226], [120, 238]], float),
    neck_width=50, jaw_shade=0.28, hair_colour=np.array([30.0, 36, 52]),
    cloth_colour=np.array([122.0, 92, 62]))

MAN = Look(
    hair=np.array([[120, -68], [156, -64], [194, -49], [226, -18],
                   [243, 24], [243, 56], [239, 80], [234, 98],
                   [228, 108], [220, 112], [210, 112]], float),
    hairline=np.array([[120, -12], [150, -17], [182, -18], [204, -4],
                       [214, 26], [222, 54], [224, 74], [227, 92],
                       [229, 106], [230, 120], [230, 150]], float),
    contour=np.array([[120, -40], [190, -30], [226, 20], [229, 90],
                      [221, 150], [200, 197], [165, 231], [120, 244]], float),
    neck_width=62, jaw_shade=0.66, hair_colour=np.array([28.0, 30, 36]),
    cloth_colour=np.array([74.0, 70, 66]))

SECOND_WOMAN = replace(WOMAN, hair_colour=np.array([58.0, 80, 106]),
                       cloth_colour=np.array([86.0, 104, 58]))

EAR = np.array([[222, 74], [243, 74], [250, 92], [246, 114], [236, 132],
                [218, 140]], float)


def mirrored(points: np.ndarray) -> np.ndarray:
    """Return points mirrored at the face's vertical axis."""
    return points[::-1] * (-1, 1) + (FACE, 0)


def smooth_curve(points: np.ndarray) -> np.ndarray:
    """Return the closed Catmull-Rom curve through points of the face."""
    keep = np.any(np.abs(points - np.roll(points, 1, axis=0)) > 1e-6, axis=1)
    points = points[keep]
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    beyond = np.roll(points, -2, axis=0)
    t = np.linspace(0, 1, 16, endpoint=False)[:, None, None]
    curve = 0.5 * (2 * points + (after - before) * t
                   + (2 * before - 5 * points + 4 * after - beyond) * t ** 2
                   + (3 * points - before - 3 * after + beyond) * t ** 3)
    return curve.transpose(1, 0, 2).reshape(-1, 2)


def filled(points: np.ndarray, softness: float) -> np.ndarray:
    """Return the soft-edged inside of an outline, 0..1, on the canvas."""
    mask = np.zeros((CANVAS_HEIGHT, CANVAS_WIDTH), np.float32)
    curve = smooth_curve(points) + (FACE_LEFT, FACE_TOP)
    cv2.fillPoly(mask, [np.round(curve * 16).astype(np.int32)], 1.0,
                 cv2.LINE_AA, 4)
    return cv2.GaussianBlur(mask, (0, 0), softness)


def filled_pair(half: np.ndarray, softness: float) -> np.ndarray:
    """Return the inside of an outline given by its right half."""
    return filled(np.concatenate([half, mirrored(half)]), softness)


def paint(canvas: np.ndarray, colour: np.ndarray, mask: np.ndarray) -> None:
    """Lay colour over a canvas of premultiplied BGR and coverage."""
    canvas *= 1 - mask[..., None]
    canvas[..., :3] += colour * mask[..., None]
    canvas[..., 3] += mask


def empty_canvas() -> np.ndarray:
    """Return a transparent canvas: premultiplied B, G, R, and coverage."""
    return np.zeros((CANVAS_HEIGHT, CANVAS_WIDTH, 4), np.float32)


def hair_shading(colour: np.ndarray) -> np.ndarray:
    """Return strands of hair, lit from above, over the whole canvas."""
    random = np.random.default_rng(7)
    rows, columns = np.mgrid[:CANVAS_HEIGHT, :CANVAS_WIDTH].astype(np.float32)
    x = (columns - CANVAS_WIDTH / 2) / FACE
    y = (rows - FACE_TOP) / FACE
    # Strands fan out from the parting: constant along x / (y + 0.6).
    angle = np.arctan2(x, np.maximum(y + 0.75, 0.05))
    noise = cv2.GaussianBlur(random.normal(size=(1, 1024)), (0, 0), 1.6)
    noise = (noise / noise.std()).astype(np.float32)
    position = ((angle / np.pi + 0.5) * 1023).astype(np.float32)
    strands = cv2.remap(noise, position, np.zeros_like(position),
                        cv2.INTER_LINEAR)
    light = 1 + 0.07 * strands + 0.45 * np.exp(
        -((np.hypot(x, y - 0.35) - 0.62) / 0.10) ** 2)
    return colour * light[..., None]


class Figure:
    """A head and shoulders, drawn on three canvases from back to front."""

    def __init__(self, face: np.ndarray, look: Look) -> None:
        skin = face[105:150, 45:75].mean(axis=(0, 1))
        hair = filled_pair(look.hair, 2.5)
        strands = hair_shading(look.hair_colour)
        self.back = empty_canvas()
        paint(self.back, strands * 0.7, hair)
        self.body = empty_canvas()
        self._draw_body(skin, look)
        self.front = empty_canvas()
        for ear in (EAR, mirrored(EAR)):
            paint(self.front, skin * 0.72, filled(ear, 2.5))
        rows = np.clip(np.arange(CANVAS_HEIGHT) - FACE_TOP, 0, FACE - 1)
        columns = np.clip(np.arange(CANVAS_WIDTH) - FACE_LEFT, 0, FACE - 1)
        contour = filled_pair(look.contour, 2)
        paint(self.front, skin * look.jaw_shade, contour)
        inner = cv2.GaussianBlur(contour, (0, 0), 6)
        paint(self.front, face[rows[:, None], columns],
              np.clip(2 * inner - 1, 0, 1))
        paint(self.front, strands,
              hair * (1 - filled_pair(look.hairline, 4)))

    def _draw_body(self, skin: np.ndarray, look: Look) -> None:
        half = look.neck_width
        neck = np.array([[120, 150], [120 + half, 160], [120 + half, 240],
                         [124 + half, 276], [130 + half, 296],
                         [120 + 0.8 * half, 370], [120, 390]], float)
        rows = (np.arange(CANVAS_HEIGHT) - FACE_TOP)[:, None, None]
        columns = (np.arange(CANVAS_WIDTH) - CANVAS_WIDTH / 2)[None, :, None]
        shade = 0.86 - 0.32 * np.exp(-((rows - 228) / 34.0) ** 2)
        shade = shade * (1 - 0.18 * np.clip((columns / half) ** 2, 0, 2))
        paint(self.body, skin * shade, filled_pair(neck, 2))
        cloth = np.array(
            [[120, 316], [120 + 0.6 * half, 306], [124 + 1.1 * half, 279],
             [160 + 1.1 * half, 290], [290, 322], [344, 376], [366, 480],
             [376, 900], [376, 1100], [120, 1100]], float)
        light = 1.12 - 0.00045 * (rows - 280) - 0.25 * (columns / 300) ** 2
        paint(self.body, look.cloth_colour * light, filled_pair(cloth, 2))


# Frames -------------------------------------------------------------------

@dataclass
class Pose:
    """Where a figure is: the neck in the frame, scale, turn in degrees."""

    neck: np.ndarray
    scale: float
    turn: float

    def matrix(self, share_of_turn: float) -> np.ndarray:
        """Return the affine map from the canvas to the frame, (2, 3)."""
        angle = np.radians(self.turn * share_of_turn)
        linear = self.scale * np.array([[np.cos(angle), -np.sin(angle)],
                                        [np.sin(angle), np.cos(angle)]])
        return np.column_stack([linear, self.neck - linear @ NECK])

    def box(self) -> list[int]:
        """Return the face's upright square box: x, y, width, height."""
        matrix = self.matrix(1)
        centre = matrix[:, :2] @ BOX_CENTRE + matrix[:, 2]
        side = round(BOX_SIDE * self.scale)
        return [round(centre[0] - side / 2), round(centre[1] - side / 2),
                side, side]


def pose_at(path: np.ndarray, time: float) -> Pose | None:
    """Return the pose at a time, or None outside the path's times."""
    times = path[:, 0]
    if not times[0] <= time < times[-1]:
        return None
    index = int(np.searchsorted(times, time, side="right")) - 1
    share = (time - times[index]) / (times[index + 1] - times[index])
    # Cubic Hermite interpolation, with the slope of the neighbours.
    values = path[:, 1:]
    slopes = np.gradient(values, times, axis=0)
    length = times[index + 1] - times[index]
    x, y, side, turn = (
        values[index] * (1 + 2 * share) * (1 - share) ** 2
        + slopes[index] * length * share * (1 - share) ** 2
        + values[index + 1] * share ** 2 * (3 - 2 * share)
        - slopes[index + 1] * length * share ** 2 * (1 - share))
    scale = side / BOX_SIDE
    return Pose(np.array([x, y]) + scale * (NECK - BOX_CENTRE), scale, turn)


def background() -> np.ndarray:
    """Return a softly graded wall, BGR float32."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    glow = np.exp(-((columns / WIDTH - 0.42) ** 2
                    + (rows / HEIGHT - 0.35) ** 2) / 0.35)
    shade = 0.62 + 0.38 * glow - 0.12 * rows / HEIGHT
    return shade[..., None] * np.array([206, 198, 186], np.float32)


def draw(frame: np.ndarray, figure: Figure, pose: Pose) -> None:
    """Draw a figure into a float32 BGR frame."""
    for canvas, share_of_turn in ((figure.back, 1),
                                  (figure.body, BODY_SHARE_OF_TURN),
                                  (figure.front, 1)):
        layer = cv2.warpAffine(canvas, pose.matrix(share_of_turn),
                               (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
        frame *= 1 - layer[..., 3:]
        frame += layer[..., :3]


def is_inside(box: list[int]) -> bool:
    """Tell whether a box lies wholly inside the frame."""
    x, y, width, height = box
    return (x >= 0 and y >= 0 and x + width <= WIDTH
            and y + height <= HEIGHT)


def make(data: Path) -> None:
    """Write the clip and its ground truth."""
    women, men = mean_faces(data)
    morph = FaceMorph(women, men)
    woman = Figure(morph.at(0), WOMAN)
    man = Figure(morph.at(1), MAN)
    second = Figure(morph.at(0), SECOND_WOMAN)
    wall = background()
    dither = np.random.default_rng(3).uniform(-0.5, 0.5, wall.shape)
    encoder = subprocess.Popen(
        ["ffmpeg", "-loglevel", "error", "-y", "-f", "rawvideo",
         "-pix_fmt", "bgr24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS),
         "-i", "-", "-c:v", "libx264", "-preset", "slow", "-crf", "20",
         "-g", str(FPS), "-pix_fmt", "yuv420p", "-threads", "1",
         "-colorspace", "smpte170m", "-color_primaries", "smpte170m",
         "-color_trc", "smpte170m", "-color_range", "tv",
         "-fflags", "+bitexact", "-flags:v", "+bitexact",
         "-movflags", "+faststart", str(VIDEO)], stdin=subprocess.PIPE)
    truth = []
    for number in range(SECONDS * FPS):
        time = number / FPS
        share = float(np.clip((time - MORPH[0]) / (MORPH[1] - MORPH[0]),
                              0, 1))
        if share in (0, 1):
            first = man if share else woman
        else:
            first = Figure(morph.at(share), WOMAN.towards(MAN, share))
        frame = wall.copy()
        boxes = []
        for figure, path in ((first, FIRST_PATH), (second, SECOND_PATH)):
            pose = pose_at(path, time)
            if pose:
                draw(frame, figure, pose)
                if is_inside(pose.box()):
                    boxes.append(pose.box())
        truth.append(boxes)
        encoder.stdin.write(np.clip(np.round(frame + dither), 0, 255)
                            .astype(np.uint8).tobytes())
        if number % FPS == 0:
            print(f"second {number // FPS}/{SECONDS}", flush=True)
    encoder.stdin.close()
    if encoder.wait():
        raise SystemExit("ffmpeg could not write the clip")
    lines = ",\n".join(json.dumps(boxes, separators=(",", ":"))
                       for boxes in truth)
    TRUTH.write_text(f'{{"fps":{FPS},"width":{WIDTH},"height":{HEIGHT},'
                     f'"frames":[\n{lines}\n]}}\n')


# Check --------------------------------------------------------------------

def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Return the intersection over union of two boxes."""
    low = np.maximum(a[:2], b[:2])
    high = np.minimum(a[:2] + a[2:], b[:2] + b[2:])
    common = np.prod(np.maximum(high - low, 0))
    return float(common / (a[2] * a[3] + b[2] * b[3] - common))


def read_frames() -> list[np.ndarray]:
    """Return the clip's frames, BGR."""
    capture = cv2.VideoCapture(str(VIDEO))
    frames = []
    while True:
        found, frame = capture.read()
        if not found:
            return frames
        frames.append(frame)


def check() -> bool:
    """Print how well stock cascades find the faces; return if well enough.

    A face is found when a detection overlaps its box by an intersection over
    union of at least 0.5.
    """
    truth = json.loads(TRUTH.read_text())
    frames = read_frames()
    size = VIDEO.stat().st_size
    faces = sum(len(boxes) for boxes in truth["frames"])
    print(f"{VIDEO.name}: {size} bytes, {len(frames)} frames, {faces} faces")
    passed = len(frames) == len(truth["frames"]) and size < 1_000_000
    for name in CHECKED_CASCADES:
        cascade = cv2.CascadeClassifier(str(CASCADES / name))
        for reduction in (1, 2):
            overlaps, false, missed = [], 0, []
            for number, (frame, boxes) in enumerate(
                    zip(frames, truth["frames"])):
                gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
                gray = cv2.resize(gray, None, fx=1 / reduction,
                                  fy=1 / reduction,
                                  interpolation=cv2.INTER_AREA)
                detections = cascade.detectMultiScale(
                    gray, 1.1, 3, minSize=(24, 24))
                detections = np.array(detections, float).reshape(-1, 4)
                table = np.array([[overlap(detection * reduction,
                                           np.array(box, float))
                                   for box in boxes]
                                  for detection in detections])
                table = table.reshape(len(detections), len(boxes))
                false += sum(row.max(initial=0) < 0.5 for row in table)
                best = table.max(axis=0, initial=0)
                overlaps += list(best[best >= 0.5])
                if (best < 0.5).any():
                    missed.append(number)
            recall = len(overlaps) / faces
            passed = passed and recall >= REQUIRED_RECALL
            print(f"{name} at {WIDTH // reduction}x{HEIGHT // reduction}: "
                  f"recall {recall:.3f}, mean overlap "
                  f"{np.mean(overlaps):.2f}, {false} detections elsewhere, "
                  f"misses in frames {missed}")
    return passed


def main() -> None:
    """Make the clip, or check it."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--data", type=Path,
                        help="make the clip; folder that holds utkface, a "
                             "folder or a .tar file")
    action.add_argument("--check", action="store_true",
                        help="run stock OpenCV cascades over the clip")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.check:
        raise SystemExit(0 if check() else 1)
    make(options.data)


if __name__ == "__main__":
    main()
