// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// Numbers and names for people.

/** A number with three significant digits: "0.713", "71.3", "1871". */
export function formatNumber(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return '–';
  if (size === 0) return '0';
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(3);
}

/** The same with its sign, and a proper minus. */
export function formatSigned(value) {
  return (value < 0 ? '−' : '+') + formatNumber(Math.abs(value));
}

export function formatPercent(score) {
  const isNearEnd = score !== 0 && score !== 1 && Math.abs(score - 0.5) > 0.49;
  return `${(100 * score).toFixed(isNearEnd ? 1 : 0)} %`;
}

/** The name under which a layer is shown: that of its convolution. */
export function nameOf(layer) {
  return layer.source || layer.name;
}
