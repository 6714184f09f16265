// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The page: shows each picture in all its parts.

import { get } from './api.js';
import { Controls } from './controls.js';
import { Evidence } from './evidence.js';
import { Explorer } from './explorer.js';
import { nameOf } from './format.js';
import { Inspector } from './inspector.js';
import { listenToKeys } from './keyboard.js';
import { fill } from './lists.js';
import { Pace } from './pace.js';
import { Picture } from './picture.js';
import { Playback } from './playback.js';
import { Prediction } from './prediction.js';
import { ReceptiveFields } from './receptive-field.js';
import { savePng, saveNpz } from './save.js';
import { Speech } from './speech.js';
import { Stages } from './stages.js';
import { Tip } from './tip.js';
import { Upload } from './upload.js';
import { View } from './view.js';

const ROUND_TRIP_INTERVAL = 5000; // ms
const STATE_INTERVAL = 500; // ms
const TEXT_INTERVAL = 200; // ms
const element = (id) => document.getElementById(id);

class App {
  constructor() {
    this.tip = new Tip(element('tip'));
    this.view = new View(() => this.redraw());
    this.fields = new ReceptiveFields(null);
    this.picture = new Picture(element('picture'), (id) => this.chooseFace(id));
    this.prediction = new Prediction();
    this.evidence = new Evidence(this.tip, (channel) => this.selectEvidence(channel));
    this.explorer = new Explorer(element('layers'), {
      select: (layer, channel) => this.select(layer, channel),
      hover: (cell) => this.hover(cell),
      arrange: (layers) => this.takeLayers(layers),
      want: (layers) => this.want(layers),
      redraw: () => this.redraw(),
    });
    this.inspector = new Inspector(element('inspector'), {
      close: () => this.deselect(),
      toggle: (layer, channel) => this.toggle(layer, channel),
      explain: (name) => this.controls.change({ 'explain-layer': name }),
      hover: (cell) => this.hover(cell),
      part: (field, canvas) => this.picture.copyPart(field, canvas),
    });
    this.controls = new Controls((text) => this.notify(text));
    this.stages = new Stages(element('stages'));
    this.upload = new Upload(element('add-model'), element('model-files'), {
      notify: (text, isFault) => this.notify(text, isFault),
      done: () => this.controls.refresh(),
      mayChange: () => this.controls.mayChange,
    });
    this.stateSpeech = new Speech(element('state-spoken'));
    this.channelSpeech = new Speech(element('channel-spoken'));
    this.statePace = new Pace(STATE_INTERVAL);
    this.textPace = new Pace(TEXT_INTERVAL);
    this.knockOuts = []; // of the last picture with a face
    this.times = [];
    this.selected = null;
    this.revision = null;
    this.isReachable = true; // until it is known
  }

  async start() {
    await this.view.load();
    this.listen();
    this.playback = new Playback({
      decoded: (message, bitmap) => this.show(message, bitmap),
      shown: (message) => this.count(message),
      changed: () => this.showFreeze(),
      state: (text, isReachable) => this.showConnection(text, isReachable),
      session: ({ role }) => this.controls.setRole(role),
    });
    this.showStreams();
    this.stages.measureRoundTrip();
    setInterval(() => this.stages.measureRoundTrip(), ROUND_TRIP_INTERVAL);
  }

  listen() {
    const actions = {
      freeze: () => this.toggleFreeze(),
      step: () => this.playback.step(),
      back: () => this.playback.stepBack(),
      'save-png': () => this.savePng(),
      'save-npz': () => this.saveNpz(),
      restore: () => this.restoreChannels(),
      help: () => element('keys').showModal(),
    };
    for (const [id, action] of Object.entries(actions)) {
      element(id).addEventListener('click', action);
    }
    listenToKeys({ ' ': actions.freeze, '.': actions.step, ',': actions.back,
      s: actions['save-png'], n: actions['save-npz'], r: actions.restore,
      '?': actions.help, Escape: () => this.deselect() });
    element('face').addEventListener('change', ({ target }) =>
      this.chooseFace(target.value === '' ? null : Number(target.value)));
    element('stream').addEventListener('change', ({ target }) => {
      location.href = target.value;
    });
  }

  async showStreams() {
    const { streams } = await get('../api/streams');
    element('stream-choice').hidden = streams.length < 2;
    const here = streams.find(({ path }) => location.pathname === path) || streams[0];
    fill(element('stream'), streams.map(({ name, path }) => [path, name]), here.path);
  }

  chooseFace(id) {
    element('face').value = id ?? '';
    this.playback.connection.ask({ subject: id });
  }

  want(layers) {
    const key = JSON.stringify(layers);
    if (key === this.wanted) return;
    this.wanted = key;
    this.playback.connection.ask({ layers });
  }

  // One picture after the other.

  show(message, bitmap) {
    this.picture.take(message, bitmap);
    this.draw(message);
  }

  /** Draws the picture that is shown once more, before the next one is due. */
  redraw() {
    this.redrawing ??= requestAnimationFrame(() => {
      this.redrawing = null;
      if (this.shown) this.draw(this.shown);
    });
  }

  draw(message) {
    const { subject } = message;
    const moment = { time: message.received, isStill: this.playback.connection.isHeld };
    // All figures that are written out are of the same picture.
    moment.isTextDue = this.textPace.isDue(moment);
    this.shown = message;
    this.picture.field = this.cell ? this.findField(this.cell) : null;
    this.picture.show(this.view);
    this.prediction.show(subject, this.playback.connection.request.subject);
    if (subject) this.knockOuts = subject.knock_outs;
    this.showInput(subject);
    this.showEvidence(subject, moment);
    this.explorer.show(subject, this.view, this.selected, moment);
    this.showInspector(moment);
    if (this.cell) this.showTip();
    this.showFaces(message.frame.objects);
    this.showSignal(message.signal);
    element('restore').hidden = !subject?.knock_outs.length || !this.controls.mayChange;
    if (message.revision !== this.revision) this.refresh(message.revision);
  }

  /** The crop, in as many pixels as the network gets. */
  showInput(subject) {
    const [rows, columns] = this.fields.input || [];
    const canvas = element('input');
    canvas.hidden = !subject;
    if (!rows || !columns || !subject) return;
    const [x, y, width, height] = subject.area;
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    this.picture.copyPart({ x, y, width, height }, canvas, true);
  }

  showEvidence(subject, moment) {
    const layer = subject?.explanation?.layer;
    this.evidence.show(subject, { name: nameOf(this.findLayer(layer) || { name: layer }),
      selected: this.selected?.layer === layer ? this.selected?.channel : null }, moment);
  }

  count(message) {
    const now = performance.now();
    const age = this.stages.take(message, now);
    this.times.push(now);
    while (this.times[0] < now - 1000) this.times.shift();
    document.body.dataset.sequence = message.sequence;
    document.body.dataset.age = age.toFixed(1);
    if (this.isReachable && !this.playback.isFrozen && this.statePace.isDue({ time: now })) {
      this.showState('Live', true, ` · ${this.times.length}/s · ${age.toFixed(0)} ms`);
    }
  }

  /** The properties or the model have changed. */
  async refresh(revision) {
    this.revision = revision;
    try {
      this.fields = new ReceptiveFields(await this.controls.refresh());
      if (this.selected) this.inspector.loadKernel(this.fields, this.view.signedPalette);
      this.redraw();
    } catch (error) {
      this.notify(error.message);
    }
  }

  showFaces(objects) {
    const { subject } = this.playback.connection.request;
    const ids = objects.map(({ id }) => id).filter((id) => id !== undefined);
    const isGone = subject !== null && !ids.includes(subject);
    fill(element('face'), [['', 'the largest'], ...ids.sort((a, b) => a - b)
      .map((id) => [id, `no. ${id}`]), ...(isGone ? [[subject, `no. ${subject}, gone`]] : [])],
    subject ?? '');
  }

  /** @param figures that are to be seen only */
  showState(text, isLive, figures = '') {
    element('status').classList.toggle('live', isLive);
    element('status').querySelector('.text').textContent = text + figures;
    this.stateSpeech.say(text);
  }

  showConnection(text, isReachable) {
    const { isFrozen } = this.playback;
    this.isReachable = isReachable;
    document.body.classList.toggle('unreachable', !isReachable);
    if (!isReachable) this.revision = null; // it may come back as another one
    this.showState(isReachable && isFrozen ? 'Frozen' : text, isReachable && !isFrozen);
    this.showSignal(this.shown?.signal ?? true);
  }

  showSignal(hasSignal) {
    element('no-signal').hidden = hasSignal && this.isReachable;
    element('no-signal').textContent = this.isReachable ? 'No signal' : 'No connection';
  }

  notify(text, isFault = true) {
    element('notice').hidden = !text;
    element('notice').classList.toggle('fault', isFault);
    element('notice').textContent = text || '';
  }

  // Channels.

  findLayer(name) {
    return this.shown?.subject?.layers.find((layer) => layer.name === name);
  }

  /** Another network has other channels. */
  takeLayers(layers) {
    this.controls.setLayers(layers);
    this.deselect();
  }

  /** The first click enlarges a channel, the second knocks it out. */
  select(layer, channel) {
    if (this.selected?.layer === layer && this.selected.channel === channel) {
      this.toggle(layer, channel);
      return;
    }
    const maps = this.explorer.rows.get(layer)?.layer;
    if (!maps) return;
    this.selected = { layer, channel };
    this.textPace.restart();
    this.inspector.open(maps, channel,
      { fields: this.fields, palette: this.view.signedPalette });
    document.documentElement.classList.add('inspecting');
    this.draw(this.shown);
    this.explorer.findTile(layer, channel)?.scrollIntoView({ block: 'nearest' });
  }

  selectEvidence(channel) {
    if (this.shown?.subject) this.select(this.shown.subject.explanation.layer, channel);
  }

  deselect() {
    if (!this.selected) return;
    const { layer, channel } = this.selected;
    const hadFocus = element('inspector').contains(document.activeElement);
    this.selected = null;
    this.inspector.close();
    if (hadFocus) this.explorer.findTile(layer, channel)?.focus();
    document.documentElement.classList.remove('inspecting');
    this.redraw();
  }

  async toggle(layer, channel) {
    if (!this.controls.mayChange) {
      this.notify('Only an operator can knock out a channel.');
      return;
    }
    await this.showKnockOuts(
      await this.controls.toggleKnockOut(this.knockOuts, layer, channel));
  }

  async restoreChannels() {
    await this.showKnockOuts(await this.controls.knockOut([]));
  }

  /** Goes on, if the picture is frozen, to the first one without these channels:
   * those that are on their way were made before. */
  async showKnockOuts(channels) {
    if (!this.playback.isFrozen || !channels) return;
    const write = (list) => list.map((item) => `${item.layer}:${item.channel}`)
      .sort().join();
    await this.playback.goOnTo(({ subject }) => subject
      && write(subject.knock_outs) === write(channels));
  }

  showInspector(moment) {
    if (!this.selected) return;
    const { scale } = this.explorer.rows.get(this.selected.layer);
    this.inspector.show(this.shown.subject, this.view, { fields: this.fields, scale },
      moment);
    this.channelSpeech.say(this.inspector.summary);
  }

  /** Shows what there is to say of a cell, and returns it. */
  hover(cell) {
    this.cell = cell;
    if (!cell) this.tip.hide();
    this.picture.mark(cell ? this.findField(cell) : null);
    return cell ? this.showTip() : '';
  }

  findField({ name, row, column }) {
    const area = this.shown?.subject?.area;
    return area ? this.fields.find(name, row, column, area) : null;
  }

  showTip() {
    const row = this.explorer.rows.get(this.cell.name);
    if (!row?.layer.values) return '';
    const explanation = this.shown.subject?.explanation;
    const text = row.describeCell(this.cell,
      explanation?.layer === this.cell.name ? explanation.channels : null);
    const field = this.findField(this.cell);
    const words = field
      ? `${text}\nsees ${Math.round(field.width)}×${Math.round(field.height)} pixels at `
        + `${Math.round(field.x)}, ${Math.round(field.y)}` : text;
    this.tip.show(this.cell, words);
    return words;
  }

  // Time.

  async toggleFreeze() {
    if (this.playback.isFrozen) {
      this.playback.goOn();
    } else {
      await this.playback.freeze();
      this.redraw();
    }
  }

  showFreeze() {
    const { isFrozen, canStepBack } = this.playback;
    element('step').disabled = !isFrozen;
    element('back').disabled = !canStepBack;
    if (document.body.classList.contains('frozen') === isFrozen) return;
    document.body.classList.toggle('frozen', isFrozen);
    element('freeze').textContent = isFrozen ? 'Go on' : 'Freeze';
    this.showState(isFrozen ? 'Frozen' : 'Live', !isFrozen);
  }

  savePng() {
    if (!this.shown) return;
    this.explorer.withAllDrawn(this.view, (rows) => savePng(this.shown,
      this.picture.canvas, rows, getComputedStyle(document.body)));
  }

  /** Freezes for a moment if it must, so that the maps are exact. */
  async saveNpz() {
    if (!this.shown) return;
    const wasFrozen = this.playback.isFrozen;
    if (!wasFrozen) await this.toggleFreeze();
    saveNpz(this.shown);
    if (!this.shown.isExact) {
      this.notify('This picture is from before you froze the stream: the values that '
        + 'are saved are right to 1/510 of what each map spans.', false);
    }
    if (!wasFrozen) await this.toggleFreeze();
  }
}

const app = new App();
window.activationmap = app;
app.start().catch((error) => app.notify(error.message));
