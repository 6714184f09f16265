# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""Labelled face pictures for training and measuring: reading and cropping.

Two collections are read, each from an unpacked folder or from a tar file of
the same name that lies in the data folder:

    utkface/ or utkface.tar    colour, 80x80, images/ and labels.csv with the
                               columns file, age, race, split, male,
                               label_conflict, vj_x, vj_y, vj_w, vj_h
    lfw-dev/ or lfw-dev.tar    gray, 176x176, images/ and labels.csv with the
                               columns file, person, male

A crop is made in the same way as by cnninference: the face box is scaled about
its centre, and resized with the "legacy" bilinear convention, in which output
sample i of n is read at position start + i * length / n of the picture. Outside
the picture its edge is repeated.
"""

import argparse
import csv
import hashlib
import io
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

INPUT_SIDE = 50
UTKFACE_GROUPS = ("White", "Black", "Asian", "Indian", "Other")
AGE_BANDS = ((0, 3), (4, 15), (16, 29), (30, 50), (51, 69), (70, 120))
LFW_BOX_FRACTION = 0.96
LFW_HELD_OUT_PERCENT = 15
CALIBRATION_PERCENT = 4
# The mean box of the aligned UTKFace pictures, for those without one.
UTKFACE_MEAN_BOX = (-1.3, -8.4, 81.7, 81.7)
UNKNOWN = -1
# Assumed unsteadiness of a detector's boxes, in box sizes.
SHIFT_SIGMA = 0.05
SCALE_SIGMA = 0.07


@dataclass
class FaceSet:
    """Pictures of one size with a face box and labels for each.

    files:    names of the pictures
    kin:      the same name for pictures of the same person (LFW) or
              near-duplicates (UTKFace)
    pictures: uint8, (N, H, W, C), C = 3 for RGB or 1 for gray, H == W
    boxes:    float32, (N, 4), x, y, width, height in pixels
    male:     float32, (N,), 1 = male, 0 = female
    age:      int64, (N,), years or UNKNOWN
    group:    int64, (N,), index into UTKFACE_GROUPS or UNKNOWN
    """

    files: list[str]
    kin: list[str]
    pictures: np.ndarray
    boxes: torch.Tensor
    male: torch.Tensor
    age: torch.Tensor
    group: torch.Tensor

    def __len__(self) -> int:
        return len(self.files)

    def select(self, keep: torch.Tensor) -> "FaceSet":
        """Return the faces where a mask is true."""
        kept = keep.nonzero()[:, 0]
        return FaceSet([self.files[index] for index in kept],
                       [self.kin[index] for index in kept],
                       self.pictures[keep.numpy()], self.boxes[keep],
                       self.male[keep], self.age[keep], self.group[keep])

    def shrunk(self, side: int) -> "FaceSet":
        """Return the same faces with pictures area-averaged to side x side."""
        before = self.pictures.shape[1]
        pictures = np.stack([cv2.resize(picture, (side, side),
                                        interpolation=cv2.INTER_AREA)
                             for picture in self.pictures])
        return replace(self, boxes=self.boxes * (side / before),
                       pictures=pictures.reshape(len(self), side, side, -1))

    def jittered(self, seed: int) -> "FaceSet":
        """Return the same faces with boxes like an unsteady detector's."""
        random = torch.Generator().manual_seed(seed)
        shift = torch.randn(len(self), 2, generator=random) * SHIFT_SIGMA
        scale = torch.exp(torch.randn(len(self), 1, generator=random)
                          * SCALE_SIGMA)
        corner, size = self.boxes[:, :2], self.boxes[:, 2:]
        corner = corner + size * (shift + (1 - scale) / 2)
        return replace(self, boxes=torch.cat([corner, size * scale], dim=1))

    def crops(self, crop_scale: float) -> torch.Tensor:
        """Return the network inputs, (N, 3, 50, 50) in 0..1, unaugmented."""
        return torch.cat([
            sample_boxes(torch.from_numpy(part).permute(0, 3, 1, 2), boxes,
                         crop_scale)
            for part, boxes in zip(np.split(self.pictures,
                                            range(512, len(self), 512)),
                                   self.boxes.split(512))])


def add_data_argument(parser: argparse.ArgumentParser,
                      collections: str) -> None:
    """Add --data, the folder that holds the collections."""
    parser.add_argument("--data", type=Path, required=True,
                        help=f"folder that holds {collections}, each a "
                             "folder or a .tar file")


class Collection:
    """A collection of files in a folder or in a tar file beside it."""

    def __init__(self, data: Path, name: str) -> None:
        self._folder = data / name
        self._tar = None
        if not self._folder.is_dir():
            tar = data / f"{name}.tar"
            if not tar.is_file():
                raise SystemExit(f"{data}: holds neither {name}/ nor "
                                 f"{name}.tar; give the data folder with "
                                 "--data")
            self._tar = tarfile.open(tar)

    def read(self, member: str) -> bytes:
        """Return the bytes of one file of the collection."""
        if self._tar is None:
            return (self._folder / member).read_bytes()
        return self._tar.extractfile(member).read()

    def names(self) -> list[str]:
        """Return the names of the files in images/, sorted."""
        if self._tar is None:
            return sorted(path.name
                          for path in (self._folder / "images").iterdir())
        return sorted(Path(member.name).name for member in self._tar
                      if member.isfile() and "images/" in member.name)

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of labels.csv."""
        text = io.StringIO(self.read("labels.csv").decode())
        return list(csv.DictReader(text))

    def picture(self, file: str, gray: bool) -> np.ndarray:
        """Return images/<file> as uint8, (H, W, C), gray or RGB."""
        data = np.frombuffer(self.read(f"images/{file}"), np.uint8)
        if gray:
            return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)[:, :, None]
        return cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR),
                            cv2.COLOR_BGR2RGB)

    def pictures(self, rows: list[dict[str, str]], gray: bool) -> np.ndarray:
        """Return the pictures of the rows, (N, H, W, C)."""
        return np.stack([self.picture(row["file"], gray) for row in rows])


def percentile(name: str) -> int:
    """Return a number from 0 to 99 that depends only on the name."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return int(digest[:8], 16) % 100


def utkface_part(row: dict[str, str]) -> str:
    """Return the part that a UTKFace face belongs to, "" for none.

    Faces with a near-duplicate of the other label belong to none, nor do
    faces of the validation split in which Viola-Jones found no box. A face
    that has near-duplicates is not used for calibration.
    """
    if row["label_conflict"] == "1":
        return ""
    if row["split"] == "val":
        return "val" if row["vj_x"] else ""
    calibrates = (percentile(row["file"]) < CALIBRATION_PERCENT
                  and row["vj_x"] and not row["dup_cluster"])
    return "calibration" if calibrates else "train"


def lfw_part(row: dict[str, str]) -> str:
    """Return the part that an LFW face belongs to; it depends on the person."""
    place = percentile(row["person"])
    if place < LFW_HELD_OUT_PERCENT:
        return "val"
    if place < LFW_HELD_OUT_PERCENT + CALIBRATION_PERCENT:
        return "calibration"
    return "train"


def load_utkface(data: Path, part: str) -> FaceSet:
    """Load a part of UTKFace: "train", "calibration" or "val"."""
    collection = Collection(data, "utkface")
    rows = [row for row in collection.rows() if utkface_part(row) == part]
    return FaceSet(
        [row["file"] for row in rows],
        [row["dup_cluster"] or row["file"] for row in rows],
        collection.pictures(rows, gray=False),
        torch.tensor([[float(row[key]) for key in
                       ("vj_x", "vj_y", "vj_w", "vj_h")] if row["vj_x"]
                      else UTKFACE_MEAN_BOX for row in rows]),
        torch.tensor([float(row["male"]) for row in rows]),
        torch.tensor([int(row["age"]) for row in rows]),
        torch.tensor([int(row["race"]) for row in rows]))


def load_lfw(data: Path, part: str) -> FaceSet:
    """Load a part of LFW: "train", "calibration" or "val"."""
    collection = Collection(data, "lfw-dev")
    rows = [row for row in collection.rows() if lfw_part(row) == part]
    pictures = collection.pictures(rows, gray=True)
    side = pictures.shape[1]
    margin = side * (1 - LFW_BOX_FRACTION) / 2
    box = [margin, margin, side - 2 * margin, side - 2 * margin]
    unknown = torch.full((len(rows),), UNKNOWN)
    return FaceSet([row["file"] for row in rows],
                   [row["person"] for row in rows], pictures,
                   torch.tensor([box] * len(rows)),
                   torch.tensor([float(row["male"]) for row in rows]),
                   unknown, unknown)


def sample_boxes(pictures: torch.Tensor, boxes: torch.Tensor,
                 crop_scale: float) -> torch.Tensor:
    """Resize each picture's box to the network's input size.

    pictures:   uint8, (N, C, S, S); boxes: (N, 4)
    crop_scale: size of the crop relative to its box, about its centre
    returns:    float32, (N, 3, 50, 50) in 0..1
    """
    steps = (torch.arange(INPUT_SIDE) / INPUT_SIDE - 0.5) * crop_scale
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([u, v], dim=-1) + 0.5
    corner, size = boxes[:, None, None, :2], boxes[:, None, None, 2:]
    grid = (corner + size * points) * (2 / (pictures.shape[-1] - 1)) - 1
    crops = F.grid_sample(pictures.float() / 255, grid,
                          padding_mode="border", align_corners=True)
    return crops.expand(-1, 3, -1, -1)
