// The start page: what is in the base, by way of the public API.

import { byId, el, fill, getJson, table, words } from '../dom.mjs';
import { readText } from './read.mjs';
import { count, date, names, number, place } from './words.mjs';

const PERPETRATORS = ['perpetrator', 'claimant', 'suspected'];

/**
 * Fills a part of the page; a failure is told there, with a button to try again.
 * @param {string} id
 * @param {() => Promise<any>} build
 */
async function show(id, build) {
  const target = byId(id);
  try {
    fill(target, await build());
  } catch (error) {
    fill(target, el('p', { class: 'error', role: 'alert' }, words(error)), el('button', { type: 'button', onclick: () => show(id, build) }, 'Try again'));
  }
}

async function totals() {
  const sums = await getJson('/v1/stats/summary');
  byId('span').textContent = sums.first_day ? `From ${date({ start: sums.first_day, end: sums.first_day, precision: 'day' })} to ${date({ start: sums.last_day, end: sums.last_day, precision: 'day' })}.` : 'The base is empty: POST a text to /v1/documents.';
  const tile = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, number(value)));
  return [
    tile('Incidents', sums.n_incidents), tile('Killed', sums.killed), tile('Injured', sums.injured),
    tile('Actors', sums.n_actors), tile('Statements', sums.n_statements), tile('Documents', sums.n_documents),
  ];
}

/** @param {Map<string, string>} labels */
async function incidents(labels) {
  const { data } = await getJson('/v1/incidents?limit=12&include=participants&background=false');
  if (!data.length) return el('p', { class: 'soft' }, 'No incident yet. Send a text to ', el('code', {}, 'POST /v1/documents'), '.');
  const number = (label, figure) => ({ content: count(figure), kind: figure ? 'numeric' : 'numeric none', label });
  const row = (incident) => [
    { content: date(incident.date), kind: 'when' },
    { content: what(incident, labels), kind: 'told' },
    { content: el('bdi', {}, place(incident.place)), kind: 'where' },
    by(names(incident.participants, PERPETRATORS)),
    number('Killed', incident.killed),
    number('Injured', incident.injured),
  ];
  const head = [{ text: 'When' }, { text: 'What' }, { text: 'Where' }, { text: 'By whom' }, { text: 'Killed', kind: 'numeric' }, { text: 'Injured', kind: 'numeric' }];
  return table('incidents', head, data.map(row));
}

function what(incident, labels) {
  return [
    el('a', { class: 'what', href: `/v1/incidents/${encodeURIComponent(incident.id)}` }, labels.get(incident.type) ?? incident.type),
    incident.fictional ? [' ', el('span', { class: 'tag warm' }, 'invented')] : null,
    el('div', { class: 'small soft sentence' }, el('bdi', {}, incident.summary)),
  ];
}

function by(perpetrators) {
  return perpetrators ? { content: el('bdi', {}, perpetrators), kind: 'who', label: 'By' } : { content: '–', kind: 'none' };
}

async function actors() {
  const { data } = await getJson('/v1/actors?limit=10&mentioned=true');
  if (!data.length) return el('p', { class: 'soft' }, 'No actor yet.');
  const most = Math.max(1, ...data.map((actor) => actor.n_incidents));
  const item = (actor) => el('li', {},
    el('a', { href: `/v1/actors/${encodeURIComponent(actor.id)}` }, el('bdi', {}, actor.name)),
    el('span', { class: 'numeric soft' }, `${number(actor.n_incidents)} ${actor.n_incidents === 1 ? 'incident' : 'incidents'}`),
    el('meter', { min: 0, max: most, value: actor.n_incidents, 'aria-label': `${actor.name}: ${actor.n_incidents} incidents` }));
  return el('ul', { class: 'ranked' }, data.map(item));
}

async function statements() {
  const { data } = await getJson('/v1/statements?limit=6');
  if (!data.length) return el('p', { class: 'soft' }, 'No statement yet.');
  const item = (statement) => el('li', {},
    el('div', {}, statement.mode === 'direct' ? el('q', {}, statement.content) : el('bdi', {}, statement.content)),
    el('div', { class: 'small soft' },
      el('a', { href: `/v1/statements/${encodeURIComponent(statement.id)}` }, el('bdi', {}, statement.speaker?.name ?? statement.speaker?.text ?? 'unnamed')),
      ` · ${statement.kind.replaceAll('_', ' ')}`, statement.said_on ? ` · ${date(statement.said_on)}` : null));
  return el('ul', { class: 'quotes' }, data.map(item));
}

async function main() {
  const labels = new Map();
  const codes = getJson('/v1/codes/incident_types').then(({ data }) => data.forEach((code) => labels.set(code.code, code.label))).catch(() => {});
  const form = /** @type {HTMLFormElement} */ (byId('try'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = /** @type {HTMLTextAreaElement} */ (byId('text')).value;
    show('answer', () => readText(text, labels));
  });
  getJson('/healthz').then(({ version }) => { byId('version').textContent = `waqia ${version}`; }).catch(() => {});
  await Promise.all([show('totals', totals), codes.then(() => show('incidents', () => incidents(labels))), show('actors', actors), show('statements', statements)]);
}

main();
