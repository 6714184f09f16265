// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The properties of the network that can be chosen on the page. They are the
// server's: everybody who watches sees a change.

import { get, send } from './api.js';
import { nameOf } from './format.js';
import { fill } from './lists.js';

export class Controls {
  /** @param notify called with what could not be done, or null */
  constructor(notify) {
    this.notify = notify;
    this.values = new Map();
    this.layers = [];
    this.mayChange = false;
    for (const select of document.querySelectorAll('[data-property]')) {
      select.addEventListener('change', () =>
        this.change({ [select.dataset.property]: select.value }));
    }
    document.getElementById('model').addEventListener('change', (event) =>
      this.switchModel(event.target));
  }

  setRole(role) {
    this.mayChange = role === 'operator';
    document.body.classList.toggle('viewer', !this.mayChange);
    for (const select of document.querySelectorAll('[data-property], #model')) {
      select.disabled = !this.mayChange;
    }
  }

  /** Reads all properties and the model again. Returns the model. */
  async refresh() {
    const [{ properties }, model] = await Promise.all([get('api/properties'),
      get('api/model')]);
    this.values = new Map(properties.map((property) => [property.name, property]));
    this.showProperties(model);
    this.showModels(model);
    return model;
  }

  showProperties({ labels = [] }) {
    const value = (name) => this.values.get(name)?.value ?? '';
    fill(document.getElementById('explain'), (this.values.get('explain')?.choices || [])
      .map((choice) => [choice.value, choice.value]), value('explain'));
    fill(document.getElementById('explain-class'), [['', 'predicted'],
      ...labels.map((label) => [label, label])], value('explain-class'));
    this.showLayers();
  }

  /** The layers whose maps are shown are those to explain by. */
  setLayers(layers) {
    this.layers = layers.filter(({ height, width }) => height * width > 1).map(nameOf);
    this.showLayers();
  }

  showLayers() {
    fill(document.getElementById('explain-layer'), [['auto', 'last'],
      ...this.layers.map((name) => [name, name])],
    this.values.get('explain-layer')?.value || 'auto');
  }

  showModels({ models = [], running }) {
    document.getElementById('model-choice').hidden = models.length < 2;
    fill(document.getElementById('model'), models.map((name) => [name, name]), running);
  }

  /** Resolves with whether it could be done. */
  async change(changes) {
    try {
      await send('PATCH', 'api/properties', changes);
      this.notify(null);
      return true;
    } catch (error) {
      this.notify(error.message);
      return false;
    }
  }

  /** A model that cannot be loaded leaves the old one running. */
  async switchModel(select) {
    try {
      await send('PUT', 'api/model', { name: select.value });
      this.notify(null);
    } catch (error) {
      this.notify(`${select.value} cannot be used: ${error.message}`);
    }
    await this.refresh();
  }

  /** Knocks these channels out, and no others. Resolves with them, or with null
   * if that could not be done. */
  async knockOut(channels) {
    const isDone = await this.change({ 'knock-out': channels.map((item) =>
      `${item.layer}:${item.channel}`).join(',') });
    return isDone ? channels : null;
  }

  /** The same for one channel more, or without one that is knocked out. */
  toggleKnockOut(knockOuts, layer, channel) {
    const others = knockOuts.filter((item) => item.layer !== layer
      || item.channel !== channel);
    return this.knockOut(others.length === knockOuts.length
      ? [...knockOuts, { layer, channel }] : others);
  }
}
