# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Squares around faces: how they overlap, and which of many are the same face.

A box is (x, y, side, ...): the centre and the side, in pixels.
"""

import math

import numpy as np

# As in src/face/face-candidates.c.
MAX_OVERLAP = 0.4
MAX_COVER = 0.7


def shared(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the area that a square shares with each of others, (N,)."""
    low = np.maximum(box[:2] - box[2] / 2, others[:, :2] - others[:, 2:3] / 2)
    high = np.minimum(box[:2] + box[2] / 2, others[:, :2] + others[:, 2:3] / 2)
    return np.clip(high - low, 0, None).prod(axis=1)


def overlaps(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return the intersection over union of a square with others, (N,)."""
    area = shared(box, others)
    return area / (box[2] ** 2 + others[:, 2] ** 2 - area)


def suppress(boxes: np.ndarray, limit: int) -> np.ndarray:
    """Return the boxes that overlap no better one, best first.

    boxes: (N, 4), the last column being the score
    """
    boxes = boxes[np.argsort(-boxes[:, 3], kind="stable")]
    kept: list[np.ndarray] = []
    while len(boxes) and len(kept) < limit:
        best = boxes[0]
        kept.append(best)
        cover = shared(best, boxes) / np.minimum(best[2], boxes[:, 2]) ** 2
        boxes = boxes[(overlaps(best, boxes) <= MAX_OVERLAP)
                      & (cover <= MAX_COVER)]
    return np.array(kept).reshape(-1, 4)


def decode(maps: list[np.ndarray], strides: tuple[int, ...], lowest: float,
           limit: int) -> np.ndarray:
    """Return the faces of one picture, (N, 4): box and logit, best first.

    maps:   the network's output for each stride, (4, rows, columns)
    lowest: probability from which a cell counts
    """
    found = []
    for stride, values in zip(strides, maps):
        rows, columns = np.nonzero(
            values[0] >= math.log(lowest / (1 - lowest)))
        found.append(np.column_stack([
            (columns + 0.5 + values[1, rows, columns]) * stride,
            (rows + 0.5 + values[2, rows, columns]) * stride,
            np.exp(values[3, rows, columns]) * stride,
            values[0, rows, columns]]))
    return suppress(np.concatenate(found), limit)
