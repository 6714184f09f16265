// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// The page: takes the messages of the stream, and shows each in all its parts.

import { get } from './api.js';
import { loadColors, makePalette } from './colors.js';
import { Connection } from './connection.js';
import { Controls, fill } from './controls.js';
import { Evidence } from './evidence.js';
import { Explorer } from './explorer.js';
import { Inspector } from './inspector.js';
import { nameOf } from './format.js';
import { History } from './history.js';
import { listenToKeys } from './keyboard.js';
import { Picture } from './picture.js';
import { Prediction } from './prediction.js';
import { ReceptiveFields } from './receptive-field.js';
import { savePng, saveNpz } from './save.js';
import { Speech } from './speech.js';
import { Stages } from './stages.js';
import { Upload } from './upload.js';

// Pictures after which a change of the network is not waited for any longer.
const MOST_STEPS = 60;
const VIEW = ['colors', 'scaling', 'balance', 'gamma'];
const ROUND_TRIP_INTERVAL = 5000;
const element = (id) => document.getElementById(id);

/** The text beside the pointer. */
class Tip {
  constructor(node) {
    this.node = node;
  }

  show(event, text) {
    this.node.hidden = false;
    this.node.textContent = text;
    const { innerWidth, innerHeight } = window;
    const { offsetWidth, offsetHeight } = this.node;
    const x = Math.min(event.clientX + 14, innerWidth - offsetWidth - 4);
    const y = event.clientY + 18 + offsetHeight < innerHeight
      ? event.clientY + 18 : event.clientY - offsetHeight - 10;
    this.node.style.translate = `${x}px ${y}px`;
  }

  hide() {
    this.node.hidden = true;
  }
}

class App {
  constructor() {
    this.tip = new Tip(element('tip'));
    this.fields = new ReceptiveFields(null);
    this.picture = new Picture(element('picture'), (id) => this.chooseFace(id));
    this.prediction = new Prediction();
    this.evidence = new Evidence(this.tip, (channel) => this.selectEvidence(channel));
    this.explorer = new Explorer(element('layers'), {
      select: (layer, channel) => this.select(layer, channel),
      hover: (cell) => this.hover(cell),
      arrange: (layers) => this.controls.setLayers(layers),
      want: (layers) => this.want(layers),
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
    this.speech = new Speech(element('state-spoken'));
    this.history = new History();
    this.ahead = []; // pictures that came after the stream was held
    this.arrivals = []; // called when one more has come
    this.waiting = []; // called with the next picture that is shown
    this.knockOuts = []; // of the last picture with a face
    this.times = [];
    this.selected = null;
    this.revision = null;
    this.pending = null;
  }

  async start() {
    fill(element('colors'), (await loadColors()).map((name) => [name, name]), 'ylgnbu');
    this.restoreView();
    this.changeView();
    this.listen();
    this.connection = new Connection({
      message: (message) => this.receive(message),
      state: (text, isLive) => this.showState(text, isLive),
      session: ({ role }) => this.controls.setRole(role),
    });
    this.showStreams();
    this.stages.measureRoundTrip();
    setInterval(() => this.stages.measureRoundTrip(), ROUND_TRIP_INTERVAL);
  }

  listen() {
    for (const id of [...VIEW, 'heat']) {
      element(id).addEventListener('input', () => this.changeView());
    }
    element('face').addEventListener('change', (event) =>
      this.chooseFace(event.target.value === '' ? null : Number(event.target.value)));
    element('freeze').addEventListener('click', () => this.toggleFreeze());
    element('step').addEventListener('click', () => this.step());
    element('back').addEventListener('click', () => this.stepBack());
    element('save-png').addEventListener('click', () => this.savePng());
    element('save-npz').addEventListener('click', () => this.saveNpz());
    element('help').addEventListener('click', () => element('keys').showModal());
    element('restore').addEventListener('click', () => this.restoreChannels());
    element('stream').addEventListener('change', (event) => {
      location.href = event.target.value;
    });
    listenToKeys({
      ' ': () => this.toggleFreeze(),
      '.': () => this.step(),
      ',': () => this.stepBack(),
      s: () => this.savePng(),
      n: () => this.saveNpz(),
      r: () => this.restoreChannels(),
      '?': () => element('keys').showModal(),
      Escape: () => this.deselect(),
    });
  }

  async showStreams() {
    const { streams } = await get('../api/streams');
    element('stream-choice').hidden = streams.length < 2;
    const here = streams.find(({ path }) => location.pathname === path) || streams[0];
    fill(element('stream'), streams.map(({ name, path }) => [path, name]), here.path);
  }

  // What the viewer alone sees otherwise.

  restoreView() {
    try {
      const view = JSON.parse(localStorage.getItem('view')) || {};
      for (const id of VIEW) {
        if (view[id]) element(id).value = view[id];
      }
    } catch { /* a browser may keep nothing */ }
  }

  changeView() {
    const [colors, scaling, balance, gamma] = VIEW.map((id) => element(id).value);
    this.view = {
      palette: makePalette(colors || 'ylgnbu', Number(gamma)),
      isSigned: colors === 'signed',
      scaling,
      balance: Number(balance),
    };
    this.heatPalette = makePalette('inferno', 1);
    this.signedPalette = makePalette('signed', 1);
    this.picture.showsHeat = element('heat').checked;
    element('balance-choice').hidden = scaling !== 'layer';
    try {
      localStorage.setItem('view', JSON.stringify({ colors, scaling, balance, gamma }));
    } catch { /* a browser may keep nothing */ }
    if (this.shown) this.draw(this.shown);
  }

  chooseFace(id) {
    element('face').value = id ?? '';
    this.connection.ask({ subject: id });
  }

  want(layers) {
    const key = JSON.stringify(layers);
    if (key === this.wanted) return;
    this.wanted = key;
    this.connection.ask({ layers });
  }

  // One picture after the other.

  /** Of pictures that come while one is decoded, only the newest is shown. */
  async receive(message) {
    if (this.connection.isHeld) {
      this.ahead.push(message);
      this.wakeUp();
      return;
    }
    if (this.pending) {
      if (this.next) this.connection.acknowledge(this.next.token);
      this.next = message;
      return;
    }
    this.pending = message;
    await this.showNew(message);
    this.pending = null;
    if (this.next) {
      const { next } = this;
      this.next = null;
      this.receive(next);
    }
  }

  async showNew(message) {
    try {
      if (await this.show(message)) {
        this.history.keep(message);
        this.enableSteps();
        this.count(message);
      }
    } catch (error) {
      console.error(error);
    }
    this.connection.acknowledge(message.token);
    for (const resolve of this.waiting.splice(0)) resolve(message);
  }

  /** Decodes a picture and shows it, unless another one is wanted meanwhile. */
  async show(message) {
    this.wantedPicture = message;
    const bitmap = await createImageBitmap(new Blob([message.jpeg], { type: 'image/jpeg' }));
    if (this.wantedPicture !== message) {
      bitmap.close();
      return false;
    }
    this.picture.take(message, bitmap);
    this.draw(message);
    return true;
  }

  draw(message) {
    const time = message.received;
    const { subject } = message;
    this.shown = message;
    element('no-signal').hidden = message.signal;
    this.picture.field = this.cell ? this.findField(this.cell) : null;
    this.picture.show(this.heatPalette);
    this.prediction.show(subject);
    if (subject) {
      this.knockOuts = subject.knock_outs;
      this.showInput(subject.area);
    }
    const explained = this.selected?.layer === subject?.explanation?.layer;
    this.evidence.show({ explanation: subject?.explanation, time, isStale: !subject,
      name: nameOf(this.findLayer(subject?.explanation?.layer) || {}),
      selected: explained ? this.selected?.channel : null });
    this.explorer.show(subject, this.view, { time, isStill: this.connection.isHeld,
      selected: this.selected });
    this.showInspector(time);
    if (this.cell) this.showTip();
    this.showFaces(message.frame.objects);
    element('restore').hidden = !subject?.knock_outs.length || !this.controls.mayChange;
    if (message.revision !== this.revision) this.refresh(message.revision);
  }

  /** The crop, in as many pixels as the network gets. */
  showInput([x, y, width, height]) {
    const [rows, columns] = this.fields.input || [];
    const canvas = element('input');
    if (!rows || !columns) return;
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    this.picture.copyPart({ x, y, width, height }, canvas, true);
  }

  count(message) {
    const now = performance.now();
    const age = this.stages.take(message, now);
    this.times.push(now);
    while (this.times[0] < now - 1000) this.times.shift();
    document.body.dataset.sequence = message.sequence;
    document.body.dataset.age = age.toFixed(1);
    if (now - (this.stateTime || 0) > 500 && !this.isFrozen) {
      this.stateTime = now;
      this.showState('Live', true, ` · ${this.times.length} pictures/s · ${age.toFixed(0)} ms`);
    }
  }

  /** The properties or the model have changed. */
  async refresh(revision) {
    this.revision = revision;
    try {
      this.fields = new ReceptiveFields(await this.controls.refresh());
    } catch (error) {
      this.notify(error.message);
    }
  }

  showFaces(objects) {
    const ids = objects.filter(({ id }) => id !== undefined).map(({ id }) => id);
    fill(element('face'), [['', 'the largest'], ...ids.sort((a, b) => a - b)
      .map((id) => [id, `no. ${id}`])], this.connection.request.subject ?? '');
  }

  /** @param figures that are to be seen only */
  showState(text, isLive, figures = '') {
    element('status').classList.toggle('live', isLive);
    element('status').querySelector('.text').textContent = text + figures;
    this.speech.say(text);
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

  /** The first click enlarges a channel, the second knocks it out. */
  select(layer, channel) {
    if (this.selected?.layer === layer && this.selected.channel === channel) {
      this.toggle(layer, channel);
      return;
    }
    const maps = this.explorer.rows.get(layer)?.layer;
    if (!maps) return;
    this.selected = { layer, channel };
    this.inspector.open(maps, channel,
      { fields: this.fields, palette: this.signedPalette });
    document.body.classList.add('inspecting');
    this.draw(this.shown);
  }

  selectEvidence(channel) {
    this.select(this.shown.subject.explanation.layer, channel);
  }

  deselect() {
    this.selected = null;
    this.inspector.close();
    document.body.classList.remove('inspecting');
    if (this.shown) this.draw(this.shown);
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
    if (!this.isFrozen || !channels) return;
    const write = (list) => list.map((item) => `${item.layer}:${item.channel}`)
      .sort().join();
    await this.goOnTo(({ subject }) => subject
      && write(subject.knock_outs) === write(channels));
  }

  showInspector(time) {
    if (!this.selected) return;
    const row = this.explorer.rows.get(this.selected.layer);
    if (!row) {
      this.deselect();
      return;
    }
    this.inspector.show(this.shown.subject, this.view, { time, fields: this.fields,
      scale: row.scale });
  }

  hover(cell) {
    this.cell = cell;
    if (!cell) this.tip.hide();
    this.picture.mark(cell ? this.findField(cell) : null);
    if (cell) this.showTip();
  }

  findField({ name, row, column }) {
    const area = this.shown?.subject?.area;
    return area ? this.fields.find(name, row, column, area) : null;
  }

  showTip() {
    const row = this.explorer.rows.get(this.cell.name);
    if (!row?.layer?.values) return;
    const explanation = this.shown.subject?.explanation;
    const text = row.describeCell(this.cell,
      explanation?.layer === this.cell.name ? explanation.channels : null);
    const field = this.findField(this.cell);
    this.tip.show(this.cell.event, field
      ? `${text}\nsees ${Math.round(field.width)}×${Math.round(field.height)} pixels at `
        + `${Math.round(field.x)}, ${Math.round(field.y)}` : text);
  }

  // Time.

  /** Resolves with the next picture that is shown. */
  nextPicture() {
    return new Promise((resolve) => { this.waiting.push(resolve); });
  }

  wakeUp() {
    for (const resolve of this.arrivals.splice(0)) resolve();
  }

  /** While the stream is held, resolves with its next picture; with undefined
   * once it is not held any more. */
  async takeNext() {
    this.connection.letOne();
    while (this.connection.isHeld && !this.ahead.length) {
      await new Promise((resolve) => { this.arrivals.push(resolve); });
    }
    return this.connection.isHeld ? this.ahead.shift() : undefined;
  }

  /** Freezes at a picture whose maps are exact. */
  async toggleFreeze() {
    if (this.isFrozen) {
      this.setFrozen(false);
      this.connection.ask({ values: 'uint8' });
      this.ahead = [];
      this.connection.release();
      this.wakeUp();
      return;
    }
    this.setFrozen(true);
    this.connection.ask({ values: 'float32' });
    for (let tries = 0; tries < 10; tries++) {
      if (this.hasExactMaps(await this.nextPicture())) break;
    }
    if (!this.isFrozen) return; // it was unfrozen meanwhile
    this.connection.hold();
    this.draw(this.shown);
  }

  hasExactMaps({ subject }) {
    return !subject || subject.layers.every((layer) => layer.isExact || !layer.values);
  }

  setFrozen(isFrozen) {
    this.isFrozen = isFrozen;
    element('freeze').setAttribute('aria-pressed', String(isFrozen));
    element('freeze').textContent = isFrozen ? 'Go on' : 'Freeze';
    element('step').disabled = !isFrozen;
    this.enableSteps();
    this.showState(isFrozen ? 'Frozen' : 'Live', !isFrozen);
  }

  enableSteps() {
    element('back').disabled = !this.isFrozen || this.history.isAtStart;
  }

  async step() {
    if (!this.isFrozen) return;
    if (this.history.isAtEnd) await this.goOnTo(() => true);
    else await this.showOld(1);
  }

  async stepBack() {
    if (this.isFrozen) await this.showOld(-1);
  }

  /** Shows the next picture that is right, or after many the last one. */
  async goOnTo(isRight) {
    let message = await this.takeNext();
    for (let step = 1; step < MOST_STEPS && message && !isRight(message); step++) {
      message = await this.takeNext();
    }
    if (message) await this.showNew(message);
  }

  async showOld(step) {
    const message = this.history.go(step);
    this.enableSteps();
    await this.show(message);
  }

  savePng() {
    if (!this.shown) return;
    savePng(this.shown, this.picture.canvas, this.explorer.rows,
      getComputedStyle(document.body));
  }

  /** Freezes for a moment if it must, so that the maps are exact. */
  async saveNpz() {
    if (!this.shown) return;
    const wasFrozen = this.isFrozen;
    if (!wasFrozen) await this.toggleFreeze();
    saveNpz(this.shown);
    if (!this.hasExactMaps(this.shown)) {
      this.notify('This picture is from before you froze the stream: the values that '
        + 'are saved are right to 1/510 of what each map spans.', false);
    }
    if (!wasFrozen) await this.toggleFreeze();
  }
}

const app = new App();
window.activationmap = app;
app.start().catch((error) => app.notify(error.message));
