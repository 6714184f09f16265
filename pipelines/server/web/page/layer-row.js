// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// One layer: a heading and a tile for each channel. All tiles are drawn into one
// canvas; over each lies a button, for the pointer, the keyboard and screen
// readers.

import { GAP } from './arrangement.js';
import { formatNumber, formatSigned, nameOf } from './format.js';
import { LayerScale } from './layer-scale.js';
import { MapCanvas } from './map-canvas.js';
import { Pace } from './pace.js';

const FIRST_TILES = 64;
const MARKED = 5; // channels with the largest contributions
const MARK_INTERVAL = 100; // ms

function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

/** The channels with the largest contributions, the largest first. */
function findStrongest(contributions) {
  return [...contributions.keys()].sort((a, b) => Math.abs(contributions[b])
    - Math.abs(contributions[a])).slice(0, MARKED);
}

export class LayerRow {
  /** @param number of the layer, from 1 on
   * @param handlers {select(layer, channel), hover(cell or null), resize()} */
  constructor(layer, number, handlers) {
    this.name = layer.name;
    this.layer = layer;
    this.title = nameOf(layer);
    this.handlers = handlers;
    this.scale = new LayerScale();
    this.maps = new MapCanvas();
    this.markPace = new Pace(MARK_INTERVAL);
    this.isVisible = false; // until it is known
    this.isOmitted = false;
    this.build(number);
    this.makeTiles(Math.min(layer.channels, FIRST_TILES));
    this.listen();
  }

  build(number) {
    this.element = make('div', { className: 'layer' });
    this.element.setAttribute('role', 'group');
    this.element.setAttribute('aria-label', `Layer ${number}, ${this.title}`);
    this.summary = make('small');
    const heading = make('h2', { textContent: `Layer ${number} ` });
    heading.append(this.summary);
    this.tiles = make('div', { className: 'tiles' });
    this.more = make('button', { type: 'button', className: 'more',
      textContent: `Show all ${this.layer.channels} channels` });
    this.element.append(heading, this.tiles, this.more);
    this.describe([]);
  }

  makeTiles(count) {
    this.more.hidden = count === this.layer.channels;
    this.buttons = Array.from({ length: count }, (_, channel) => {
      const button = make('button', { type: 'button', className: 'tile',
        tabIndex: channel === 0 ? 0 : -1 });
      button.dataset.channel = channel;
      button.setAttribute('aria-pressed', 'false');
      button.setAttribute('aria-label', this.nameTile(channel));
      return button;
    });
    this.tiles.replaceChildren(this.maps.canvas, ...this.buttons);
    this.markKey = null;
  }

  nameTile(channel) {
    return `${this.title}, channel ${channel}`;
  }

  listen() {
    this.more.addEventListener('click', () => {
      this.makeTiles(this.layer.channels);
      this.handlers.resize();
    });
    this.tiles.addEventListener('click', (event) => {
      const tile = event.target.closest('.tile');
      if (tile) this.handlers.select(this.name, Number(tile.dataset.channel));
    });
    this.tiles.addEventListener('keydown', (event) => this.onKey(event));
    this.tiles.addEventListener('pointermove', (event) => this.onMove(event));
    this.tiles.addEventListener('pointerleave', () => this.handlers.hover(null));
  }

  onKey(event) {
    const channel = Number(event.target.dataset.channel);
    const next = this.buttons[{ ArrowRight: channel + 1, ArrowLeft: channel - 1,
      ArrowDown: channel + this.maps.columns, ArrowUp: channel - this.maps.columns,
      Home: 0, End: this.buttons.length - 1 }[event.key]];
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
    event.preventDefault();
  }

  /** Which cell of which channel is under the pointer. */
  onMove(event) {
    const tile = event.target.closest('.tile');
    if (!tile) return;
    const box = tile.getBoundingClientRect();
    const find = (position, size, cells) => Math.min(Math.max(
      Math.floor(position / size * cells), 0), cells - 1);
    this.handlers.hover({
      clientX: event.clientX,
      clientY: event.clientY,
      name: this.name,
      channel: Number(tile.dataset.channel),
      row: find(event.clientY - box.top, box.height, this.layer.height),
      column: find(event.clientX - box.left, box.width, this.layer.width),
    });
  }

  /** The height of all but the tiles. */
  measureRest() {
    return this.element.offsetHeight - this.tiles.offsetHeight;
  }

  /** What is to be arranged: {tiles, width, height}. */
  get size() {
    const { width, height } = this.layer;
    return { tiles: this.buttons.length, width, height };
  }

  place(arrangement) {
    const { columns, width, height, pitch } = arrangement;
    const { style } = this.tiles;
    style.setProperty('--columns', columns);
    style.setProperty('--tile-width', `${width}px`);
    style.setProperty('--tile-height', `${height}px`);
    style.setProperty('--column-gap', `${pitch - width}px`);
    style.setProperty('--row-gap', `${GAP}px`);
    this.maps.place(this.buttons.length, arrangement);
  }

  setVisible(isVisible) {
    this.isVisible = isVisible;
    if (!isVisible) this.maps.release();
  }

  /** Shows the maps of another picture. */
  show(layer, view, moment) {
    this.layer = layer;
    this.setOmitted(Boolean(layer.omitted));
    if (!layer.values) return;
    this.scale.update(layer, moment);
    if (!this.isVisible) return;
    this.maps.draw(layer, this.scale, view);
    if (moment.isTextDue) this.describeValues(layer);
  }

  /** Whether the maps are too large to be sent. */
  setOmitted(isOmitted) {
    if (isOmitted === this.isOmitted) return;
    this.isOmitted = isOmitted;
    this.element.classList.toggle('omitted', isOmitted);
    this.describe(isOmitted ? ['too large for the page: choose others by the property layers']
      : []);
    this.handlers.resize();
  }

  /** Shows the same maps once more, if their place has changed. */
  showAgain(view) {
    if (this.isVisible && this.layer.values && !this.maps.isDrawn) {
      this.maps.draw(this.layer, this.scale, view);
    }
  }

  /** Says what the values are; a channel that is zero everywhere is hatched. */
  describeValues(layer) {
    let silent = 0;
    this.buttons.forEach((button, channel) => {
      const isSilent = layer.isSilent(channel);
      silent += isSilent;
      button.classList.toggle('silent', isSilent);
    });
    this.describe([layer.findExtremes().map(formatNumber).join(' to '),
      ...(silent ? [`${silent} silent`] : [])]);
  }

  describe(values) {
    const { height, width, channels } = this.layer;
    const maps = `${channels} map${channels === 1 ? '' : 's'} of ${height}×${width}`;
    this.summary.textContent = [this.title, maps, ...values].join(' · ');
  }

  /** Marks the channels that add most to the decision, the one that is
   * enlarged, and those that are knocked out. */
  markChannels({ contributions, selected, knockedOut }, moment) {
    if (!this.isVisible) return;
    const key = `${Boolean(contributions)} ${selected} ${[...knockedOut]}`;
    if (key === this.markKey && !(contributions && this.markPace.isDue(moment))) return;
    this.markKey = key;
    this.markContributions(contributions || new Float32Array(this.layer.channels));
    this.element.classList.toggle('explained', Boolean(contributions));
    this.buttons.forEach((button, channel) => {
      const isOut = knockedOut.has(channel);
      button.classList.toggle('knocked-out', isOut);
      button.setAttribute('aria-pressed', String(channel === selected));
      button.setAttribute('aria-label', this.nameTile(channel)
        + (isOut ? ', knocked out' : ''));
    });
  }

  markContributions(contributions) {
    const strongest = findStrongest(contributions);
    const largest = Math.abs(contributions[strongest[0]]) || 1;
    this.buttons.forEach((button, channel) => {
      const share = contributions[channel] / largest;
      const isStrong = strongest.includes(channel);
      button.classList.toggle('for', isStrong && share > 0);
      button.classList.toggle('against', isStrong && share < 0);
      button.classList.toggle('negative', share < 0);
      button.style.setProperty('--share', share.toFixed(2));
    });
  }

  describeCell({ row, column, channel }, contributions) {
    const lines = [this.nameTile(channel),
      `${formatNumber(this.layer.at(row, column, channel))} at row ${row}, column ${column}`];
    if (contributions) lines.push(`adds ${formatSigned(contributions[channel])}`);
    return lines.join('\n');
  }
}
