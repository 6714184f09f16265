# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Crops of faces like those of an unsteady tracker and a poor camera.

Everything works on one face at a time, as 8-bit pictures, (height, width,
channels) with 1 or 3 channels: OpenCV does that faster than tensor functions
do it on a batch.
"""

import math

import cv2
import numpy as np

from data import INPUT_SIDE

SCALE_SIGMA, SCALE_LIMIT = 0.09, 0.25
SHIFT_SIGMA, SHIFT_LIMIT = 0.055, 0.14
ANGLE_SIGMA, ANGLE_LIMIT = math.radians(8), math.radians(24)
ASPECT_SIGMA = 0.03
SMALLEST_FACE = 24
WOBBLE_SIGMA = 0.006
LARGEST_NOISE = 8
COARSE_SIDE = 30
BORDERS = (cv2.BORDER_REPLICATE, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT,
           cv2.BORDER_CONSTANT)


def augmented_pair(picture: np.ndarray, box: np.ndarray,
                   random: np.random.Generator
                   ) -> tuple[np.ndarray, np.ndarray]:
    """Return two crops of a face, uint8, (50, 50, 3).

    They are varied in the same way, and differ like two frames of a face that
    is held still: in the noise of the camera, and in what a tracker makes of
    it.

    picture: uint8, (H, W, C), C = 3 for RGB or 1 for gray
    box:     x, y, width, height of the face in it
    """
    way = random.integers(2 ** 63)
    noise = random.uniform(0, LARGEST_NOISE)
    side = COARSE_SIDE if random.random() < 0.3 else INPUT_SIDE
    return tuple(
        noisy(augmented_crop(picture, wobbled(box, random),
                             np.random.default_rng(way)), noise, side, random)
        for _ in range(2))


def wobbled(box: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the box moved and scaled as a tracker does in noise."""
    shift = random.standard_normal(2) * WOBBLE_SIGMA * box[2:]
    growth = math.exp(random.standard_normal() * WOBBLE_SIGMA)
    return np.concatenate([box[:2] + shift + box[2:] * (1 - growth) / 2,
                           box[2:] * growth])


def noisy(crop: np.ndarray, sigma: float, side: int,
          random: np.random.Generator) -> np.ndarray:
    """Add noise, which for a face that was enlarged has side cells across."""
    noise = random.standard_normal((side, side, 3), np.float32)
    if side != INPUT_SIDE:
        noise = cv2.resize(noise, (INPUT_SIDE, INPUT_SIDE))
    return cv2.add(crop, noise * sigma, dtype=cv2.CV_8U)


def augmented_crop(picture: np.ndarray, box: np.ndarray,
                   random: np.random.Generator) -> np.ndarray:
    """Return one varied crop of a face, uint8, (50, 50, 3)."""
    crop = jittered_crop(picture, box, random)
    if random.random() < 0.4:
        crop = blurred_or_sharpened(crop, random)
    crop = relit(crop, random)
    if random.random() < 0.2:
        quality = int(random.integers(20, 85))
        _, data = cv2.imencode(".jpg", crop,
                               (cv2.IMWRITE_JPEG_QUALITY, quality))
        crop = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if random.random() < 0.2:
        cover_patch(crop, random)
    return crop


def jittered_crop(picture: np.ndarray, box: np.ndarray,
                  random: np.random.Generator) -> np.ndarray:
    """Crop a face moved, scaled, turned, mirrored; uint8, (50, 50, 3).

    Some crops are taken with fewer samples than the input has and enlarged,
    like those of faces that are small in their frame. Outside the picture, its
    edge is repeated, the picture is mirrored, or there is a flat colour, so
    that the streaks of a repeated edge, which live pictures do not have, are
    no cue.
    """
    normal = random.standard_normal(5)
    scale = math.exp(np.clip(normal[0] * SCALE_SIGMA, -SCALE_LIMIT,
                             SCALE_LIMIT))
    shift = np.clip(normal[1:3] * SHIFT_SIGMA, -SHIFT_LIMIT, SHIFT_LIMIT)
    angle = np.clip(normal[3] * ANGLE_SIGMA, -ANGLE_LIMIT, ANGLE_LIMIT)
    aspect = math.exp(normal[4] * ASPECT_SIGMA)
    mirror = 1 if random.random() < 0.5 else -1
    side = INPUT_SIDE
    if random.random() < 0.3:
        side = int(random.integers(SMALLEST_FACE, INPUT_SIDE))

    x, y, width, height = box
    across = scale * aspect * mirror / side
    down = scale / side
    sine, cosine = math.sin(angle), math.cos(angle)
    # Output sample (i, j) reads the picture at linear @ (i, j) + start.
    linear = np.array([[width * across * cosine, -width * down * sine],
                       [height * across * sine, height * down * cosine]])
    centre = np.array([x + width * (0.5 + shift[0]),
                       y + height * (0.5 + shift[1])])
    start = centre - linear @ (side / 2, side / 2)
    crop = cv2.warpAffine(
        picture, np.column_stack([linear, start]), (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=BORDERS[random.integers(len(BORDERS))],
        borderValue=random.integers(0, 256, 3).tolist())
    if side != INPUT_SIDE:
        crop = cv2.resize(crop, (INPUT_SIDE, INPUT_SIDE))
    if crop.ndim == 2:
        return cv2.cvtColor(crop, cv2.COLOR_GRAY2RGB)
    if random.random() < 0.2:
        return cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY),
                            cv2.COLOR_GRAY2RGB)
    return crop


def blurred_or_sharpened(crop: np.ndarray,
                         random: np.random.Generator) -> np.ndarray:
    """Blur a crop, or sharpen it by adding what blurring removes."""
    blurred = cv2.GaussianBlur(crop, (0, 0), random.uniform(0.5, 1.8))
    if random.random() < 0.6:
        return blurred
    share = random.uniform(0.2, 0.9)
    return cv2.addWeighted(crop, 1 + share, blurred, -share, 0)


def relit(crop: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Vary gamma, contrast about the mean, brightness and tint."""
    gamma, contrast, brightness = np.exp(random.uniform(
        (-0.4, -0.4, -0.35), (0.4, 0.25, 0.25)))
    tint = np.exp(random.standard_normal(3) * 0.05)
    curve = np.linspace(1e-3, 1, 256) ** gamma
    mean = curve[int(crop.mean())]
    table = (mean + (curve - mean) * contrast)[:, None] * brightness * tint
    table = (table.clip(0, 1) * 255).round().astype(np.uint8)
    return cv2.LUT(crop, table.reshape(1, 256, 3))


def cover_patch(crop: np.ndarray, random: np.random.Generator) -> None:
    """Hide a rectangle of the crop behind a flat colour."""
    left, top = random.integers(-12, INPUT_SIDE, 2).clip(0)
    width, height = random.integers(6, 22, 2)
    crop[top:top + height, left:left + width] = random.integers(0, 256, 3)
