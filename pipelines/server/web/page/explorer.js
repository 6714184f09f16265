// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The network as rows of maps, one for each layer, of the picture that is shown.

import { arrange } from './arrangement.js';
import { LayerRow } from './layer-row.js';

const MAX_VALUES = 1 << 20; // what the server sends without being asked

export class Explorer {
  /** @param handlers {select(layer, channel), hover(cell or null),
   *   arrange(layers), want(layers), redraw()} */
  constructor(container, handlers) {
    this.container = container;
    this.handlers = { ...handlers, resize: () => this.resize() };
    this.rows = new Map();
    this.observer = new IntersectionObserver((entries) => this.onSeen(entries),
      { rootMargin: '100px', scrollMargin: '100px' });
    new ResizeObserver(() => this.resize()).observe(container);
    window.addEventListener('resize', () => this.resize());
  }

  onSeen(entries) {
    for (const { target, isIntersecting } of entries) {
      this.rows.get(target.dataset.layer)?.setVisible(isIntersecting);
    }
    this.askForVisible();
    this.handlers.redraw();
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
    this.rows = new Map(layers.map((layer, index) =>
      [layer.name, new LayerRow(layer, index + 1, this.handlers)]));
    this.container.replaceChildren(...[...this.rows.values()].map((row) => row.element));
    this.room = null;
    this.resize();
    for (const [name, row] of this.rows) {
      row.element.dataset.layer = name;
      this.observer.observe(row.element);
    }
    this.handlers.arrange(layers);
    this.handlers.want(null);
  }

  /** The place for all rows: that of the list, if it scrolls by itself, or else
   * what is left of the window below its upper end. */
  measureRoom() {
    const { container } = this;
    const style = getComputedStyle(container);
    const padding = parseFloat(style.paddingBlockStart) + parseFloat(style.paddingBlockEnd);
    const height = style.overflowY === 'auto' ? container.clientHeight
      : window.innerHeight - container.getBoundingClientRect().top - window.scrollY;
    return { width: container.clientWidth - parseFloat(style.paddingInlineStart)
      - parseFloat(style.paddingInlineEnd), height: height - padding,
    gap: parseFloat(style.rowGap) };
  }

  /** Gives the tiles of all layers other sizes. */
  resize() {
    const all = [...this.rows.values()];
    const rows = all.filter((row) => !row.isOmitted);
    const { width, height, gap } = this.measureRoom();
    const room = `${width} ${height} ${rows.map((row) => row.size.tiles)}`;
    if (!rows.length || width <= 0 || room === this.room) return;
    this.room = room;
    const rest = all.reduce((sum, row) => sum - row.measureRest() - gap, height + gap);
    arrange(rows.map((row) => row.size), width, rest).forEach((arrangement, index) =>
      rows[index].place(arrangement));
    this.handlers.redraw();
  }

  findTile(layer, channel) {
    return this.rows.get(layer)?.buttons[channel];
  }

  /** Draws the rows that cannot be seen as well, while a function uses them all. */
  withAllDrawn(view, use) {
    const rows = [...this.rows.values()].filter((row) => row.layer.values);
    for (const row of rows) row.maps.draw(row.layer, row.scale, view);
    use(rows);
    for (const row of rows) row.setVisible(row.isVisible);
  }

  show(subject, view, selected, moment) {
    this.container.classList.toggle('stale', !subject);
    if (!subject) {
      for (const row of this.rows.values()) row.showAgain(view);
      return;
    }
    this.arrange(subject.layers);
    const { explanation } = subject;
    for (const layer of subject.layers) {
      const row = this.rows.get(layer.name);
      row.show(layer, view, moment);
      row.markChannels({
        contributions: explanation?.layer === layer.name ? explanation.channels : null,
        selected: selected?.layer === layer.name ? selected.channel : null,
        knockedOut: new Set(subject.knock_outs.filter((item) =>
          item.layer === layer.name).map((item) => item.channel)),
      }, moment);
    }
  }
}
