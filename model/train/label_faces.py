#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Find the faces in unlabelled pictures with a teacher and list them.

    NODE_PATH=FOLDER nice model/train/label_faces.py --data DATA \\
        --teacher yunet_n_dynamic.onnx --output labels.csv

The list has a row for each face: collection, file, kind ("face", or "unclear"
for what the teacher is not sure of), centre x and y and side of a square by the
convention of a Viola-Jones detector, in pixels, and the teacher's score. A
picture without any has one row of kind "none". A list that exists is continued.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from data import Collection, add_data_argument
from face_boxes import overlaps, suppress
from face_teacher import MAX_FACES, Teacher, find_squares

COLLECTIONS = ("unlabelled", "backgrounds", "clips")
COLUMNS = ("collection", "file", "kind", "x", "y", "side", "score")
# Large faces are found better in a smaller picture.
SCALES = (0.5, 1.0)
SURE, DOUBTFUL = 0.5, 0.12
SAME = 0.4


def averaged(there: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Return the faces of two looks at a picture, with the mean of each pair.

    A face that only one of them finds has half of its score.
    """
    merged = []
    free = list(mirrored)
    for box in there:
        overlap = overlaps(box, np.array(free)) if free else np.zeros(1)
        if overlap.max() > SAME:
            merged.append((box + free.pop(int(overlap.argmax()))) / 2)
        else:
            merged.append(box * (1, 1, 1, 0.5))
    merged += [box * (1, 1, 1, 0.5) for box in free]
    return np.array(merged).reshape(-1, 4)


def find(teacher: Teacher, picture: np.ndarray) -> np.ndarray:
    """Return the faces in a picture, (N, 4): centre, side, score."""
    found = []
    for scale in SCALES:
        mirrored = find_squares(
            teacher, np.ascontiguousarray(picture[:, ::-1]), scale)
        mirrored[:, 0] = picture.shape[1] - mirrored[:, 0]
        found.append(averaged(find_squares(teacher, picture, scale),
                              mirrored))
    return suppress(np.concatenate(found), MAX_FACES)


def rows_of(collection: str, file: str,
            boxes: np.ndarray) -> list[tuple[str | float, ...]]:
    """Return the list's rows of a picture."""
    rows = [(collection, file, "face" if score >= SURE else "unclear",
             *(round(float(value), 1) for value in (x, y, side)),
             round(float(score), 3))
            for x, y, side, score in boxes if score >= DOUBTFUL]
    return rows or [(collection, file, "none", "", "", "", "")]


def main() -> None:
    """Label what is not in the list yet."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_argument(parser, " and ".join(COLLECTIONS))
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    done = set()
    if options.output.exists():
        with options.output.open(newline="") as file:
            done = {(row["collection"], row["file"])
                    for row in csv.DictReader(file)}
    teacher = Teacher(options.teacher)
    with options.output.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not done:
            writer.writerow(COLUMNS)
        for name in COLLECTIONS:
            collection = Collection(options.data, name)
            for picture in collection.names():
                if (name, picture) not in done:
                    boxes = find(teacher, collection.picture(picture, False))
                    writer.writerows(rows_of(name, picture, boxes))
                    file.flush()
    teacher.close()


if __name__ == "__main__":
    main()
