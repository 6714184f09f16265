// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// From activations to palette indices: the values at the ends of the palette,
// for each map. They are those of the element activationoverlay, with its lag.

const USUAL_FRAME_TIME = 1 / 30; // s
const GROWTH_PART = 0.1; // of the way to a wider range, in a usual frame time
const RELEASE_SECONDS = 1;

/** Least and greatest values, in turns, on their way to other ones. */
function follow(shown, current, growth, release) {
  if (!shown) return Float32Array.from(current);
  for (let i = 0; i < current.length; i++) {
    const grows = i % 2 ? current[i] > shown[i] : current[i] < shown[i];
    shown[i] += (current[i] - shown[i]) * (grows ? growth : release);
  }
  return shown;
}

export class LayerScale {
  /** Takes the ranges of another picture; of one that stands still, at once. */
  update(layer, { time, isStill }) {
    const elapsed = isStill || this.time === undefined
      ? Infinity : Math.max((time - this.time) / 1000, 0);
    const growth = 1 - (1 - GROWTH_PART) ** (elapsed / USUAL_FRAME_TIME);
    const release = 1 - Math.exp(-elapsed / RELEASE_SECONDS);
    this.inside = follow(this.inside, layer.ranges, growth, release);
    this.full = follow(this.full, layer.extremes, 1, release);
    this.isVector = layer.height * layer.width === 1;
    [this.low, this.high] = [Infinity, -Infinity];
    for (let i = 0; i < this.full.length; i += 2) {
      this.low = Math.min(this.low, this.full[i]);
      this.high = Math.max(this.high, this.full[i + 1]);
    }
    this.time = time;
  }

  /** From the layer's least value to where the largest one of the channel lies
   * with a balance of 1, and that of the layer with 0. */
  getRangeByLayer(channel, balance) {
    const span = this.high - this.low;
    const part = span > 0 ? (this.full[2 * channel + 1] - this.low) / span : 1;
    return [this.low, this.low + span * Math.min(Math.max(part, 1e-30), 1) ** balance];
  }

  /** The values at the ends of the palette. A vector has one range. */
  getRange(channel, { scaling, balance, isSigned }) {
    const ranges = scaling === 'map' && !this.isVector ? this.full : this.inside;
    const [low, high] = scaling === 'layer' ? this.getRangeByLayer(channel, balance)
      : [ranges[2 * channel], ranges[2 * channel + 1]];
    const most = Math.max(Math.abs(low), Math.abs(high));
    return isSigned ? [-most, most] : [low, high];
  }

  /** For each channel, the factor and the shift that make palette indices of
   * its values as they were sent. */
  getTransforms(layer, view) {
    const factors = new Float64Array(layer.channels);
    const shifts = new Float64Array(layer.channels);
    for (let channel = 0; channel < layer.channels; channel++) {
      const [low, high] = this.getRange(channel, view);
      const gain = high > low ? 255 / (high - low) : 0;
      factors[channel] = gain * layer.getStep(channel);
      shifts[channel] = gain * (layer.getOrigin(channel) - low);
    }
    return { factors, shifts };
  }
}
