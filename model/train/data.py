"""Labelled face pictures for training and measuring: reading and cropping.

Two collections are read, each from an unpacked folder or from a tar file of
the same name that lies in the data folder:

    utkface/ or utkface.tar    colour, 80x80, images/ and labels.csv with the
                               columns file, age, race, split, male,
                               label_conflict, vj_x, vj_y, vj_w, vj_h
    lfw-dev/ or lfw-dev.tar    gray, 176x176, images/ and labels.csv with the
                               columns file, person, male

A crop is made as the inference element makes it: the face box is scaled about
its centre, and resized with the "legacy" bilinear convention, in which output
sample i of n reads position start + i * length / n of the picture. Positions
outside the picture repeat its edge.
"""

import csv
import hashlib
import io
import tarfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

INPUT_SIDE = 50
UTKFACE_GROUPS = ("White", "Black", "Asian", "Indian", "Other")
LFW_BOX_FRACTION = 0.96
LFW_HELD_OUT_PERCENT = 15
UNKNOWN = -1


@dataclass
class FaceSet:
    """Pictures of one size with a face box and labels for each.

    pictures: uint8, (N, C, H, W), C = 3 for RGB or 1 for gray, H == W
    boxes:    float32, (N, 4), x, y, width, height in pixels
    male:     float32, (N,), 1 = male, 0 = female
    age:      int64, (N,), years or UNKNOWN
    group:    int64, (N,), index into UTKFACE_GROUPS or UNKNOWN
    """

    pictures: torch.Tensor
    boxes: torch.Tensor
    male: torch.Tensor
    age: torch.Tensor
    group: torch.Tensor

    def __len__(self) -> int:
        return len(self.male)

    def select(self, keep: torch.Tensor) -> "FaceSet":
        """Return the faces at the given indices or where a mask is true."""
        return FaceSet(self.pictures[keep], self.boxes[keep], self.male[keep],
                       self.age[keep], self.group[keep])

    def shrunk(self, side: int) -> "FaceSet":
        """Return the same faces with pictures area-averaged to side x side."""
        before = self.pictures.shape[-1]
        small = [cv2.resize(picture.permute(1, 2, 0).numpy(), (side, side),
                            interpolation=cv2.INTER_AREA)
                 for picture in self.pictures]
        pictures = torch.from_numpy(np.stack(small))
        pictures = pictures.reshape(len(self), side, side, -1)
        return FaceSet(pictures.permute(0, 3, 1, 2).contiguous(),
                       self.boxes * (side / before), self.male, self.age,
                       self.group)

    def crops(self, crop_scale: float) -> torch.Tensor:
        """Return the network inputs, (N, 3, 50, 50) in 0..1, unaugmented."""
        return torch.cat([
            sample_boxes(part, boxes, crop_scale * torch.eye(2).expand(
                len(part), 2, 2), torch.zeros(len(part), 2))
            for part, boxes in zip(self.pictures.split(512),
                                   self.boxes.split(512))])


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
        """Return images/<file> as uint8, (C, H, W), gray or RGB."""
        data = np.frombuffer(self.read(f"images/{file}"), np.uint8)
        if gray:
            return cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)[None]
        bgr = cv2.imdecode(data, cv2.IMREAD_COLOR)
        return np.ascontiguousarray(bgr[:, :, ::-1].transpose(2, 0, 1))


def load_utkface(data: Path, split: str) -> FaceSet:
    """Load UTKFace's "train" or "val" split.

    Faces whose near-duplicate carries the other label, and those in which the
    Viola-Jones detector found no box, are left out.
    """
    collection = Collection(data, "utkface")
    rows = [row for row in collection.rows()
            if row["split"] == split and row["label_conflict"] == "0"
            and row["vj_x"]]
    return FaceSet(
        torch.from_numpy(np.stack([collection.picture(row["file"], False)
                                   for row in rows])),
        torch.tensor([[float(row[key]) for key in
                       ("vj_x", "vj_y", "vj_w", "vj_h")] for row in rows]),
        torch.tensor([float(row["male"]) for row in rows]),
        torch.tensor([int(row["age"]) for row in rows]),
        torch.tensor([int(row["race"]) for row in rows]))


def is_held_out_person(person: str) -> bool:
    """Tell whether an LFW person belongs to the held-out split."""
    digest = hashlib.sha256(person.encode()).hexdigest()
    return int(digest[:8], 16) % 100 < LFW_HELD_OUT_PERCENT


def load_lfw(data: Path, held_out: bool) -> FaceSet:
    """Load the LFW faces of the held-out people, or of all the others."""
    collection = Collection(data, "lfw-dev")
    rows = [row for row in collection.rows()
            if is_held_out_person(row["person"]) == held_out]
    pictures = np.stack([collection.picture(row["file"], True)
                         for row in rows])
    side = pictures.shape[-1]
    margin = side * (1 - LFW_BOX_FRACTION) / 2
    box = [margin, margin, side - 2 * margin, side - 2 * margin]
    unknown = torch.full((len(rows),), UNKNOWN)
    return FaceSet(torch.from_numpy(pictures),
                   torch.tensor([box] * len(rows)),
                   torch.tensor([float(row["male"]) for row in rows]),
                   unknown, unknown)


def sample_boxes(pictures: torch.Tensor, boxes: torch.Tensor,
                 linear: torch.Tensor, shift: torch.Tensor,
                 padding: str = "border") -> torch.Tensor:
    """Resize each picture's box to the network's input size.

    A point u of the box, with (0, 0) its centre and (+-.5, +-.5) its corners,
    reads the picture at centre + size * (linear @ u + shift).

    pictures: uint8, (N, C, S, S); boxes: (N, 4)
    linear:   (N, 2, 2), crop scale, rotation, aspect, mirroring
    shift:    (N, 2), in box widths and heights
    padding:  grid_sample's padding_mode, "border" to repeat the edge
    returns:  float32, (N, 3, 50, 50) in 0..1
    """
    steps = torch.arange(INPUT_SIDE) / INPUT_SIDE - 0.5
    v, u = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([u, v], dim=-1).reshape(1, -1, 2)
    points = points @ linear.transpose(1, 2) + shift[:, None]
    size = boxes[:, None, 2:]
    points = boxes[:, None, :2] + size * (points + 0.5)
    grid = points * (2 / (pictures.shape[-1] - 1)) - 1
    crops = F.grid_sample(pictures.float() / 255,
                          grid.reshape(-1, INPUT_SIDE, INPUT_SIDE, 2),
                          padding_mode=padding, align_corners=True)
    return crops.expand(-1, 3, -1, -1)
