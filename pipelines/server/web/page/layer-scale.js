// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// From activations to palette indices: the range of a layer, and how much each
// channel is stretched to fill it.

const RELEASE_SECONDS = 1;

export class LayerScale {
  /** Takes the range of another picture. It grows at once, so that nothing is
   * clipped, and shrinks slowly, so that nothing flickers. */
  update(layer, time) {
    const [low, high] = [Math.min(layer.minimum, 0), layer.maximum];
    const elapsed = this.time === undefined ? Infinity : (time - this.time) / 1000;
    const keep = Math.exp(-Math.max(elapsed, 0) / RELEASE_SECONDS);
    this.low = elapsed === Infinity ? low : Math.min(low, low + keep * (this.low - low));
    this.high = elapsed === Infinity ? high : Math.max(high, high + keep * (this.high - high));
    this.time = time;
  }

  /** [factor, shift] that make palette indices of the values as sent. */
  getTransform(layer) {
    const range = Math.max(this.high - this.low, 1e-12);
    if (layer.isExact) return [255 / range, -255 * this.low / range];
    return [255 * layer.step / range, 255 * (layer.minimum - this.low) / range];
  }

  /** What each channel is multiplied by: its largest value to the power of
   * -balance, so 1 with a balance of 0, and what fills the range with 1. */
  getGains(layer, balance) {
    const peaks = findPeaks(layer);
    const [factor, shift] = this.getTransform(layer);
    const gains = new Float32Array(layer.channels);
    for (let channel = 0; channel < layer.channels; channel++) {
      const peak = (peaks[channel] * factor + shift) / 255;
      gains[channel] = peak > 1e-6 ? peak ** -balance : 1;
    }
    return { gains, peaks };
  }
}

/** The largest value of each channel, as sent. */
function findPeaks({ values, channels }) {
  const peaks = new Float32Array(channels).fill(-Infinity);
  for (let i = 0; i < values.length;) {
    for (let channel = 0; channel < channels; channel++, i++) {
      if (values[i] > peaks[channel]) peaks[channel] = values[i];
    }
  }
  return peaks;
}
