// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the viewer alone sees otherwise: the colors, and which values they stand
// for. The browser remembers it.

import { loadColors, makePalette } from './colors.js';
import { fill } from './lists.js';

const CHOICES = ['colors', 'scaling', 'balance', 'gamma'];
const element = (id) => document.getElementById(id);

function read() {
  try {
    return JSON.parse(localStorage.getItem('view')) || {};
  } catch {
    return {}; // a browser may keep nothing
  }
}

function write(choices) {
  try {
    localStorage.setItem('view', JSON.stringify(choices));
  } catch { /* a browser may keep nothing */ }
}

export class View {
  /** @param changed called when pictures are to be drawn anew */
  constructor(changed) {
    this.changed = changed;
    this.legend = document.querySelector('#legend canvas').getContext('2d');
  }

  async load() {
    fill(element('colors'), (await loadColors()).map((name) => [name, name]), 'ylgnbu');
    for (const [id, value] of Object.entries(read())) {
      if (CHOICES.includes(id)) element(id).value = value;
    }
    this.heatPalette = makePalette('inferno', 1);
    this.signedPalette = makePalette('signed', 1);
    for (const id of [...CHOICES, 'heat']) {
      element(id).addEventListener('input', () => this.take());
    }
    this.take();
  }

  take() {
    const choices = Object.fromEntries(CHOICES.map((id) => [id, element(id).value]));
    const colors = choices.colors || 'ylgnbu';
    this.palette = makePalette(colors, Number(choices.gamma));
    this.isSigned = colors === 'signed';
    this.scaling = choices.scaling || 'inside';
    this.balance = Number(choices.balance);
    this.showsHeat = element('heat').checked;
    element('balance-choice').hidden = this.scaling !== 'layer';
    this.drawLegend();
    write(choices);
    this.changed();
  }

  drawLegend() {
    const pixels = new ImageData(256, 1);
    new Uint32Array(pixels.data.buffer).set(this.palette);
    this.legend.putImageData(pixels, 0, 0);
  }
}
