# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""The teacher of the face detector: YuNet, run by ONNX Runtime.

Node and the package onnxruntime-node are needed, found through NODE_PATH.
"""

import os
import struct
import subprocess
from pathlib import Path

import cv2
import numpy as np

from face_boxes import suppress

STRIDES = (8, 16, 32)
# The squares of Viola-Jones detectors from the teacher's boxes: side in widths
# and in heights, of which the mean is taken, and how much higher the centre is,
# in heights.
SIDE_OF_WIDTH, SIDE_OF_HEIGHT, RISE = 1.20, 0.89, 0.02
LOWEST_SCORE = 0.05
MAX_FACES = 200


class Teacher:
    """Finds faces in pictures."""

    def __init__(self, model: Path) -> None:
        self._names = [f"{kind}_{stride}" for kind in ("cls", "obj", "bbox")
                       for stride in STRIDES]
        self._process = subprocess.Popen(
            ["node", Path(__file__).with_suffix(".mjs"), model, *self._names],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ)

    def close(self) -> None:
        """Stop the teacher."""
        self._process.stdin.close()
        self._process.wait()

    def find(self, picture: np.ndarray, scale: float) -> np.ndarray:
        """Return the boxes in a scaled picture before suppression.

        picture: (H, W, 3) uint8, R'G'B'
        returns: (N, 5), centre x, y, width, height in the picture's pixels,
                 and the score
        """
        height, width = (max(1, round(side * scale))
                         for side in picture.shape[:2])
        scaled = cv2.resize(picture, (width, height), interpolation=(
            cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))
        cells = np.concatenate([level.reshape(-1, 5)
                                for level in self.look(scaled)])
        found = cells[cells[:, 4] >= LOWEST_SCORE]
        found[:, 0:4:2] *= picture.shape[1] / width
        found[:, 1:4:2] *= picture.shape[0] / height
        return found

    def look(self, picture: np.ndarray) -> list[np.ndarray]:
        """Return what it says in each cell of each stride.

        picture: (H, W, 3) uint8, R'G'B'
        returns: for each stride (rows, columns, 5): centre x, y, width, height
                 in pixels, and the score
        """
        maps = self._run(picture[:, :, ::-1])
        return [self._decode(*(maps[f"{kind}_{stride}"]
                               for kind in ("cls", "obj", "bbox")), stride)
                for stride in STRIDES]

    def _run(self, bgr: np.ndarray) -> dict[str, np.ndarray]:
        """Return the outputs, (rows, columns, channels) each."""
        coarsest = STRIDES[-1]
        height, width = (-(-side // coarsest) * coarsest
                         for side in bgr.shape[:2])
        padded = np.zeros((height, width, 3), np.uint8)
        padded[:bgr.shape[0], :bgr.shape[1]] = bgr
        self._process.stdin.write(struct.pack("<II", height, width))
        self._process.stdin.write(padded.tobytes())
        self._process.stdin.flush()
        maps = {}
        for name in self._names:
            kind, stride = name.split("_")
            shape = (height // int(stride), width // int(stride),
                     4 if kind == "bbox" else 1)
            data = self._process.stdout.read(4 * int(np.prod(shape)))
            if len(data) < 4 * np.prod(shape):
                raise SystemExit("the teacher ended early; what it says "
                                 "stands above")
            maps[name] = np.frombuffer(data, "<f4").reshape(shape)
        return maps

    @staticmethod
    def _decode(classes: np.ndarray, objects: np.ndarray, boxes: np.ndarray,
                stride: int) -> np.ndarray:
        rows, columns = np.indices(classes.shape[:2])
        return np.stack([(columns + boxes[:, :, 0]) * stride,
                         (rows + boxes[:, :, 1]) * stride,
                         np.exp(boxes[:, :, 2]) * stride,
                         np.exp(boxes[:, :, 3]) * stride,
                         (classes * objects)[:, :, 0]], axis=2)


def as_squares(boxes: np.ndarray) -> np.ndarray:
    """Return (N, 4), centre x, y, side and score, of the teacher's boxes."""
    x, y, width, height, score = boxes.T
    return np.column_stack([
        x, y - RISE * height,
        (SIDE_OF_WIDTH * width + SIDE_OF_HEIGHT * height) / 2, score])


def find_squares(teacher: Teacher, picture: np.ndarray,
                 scale: float) -> np.ndarray:
    """Return the faces in a picture, (N, 4) as as_squares(), best first."""
    return suppress(as_squares(teacher.find(picture, scale)), MAX_FACES)
