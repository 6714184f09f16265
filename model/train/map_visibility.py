# SPDX-FileCopyrightText: 2026 The gst-activationmap authors
# SPDX-License-Identifier: LGPL-2.1-or-later

"""How much there is to see in the maps of a model, as the plugin draws them.

A map's contrast is the standard deviation of its inner cells after they were
scaled to 0..1, and it is visible if that is at least 0.1; the same figures as
those of tests/bench/measure-maps. Inner cells are those whose receptive field
lies within the input, but at least the middle half of each side. The range is
that of src/overlay/map-range.c: 4 % of the cells lie below it, and of those
that respond, 8 % above; of fewer than 64 cells all lie within.
"""

import torch

VISIBLE = 0.1
LOW_SHARE, HIGH_SHARE = 0.04, 0.08
FEWEST_CELLS = 64
QUIET_LEVEL = 1e-6


def inner_cells(maps: torch.Tensor, reach: tuple[int, int]) -> torch.Tensor:
    """Return the inner cells of maps, (N, cells, C).

    maps:  (N, side, side, C)
    reach: the first cell inside and the one after the last, of a row
    """
    side, (first, end) = maps.shape[1], reach
    if 2 * (end - first) < side:
        first, end = side // 4, side - side // 4
    return maps[:, first:end, first:end].flatten(1, 2)


def contrast(cells: torch.Tensor) -> torch.Tensor:
    """Return the contrast of each map, (N, C), 0 where it is silent.

    cells: (N, cells, C)
    """
    low, high = cells.amin(dim=1), cells.amax(dim=1)
    if cells.shape[1] >= FEWEST_CELLS:
        low = torch.quantile(cells, LOW_SHARE, dim=1)
        responding = torch.where(cells > low[:, None], cells, torch.nan)
        cut = torch.nanquantile(responding, 1 - HIGH_SHARE, dim=1)
        high = torch.where(cut.isnan(), high, cut)
    span = (high - low).clamp(min=QUIET_LEVEL)
    scaled = ((cells - low[:, None]) / span[:, None]).clamp(0, 1)
    return scaled.std(dim=1, unbiased=False) * (high - low > QUIET_LEVEL)


def reaches(side: int, kernels: list[int],
            pool: int) -> list[tuple[int, int]]:
    """Return, for each block, the cells of a row whose field lies inside.

    A block is a convolution with "same" padding and a pooling.
    side:    cells of the input's row
    kernels: kernel sides of the blocks
    """
    first, end, spans = 0, side, []
    for kernel in kernels:
        margin = kernel // 2
        first, end = first + margin, end - margin
        first, end = -(-first // pool), end // pool
        spans.append((first, end))
    return spans
