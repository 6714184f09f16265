// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The network as rows of maps, one for each layer, of the picture that is shown.

import { LayerRow } from './layer-row.js';

const MAX_VALUES = 1 << 20; // what the server sends without being asked

export class Explorer {
  /** @param handlers {select(layer, channel), hover(cell or null),
   *   arrange(layers), want(layers)} */
  constructor(container, handlers) {
    this.container = container;
    this.handlers = handlers;
    this.rows = new Map();
    this.observer = new IntersectionObserver((entries) => this.onSeen(entries),
      { rootMargin: '200px' });
  }

  onSeen(entries) {
    for (const { target, isIntersecting } of entries) {
      const row = this.rows.get(target.dataset.layer);
      if (row) row.isVisible = isIntersecting;
    }
    this.askForVisible();
  }

  /** Layers of a large network are sent only while they can be seen. */
  askForVisible() {
    const layers = this.layers || [];
    const size = layers.reduce((sum, layer) =>
      sum + layer.height * layer.width * layer.channels, 0);
    if (size <= MAX_VALUES) return;
    this.handlers.want(layers.map((layer) => layer.name)
      .filter((name) => this.rows.get(name)?.isVisible));
  }

  /** Makes other rows if the layers are other ones. */
  arrange(layers) {
    const key = layers.map(({ name, height, width, channels }) =>
      `${name} ${height} ${width} ${channels}`).join();
    if (key === this.key) return;
    this.key = key;
    this.layers = layers;
    this.observer.disconnect();
    this.rows = new Map(layers.map((layer) =>
      [layer.name, new LayerRow(layer, this.handlers)]));
    this.container.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    for (const [name, row] of this.rows) {
      row.element.dataset.layer = name;
      this.observer.observe(row.element);
    }
    this.handlers.arrange(layers);
    this.handlers.want(null);
  }

  show(subject, view, moment) {
    this.container.classList.toggle('stale', !subject);
    if (!subject) return;
    this.arrange(subject.layers);
    const { explanation } = subject;
    for (const layer of subject.layers) {
      const row = this.rows.get(layer.name);
      row.show(layer, view, moment);
      row.markChannels({
        contributions: explanation?.layer === layer.name ? explanation.channels : null,
        time: moment.time,
        selected: moment.selected?.layer === layer.name ? moment.selected.channel : null,
        knockedOut: new Set(subject.knock_outs.filter((item) =>
          item.layer === layer.name).map((item) => item.channel)),
      });
    }
  }
}
