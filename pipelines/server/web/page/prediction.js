// SPDX-FileCopyrightText: 2026 The gst-activationmap authors
// SPDX-License-Identifier: LGPL-2.1-or-later

// What the network predicts, in large letters, and a bar for each class. With
// channels knocked out, a mark shows where the bar would end without.

import { formatNumber, formatPercent } from './format.js';
import { Speech } from './speech.js';

function makeRow() {
  const row = document.createElement('div');
  row.className = 'class';
  row.innerHTML = '<span class="name"></span><span class="bar"><i></i><u></u></span>'
    + '<span class="score"></span>';
  return row;
}

export class Prediction {
  constructor() {
    this.answer = document.getElementById('answer');
    this.change = document.getElementById('change');
    this.speech = new Speech(document.getElementById('answer-spoken'));
    this.list = document.getElementById('classes');
    this.order = [];
  }

  /** @param chosen the face that was asked for, or null for the largest */
  show(subject, chosen) {
    const text = subject ? subject.text || (subject.model ? 'an image' : '–')
      : `No face${chosen === null ? '' : ` no. ${chosen}`}`;
    if (this.answer.textContent !== text) this.answer.textContent = text;
    this.speech.say(text);
    this.showClasses(subject?.classes || []);
    this.change.textContent = subject ? this.describeChange(subject) : '';
  }

  /** Classes keep their places while they are the same ones. */
  showClasses(classes) {
    const known = new Set(classes.map((item) => item.class));
    this.order = this.order.filter((number) => known.has(number));
    for (const item of classes) {
      if (!this.order.includes(item.class)) this.order.push(item.class);
    }
    while (this.list.children.length > this.order.length) this.list.lastChild.remove();
    while (this.list.children.length < this.order.length) this.list.append(makeRow());
    this.order.forEach((number, index) => this.showClass(this.list.children[index],
      classes.find((item) => item.class === number)));
  }

  showClass(row, { label, score, intact, predicted }) {
    const [name, bar, value] = row.children;
    row.classList.toggle('predicted', predicted);
    if (name.textContent !== label) name.textContent = label;
    bar.firstChild.style.inlineSize = `${100 * score}%`;
    bar.lastChild.style.insetInlineStart = `${100 * intact}%`;
    bar.lastChild.hidden = Math.abs(score - intact) < 1e-6;
    value.textContent = formatPercent(score);
  }

  describeChange({ classes, number, intact, unit, knock_outs: knockOuts }) {
    if (!knockOuts.length) return '';
    if (number !== undefined) return `was ${formatNumber(intact)} ${unit || ''} with all`;
    const first = classes?.find((item) => item.predicted) || classes?.[0];
    return first ? `was ${formatPercent(first.intact)} with all` : 'with channels knocked out';
  }
}
