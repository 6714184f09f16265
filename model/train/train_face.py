#!/usr/bin/python3
"""Train the face detector and write it as a TensorFlow.js layers-model folder.

    nice -n 19 model/train/train_face.py --data DATA --bf16 \\
        --checkpoint face.pt

See face_scenes.py for the scenes and face_network.py for the network. The
weights written are the exponential moving average after the last step; no step
is picked by its validation figures. Every hundred steps are a round, seeded by
its number, so a run that was stopped goes on from its checkpoint as if it had
not been.
"""

import argparse
import copy
import io
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import tfjs_writer
from face_network import STRIDES, FaceNetwork, export
from face_scenes import SIDE, Scene, SceneMaker, load_backgrounds, load_faces

BATCH = 32
ROUND = 100
WARM_UP = 0.03
WEIGHT_DECAY = 0.01
EMA_DECAY = 0.998
# Sides, in strides, of the faces that a level of the pyramid must find, and of
# those it may.
WANTED = (1.6, 5.0)
ALLOWED = (1.1, 7.0)
# Cells whose centre is that near to a face's, in sides, are taken as its
# centre, and those further away than the second as none.
CENTRE = 0.13
NOT_CENTRE = 0.3
FOCUS = 2.0
FACE_WEIGHT = 0.5
BOX_WEIGHT = 3.0


def assign(scene: Scene) -> list[np.ndarray]:
    """Return what each level should say, (5, rows, columns) float32.

    Channel 0 is 1 for a face's centre, 0 for none, -1 where it does not
    matter. The others are offset x and y and the logarithm of the side, as in
    the output, and the side in strides.
    """
    targets = []
    for level, stride in enumerate(STRIDES):
        cells = SIDE // stride
        target = np.zeros((5, cells, cells), np.float32)
        places = (np.arange(cells) + 0.5) * stride
        low = 0 if level == 0 else WANTED[0]
        high = math.inf if level == len(STRIDES) - 1 else WANTED[1]
        nearest = np.full((cells, cells), np.inf)
        for number, (x, y, side) in enumerate(
                np.concatenate([scene.ignored, scene.faces])):
            distance = np.maximum(np.abs(places[None] - x),
                                  np.abs(places[:, None] - y))
            size = side / stride
            wanted = (number >= len(scene.ignored) and low <= size <= high)
            allowed = min(low, ALLOWED[0]) <= size <= max(high, ALLOWED[1])
            if not allowed and number >= len(scene.ignored):
                continue
            target[0][(distance < NOT_CENTRE * side)
                      & (target[0] == 0)] = -1
            if not wanted:
                continue
            centre = distance <= max(CENTRE * side, stride / 2)
            centre &= distance < nearest
            nearest[centre] = distance[centre]
            target[0][centre] = 1
            rows, columns = np.nonzero(centre)
            target[1][centre] = (x - places[columns]) / stride
            target[2][centre] = (y - places[rows]) / stride
            target[3][centre] = math.log(size)
            target[4][centre] = size
        targets.append(target)
    return targets


def loss_of(outputs: list[torch.Tensor],
            targets: list[torch.Tensor]) -> torch.Tensor:
    """Focal loss of the logits and smooth L1 of the boxes, a face."""
    found = torch.cat([maps.flatten(2) for maps in outputs], dim=2)
    wanted = torch.cat([maps.flatten(2) for maps in targets], dim=2)
    matters = wanted[:, 0] >= 0
    is_face = wanted[:, 0] > 0
    logit, truth = found[:, 0], is_face.float()
    p = torch.sigmoid(logit)
    wrong = torch.where(is_face, 1 - p, p)
    weight = torch.where(is_face, FACE_WEIGHT, 1 - FACE_WEIGHT)
    focal = (F.binary_cross_entropy_with_logits(logit, truth,
                                                reduction="none")
             * wrong ** FOCUS * weight * matters).sum()
    boxes, sought = found.transpose(1, 2)[is_face], wanted.transpose(
        1, 2)[is_face]
    size = sought[:, 4:5]
    error = torch.cat([(boxes[:, 1:3] - sought[:, 1:3]) / size,
                       boxes[:, 3:4] - sought[:, 3:4]], dim=1)
    box = F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05,
                           reduction="sum")
    return (focal + BOX_WEIGHT * box) / max(1, int(is_face.sum()))


def learning_rate(peak: float, progress: float) -> float:
    """Rise linearly over the warm-up, then fall along a half cosine."""
    if progress < WARM_UP:
        return peak * progress / WARM_UP
    return peak * 0.5 * (1 + math.cos(
        math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


class Training:
    """The state of a run: network, moving average, optimiser, round."""

    def __init__(self, rounds: int, rate: float, seed: int, bf16: bool,
                 start: Path | None) -> None:
        torch.manual_seed(seed)
        self.rounds, self.rate, self.seed, self.bf16 = rounds, rate, seed, bf16
        self.network = FaceNetwork().to(memory_format=torch.channels_last)
        if start:
            self.network.load_state_dict(torch.load(start)["average"])
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(),
                                           weight_decay=WEIGHT_DECAY)
        self.round = 0
        self.seconds = 0.0

    def save(self, path: Path) -> None:
        """Write the checkpoint in one step."""
        buffer = io.BytesIO()
        torch.save({"network": self.network.state_dict(),
                    "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "rounds": self.rounds, "seed": self.seed,
                    "round": self.round, "seconds": self.seconds}, buffer)
        tfjs_writer.replace_file(path, buffer.getvalue())

    def load(self, path: Path) -> None:
        """Take up a checkpoint of a run with the same rounds and seed."""
        state = torch.load(path)
        if (state["rounds"], state["seed"]) != (self.rounds, self.seed):
            raise SystemExit(f"{path}: is of a run with --rounds "
                             f"{state['rounds']} --seed {state['seed']}")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.round, self.seconds = state["round"], state["seconds"]

    def run_round(self, maker: SceneMaker) -> float:
        """Train on a hundred batches of new scenes; return the mean loss."""
        started = time.monotonic()
        self.network.train()
        total = 0.0
        for step in range(ROUND):
            scenes = [maker.make() for _ in range(BATCH)]
            pictures = torch.from_numpy(np.stack(
                [scene.picture for scene in scenes]))[:, None]
            targets = [torch.from_numpy(np.stack(level)) for level in
                       zip(*(assign(scene) for scene in scenes))]
            rate = learning_rate(self.rate,
                                 (self.round + step / ROUND) / self.rounds)
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                outputs = self.network(pictures.contiguous(
                    memory_format=torch.channels_last))
            loss = loss_of(outputs, targets)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5)
            self.optimiser.step()
            self._follow()
            total += loss.item()
        self.round += 1
        self.seconds += time.monotonic() - started
        return total / ROUND

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average; it warms up with the run."""
        step = int(self.optimiser.state[next(
            self.network.parameters())]["step"])
        decay = min(EMA_DECAY, step / (step + 10))
        for mean, value in zip(self.average.state_dict().values(),
                               self.network.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True,
                        help="folder that holds utkface, lfw-dev and "
                             "backgrounds, each a folder or a .tar file")
    parser.add_argument("--output", type=Path,
                        default=Path(__file__).parent.parent / "face",
                        help="layers-model folder to write")
    parser.add_argument("--checkpoint", type=Path,
                        help="file to save after every round, and to take up "
                             "when it exists")
    parser.add_argument("--start", type=Path,
                        help="checkpoint of another run to begin with the "
                             "weights of")
    parser.add_argument("--rounds", type=int, default=64)
    parser.add_argument("--rate", type=float, default=3e-3,
                        help="highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true",
                        help="compute the convolutions in bfloat16, which "
                             "takes half the time on processors with "
                             "AVX-512 BF16 or AMX")
    return parser.parse_args()


def main() -> None:
    """Train, show a line a round, and write the model."""
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    faces = load_faces(options.data)
    backgrounds = load_backgrounds(options.data)
    print(f"{len(faces[0])} small and {len(faces[1])} large faces, "
          f"{len(backgrounds)} pictures without any", flush=True)

    training = Training(options.rounds, options.rate, options.seed,
                        options.bf16, options.start)
    if options.checkpoint and options.checkpoint.exists():
        training.load(options.checkpoint)
    while training.round < options.rounds:
        maker = SceneMaker(faces, backgrounds,
                           options.seed * 100003 + training.round)
        loss = training.run_round(maker)
        print(f"round {training.round}/{options.rounds}  loss {loss:.4f}  "
              f"{training.seconds / 60:.1f} min", flush=True)
        if options.checkpoint:
            training.save(options.checkpoint)
    export(training.average.eval(), options.output)
    print(f"{options.output}: written after {training.seconds / 60:.0f} min")


if __name__ == "__main__":
    main()
