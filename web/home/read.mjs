// Reading a text with POST /v1/extract and showing what was found, with the words it was read from.

import { el } from '../dom.mjs';
import { marked } from './marks.mjs';
import { count, date, names, number, place } from './words.mjs';

/**
 * @param {string} text
 * @param {Map<string, string>} labels of incident types
 * @returns {Promise<any>}
 */
export async function readText(text, labels) {
  const response = await fetch('/v1/extract', { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } });
  const record = await response.json();
  if (!response.ok) throw new Error(record.detail);
  const spans = record.incidents.flatMap((incident) => incident.evidence.map(({ start, end, field }) => ({ start, end, title: field })));
  const found = [
    plural(record.incidents.length, 'incident', 'incidents'), plural(record.actors.length, 'actor', 'actors'),
    plural(record.statements.length, 'statement', 'statements'), plural(record.places.length, 'place name', 'place names'),
  ];
  return [
    el('p', {}, el('strong', {}, 'Found: '), found.join(', '), '.'),
    el('div', { class: 'read', dir: 'auto' }, marked(text, spans)),
    el('ul', { class: 'found' }, record.incidents.map((incident) => incidentCard(incident, labels)), record.statements.map(statementCard)),
  ];
}

function incidentCard(incident, labels) {
  const rows = [
    ['When', date(incident.date)],
    ['Where', place(incident.place)],
    ['By whom', names(incident.participants, ['perpetrator', 'claimant', 'suspected'])],
    ['To whom', names(incident.participants, ['target', 'victim', 'captive'])],
    ['Killed', count(incident.killed)],
    ['Injured', count(incident.injured)],
  ].filter(([, value]) => value && value !== '–');
  return el('li', {},
    el('strong', {}, labels.get(incident.type) ?? incident.type), ' ',
    el('span', { class: 'tag' }, incident.certainty), incident.background ? [' ', el('span', { class: 'tag warm' }, 'background')] : null,
    el('dl', {}, rows.map(([name, value]) => [el('dt', {}, name), el('dd', {}, el('bdi', {}, value))])));
}

function statementCard(statement) {
  const content = statement.content.map(({ text }) => text).join(' … ');
  return el('li', {},
    el('strong', {}, statement.speaker?.name ?? statement.speaker?.text ?? 'Somebody'), ' ',
    el('span', { class: 'tag' }, statement.kind.replaceAll('_', ' ')),
    el('p', {}, el('bdi', {}, content)));
}

function plural(n, one, many) {
  return `${number(n)} ${n === 1 ? one : many}`;
}
