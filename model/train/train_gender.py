#!/usr/bin/python3
"""Train the default model and write it as a TensorFlow.js layers-model folder.

    nice -n 19 model/train/train_gender.py --data DATA --bf16 \\
        --checkpoint gender.pt

The network is that of the web demo this project began as: three 5x5
convolutions, each followed by ReLU and 2x2 max-pooling, and three dense
layers, from a 50x50 RGB face crop to the probability that the face reads as
male. The weights written are the exponential moving average after the last
epoch; no epoch is picked by its validation figures.

The learning rate has fallen to nothing when --epochs are done or --minutes of
training are used up, whichever comes first; with epochs alone a run can be
repeated exactly, minutes keep it short on a busy machine. Each epoch is seeded
by its number, so a run that was stopped goes on from its checkpoint as if it
had not been. --bf16 computes the
convolutions in bfloat16, which halves the time on processors with AMX and
makes no sense on others; the weights stay float32.
"""

import argparse
import copy
import io
import math
import time
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import tfjs_writer
from data import INPUT_SIDE, FaceSet, load_lfw, load_utkface, sample_boxes

LABELS = ("Female", "Male")
FILTERS = (16, 32, 32)
KERNEL = 5
UNITS = 256
DROPOUT = 0.35
# What evaluate_gender.py finds to be best.
CROP_SCALE = 1.0

BATCH = 128
PEAK_RATE = 2e-3
WARM_UP = 0.03
WEIGHT_DECAY = 0.02
EMA_DECAY = 0.999
LABEL_SMOOTHING = 0.04
TODDLER_AGE = 3
TODDLER_WEIGHT = 0.3
EVALUATE_EVERY = 5


def build_network() -> nn.Sequential:
    """Build the network; it gives logits, (N, 1).

    The first dense layer is a convolution over the whole last map and the
    others are 1x1 convolutions: the same sums, and faster where only the
    convolutions have an optimised library.
    """
    last_side = INPUT_SIDE // 2 ** len(FILTERS)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels = 3
    for number, filters in enumerate(FILTERS, 1):
        layers[f"conv2d_{number}"] = nn.Conv2d(channels, filters, KERNEL,
                                               padding=KERNEL // 2)
        layers[f"relu_{number}"] = nn.ReLU()
        layers[f"max_pooling2d_{number}"] = nn.MaxPool2d(2)
        channels = filters
    for number, kernel in enumerate((last_side, 1), 1):
        layers[f"dense_{number}"] = nn.Conv2d(channels, UNITS, kernel)
        layers[f"dense_relu_{number}"] = nn.ReLU()
        layers[f"dropout_{number}"] = nn.Dropout(DROPOUT)
        channels = UNITS
    layers["dense_3"] = nn.Conv2d(channels, 1, 1)
    layers["flatten"] = nn.Flatten()
    return nn.Sequential(layers)


def export(network: nn.Sequential, folder: Path) -> None:
    """Write the network as a layers-model folder with all that goes with it.

    Kernels go from (out, in, height, width) to (height, width, in, out). For
    a dense layer the first three axes are then joined, which is the order in
    which Flatten runs over a height, width, channel map.
    """
    layers = [tfjs_writer.input_layer("input_1", (INPUT_SIDE, INPUT_SIDE, 3))]
    for number, filters in enumerate(FILTERS, 1):
        layers += [tfjs_writer.conv2d(f"conv2d_{number}", filters, KERNEL,
                                      "relu"),
                   tfjs_writer.max_pooling2d(f"max_pooling2d_{number}", 2)]
    layers.append(tfjs_writer.flatten("flatten_1"))
    for number in (1, 2):
        layers += [tfjs_writer.dense(f"dense_{number}", UNITS, "relu"),
                   tfjs_writer.dropout(f"dropout_{number}", DROPOUT)]
    layers.append(tfjs_writer.dense("dense_3", 1, "sigmoid"))

    weights: dict[str, np.ndarray] = {}
    for name, layer in network.named_children():
        if isinstance(layer, nn.Conv2d):
            kernel = layer.weight.detach().permute(2, 3, 1, 0).numpy()
            if name.startswith("dense"):
                kernel = kernel.reshape(-1, kernel.shape[-1])
            weights[f"{name}/kernel"] = kernel
            weights[f"{name}/bias"] = layer.bias.detach().numpy()
    tfjs_writer.write_layers_model(folder, "gender", layers, weights)
    tfjs_writer.write_labels(folder, LABELS)
    tfjs_writer.write_preprocess(folder, resize="legacy", channels="rgb",
                                 scale=1 / 255, offset=0,
                                 crop_scale=CROP_SCALE, attribute="gender")


def uniform(random: torch.Generator, count: int, low: float,
            high: float) -> torch.Tensor:
    """Draw count values between low and high, shaped (count, 1, 1, 1)."""
    return low + (high - low) * torch.rand(count, 1, 1, 1, generator=random)


def jitter_boxes(faces: FaceSet, index: torch.Tensor,
                 random: torch.Generator) -> torch.Tensor:
    """Crop faces as an unsteady tracker would: moved, scaled, turned, flipped.

    The edge is repeated in some batches and mirrored in others, so that the
    streaks of a repeated edge, which live pictures do not have, are no cue.
    """
    count = len(index)
    scale = torch.exp(uniform(random, count, -0.12, 0.14)).reshape(-1)
    aspect = torch.exp(uniform(random, count, -0.05, 0.05)).reshape(-1)
    angle = torch.randn(count, generator=random) * math.radians(6)
    mirror = torch.randint(0, 2, (count,), generator=random) * 2 - 1
    shift = torch.randn(count, 2, generator=random).clamp(-2, 2) * 0.05
    linear = torch.stack([
        scale * aspect * mirror * torch.cos(angle), -scale * torch.sin(angle),
        scale * aspect * mirror * torch.sin(angle), scale * torch.cos(angle),
    ], dim=1).reshape(-1, 2, 2)
    mirrored_edge = torch.rand((), generator=random) < 0.4
    return sample_boxes(faces.pictures[index], faces.boxes[index], linear,
                        shift, "reflection" if mirrored_edge else "border")


def jitter_light(crops: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """Vary colour, light and sharpness, and hide a patch of some crops."""
    count = len(crops)

    def chance(probability: float) -> torch.Tensor:
        return uniform(random, count, 0, 1) < probability

    gray = crops.mean(dim=1, keepdim=True)
    crops = torch.where(chance(0.2), gray, crops)
    blurred = F.avg_pool2d(crops, 3, 1, 1, count_include_pad=False)
    crops = crops + (blurred - crops) * torch.where(
        chance(0.5), uniform(random, count, -0.6, 1), torch.zeros(1))
    crops = crops.clamp(1e-3, 1) ** torch.exp(
        uniform(random, count, -0.4, 0.4))
    mean = crops.mean(dim=(1, 2, 3), keepdim=True)
    crops = mean + (crops - mean) * torch.exp(uniform(random, count, -.4, .3))
    tint = torch.exp(torch.randn(count, 3, 1, 1, generator=random) * 0.06)
    crops = crops * tint * torch.exp(uniform(random, count, -0.4, 0.3))
    crops = crops + (torch.randn(crops.shape, generator=random)
                     * uniform(random, count, 0, 0.03))

    axis = torch.arange(INPUT_SIDE)
    rows, columns = axis.reshape(1, 1, -1, 1), axis.reshape(1, 1, 1, -1)
    top, left = (uniform(random, count, -12, INPUT_SIDE) for _ in range(2))
    height, width = (uniform(random, count, 6, 22) for _ in range(2))
    patch = ((rows >= top) & (rows < top + height)
             & (columns >= left) & (columns < left + width) & chance(0.3))
    fill = torch.rand(count, 3, 1, 1, generator=random)
    return torch.where(patch, fill, crops).clamp(0, 1)


def learning_rate(progress: float) -> float:
    """Rise linearly over the warm-up, then fall along a half cosine."""
    if progress < WARM_UP:
        return PEAK_RATE * progress / WARM_UP
    return PEAK_RATE * 0.5 * (1 + math.cos(
        math.pi * (progress - WARM_UP) / (1 - WARM_UP)))


def f1_scores(male: torch.Tensor,
              predicted: torch.Tensor) -> tuple[float, float]:
    """Return the F1 of the female and of the male class."""
    scores = []
    for positive in (0, 1):
        hits = ((male == positive) & (predicted == positive)).sum().item()
        named = (male == positive).sum() + (predicted == positive).sum()
        scores.append(2 * hits / max(1, named.item()))
    return scores[0], scores[1]


@torch.no_grad()
def predict(network: nn.Module, crops: torch.Tensor) -> torch.Tensor:
    """Return p(male) of each crop, (N,)."""
    network.eval()
    return torch.cat([network(part).sigmoid().reshape(-1)
                      for part in crops.split(256)])


class Training:
    """The state of a run: network, moving average, optimiser, epoch."""

    def __init__(self, epochs: int, minutes: float, seed: int,
                 bf16: bool) -> None:
        torch.manual_seed(seed)
        self.epochs, self.minutes = epochs, minutes
        self.seed, self.bf16 = seed, bf16
        self.network = build_network().to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(),
                                           weight_decay=WEIGHT_DECAY)
        self.epoch = 0
        self.seconds = 0.0

    def progress(self, share_of_epoch: float = 0.0,
                 seconds: float = 0.0) -> float:
        """Return how much of the run is done, 0..1.

        share_of_epoch and seconds are those of the epoch that is running.
        """
        return min(1.0, max(
            (self.epoch + share_of_epoch) / self.epochs,
            (self.seconds + seconds) / (60 * self.minutes)))

    def save(self, path: Path) -> None:
        """Write the checkpoint in one step."""
        buffer = io.BytesIO()
        torch.save({"network": self.network.state_dict(),
                    "average": self.average.state_dict(),
                    "optimiser": self.optimiser.state_dict(),
                    "epochs": self.epochs, "seed": self.seed,
                    "epoch": self.epoch, "seconds": self.seconds}, buffer)
        tfjs_writer.replace_file(path, buffer.getvalue())

    def load(self, path: Path) -> None:
        """Take up a checkpoint of a run with the same epochs and seed."""
        state = torch.load(path)
        if (state["epochs"], state["seed"]) != (self.epochs, self.seed):
            raise SystemExit(f"{path}: is of a run with --epochs "
                             f"{state['epochs']} --seed {state['seed']}")
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.seconds = state["epoch"], state["seconds"]

    def run_epoch(self, sets: list[FaceSet], draw: torch.Tensor) -> float:
        """Train on the drawn (set, face) pairs, (N, 2); return the loss."""
        random = torch.Generator().manual_seed(
            self.seed * 100003 + self.epoch)
        torch.manual_seed(self.seed * 100003 + self.epoch)
        started = time.monotonic()
        batches = draw[torch.randperm(len(draw), generator=random)].split(
            BATCH)
        self.network.train()
        total = 0.0
        for number, batch in enumerate(batches):
            crops, male, weight = assemble(sets, batch, random)
            rate = learning_rate(self.progress(
                number / len(batches), time.monotonic() - started))
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
                logits = self.network(crops)
            loss = F.binary_cross_entropy_with_logits(
                logits.float().reshape(-1),
                male * (1 - LABEL_SMOOTHING) + LABEL_SMOOTHING / 2, weight)
            self.optimiser.zero_grad(set_to_none=True)
            loss.backward()
            self.optimiser.step()
            with torch.no_grad():
                for mean, value in zip(self.average.parameters(),
                                       self.network.parameters()):
                    mean.lerp_(value, 1 - EMA_DECAY)
            total += loss.item() * len(batch)
        self.epoch += 1
        self.seconds += time.monotonic() - started
        return total / len(draw)


def assemble(sets: list[FaceSet], batch: torch.Tensor,
             random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor,
                                               torch.Tensor]:
    """Return the augmented crops, labels and loss weights of a batch."""
    crops, male, age = [], [], []
    for number, faces in enumerate(sets):
        index = batch[batch[:, 0] == number, 1]
        if len(index):
            crops.append(jitter_boxes(faces, index, random))
            male.append(faces.male[index])
            age.append(faces.age[index])
    years = torch.cat(age)
    toddler = (years >= 0) & (years <= TODDLER_AGE)
    weight = torch.where(toddler, TODDLER_WEIGHT, 1.0)
    pictures = jitter_light(torch.cat(crops), random)
    return (pictures.contiguous(memory_format=torch.channels_last),
            torch.cat(male), weight)


def draw_faces(colour: FaceSet, gray: FaceSet,
               random: torch.Generator) -> torch.Tensor:
    """Pair every face with its set: 0 colour, 1 gray large, 2 gray small.

    Each gray face comes at one of its two sizes, so that crops made by a
    strong and by a weak reduction are both seen.
    """
    large_or_small = torch.randint(1, 3, (len(gray),), generator=random)
    return torch.cat([
        torch.stack([torch.zeros(len(colour), dtype=torch.int64),
                     torch.arange(len(colour))], dim=1),
        torch.stack([large_or_small, torch.arange(len(gray))], dim=1)])


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True,
                        help="folder that holds utkface and lfw-dev, each a "
                             "folder or a .tar file")
    parser.add_argument("--output", type=Path,
                        default=Path(__file__).parent.parent / "gender",
                        help="layers-model folder to write")
    parser.add_argument("--checkpoint", type=Path,
                        help="file to save after every epoch, and to take up "
                             "when it exists")
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=math.inf,
                        help="training time to end the run in, counted over "
                             "all its parts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true",
                        help="compute the convolutions in bfloat16")
    return parser.parse_args()


def main() -> None:
    """Train, show a line an epoch, and write the model."""
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    started = time.monotonic()
    colour = load_utkface(options.data, "train")
    gray = load_lfw(options.data, held_out=False)
    sets = [colour, gray, gray.shrunk(colour.pictures.shape[-1])]
    val = load_utkface(options.data, "val")
    held_out = {"utkface": val.select(val.age >= 16),
                "lfw": load_lfw(options.data, held_out=True)}
    inputs = {name: faces.crops(1.0) for name, faces in held_out.items()}
    print(f"{len(colour)} colour and {len(gray)} gray faces read in "
          f"{time.monotonic() - started:.0f} s", flush=True)

    training = Training(options.epochs, options.minutes, options.seed,
                        options.bf16)
    if options.checkpoint and options.checkpoint.exists():
        training.load(options.checkpoint)
    while training.progress() < 1:
        random = torch.Generator().manual_seed(
            options.seed * 7919 + training.epoch)
        loss = training.run_epoch(sets, draw_faces(colour, gray, random))
        line = (f"epoch {training.epoch}/{options.epochs}  loss {loss:.4f}  "
                f"{training.seconds / 60:.1f} min")
        if training.epoch % EVALUATE_EVERY == 0:
            for name, faces in held_out.items():
                predicted = predict(training.average, inputs[name]) > 0.5
                macro_f1 = sum(f1_scores(faces.male, predicted)) / 2
                line += f"  {name} {macro_f1:.4f}"
        print(line, flush=True)
        if options.checkpoint:
            training.save(options.checkpoint)
    export(training.average.eval(), options.output)
    print(f"{options.output}: written after {training.epoch} epochs, "
          f"{training.seconds / 60:.0f} min")


if __name__ == "__main__":
    main()
