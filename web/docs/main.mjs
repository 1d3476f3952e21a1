// Lays out /openapi.json: contents, operations by tag, types.

import { byId, el, fill, getJson, inline, prose, table, words } from '../dom.mjs';
import { properties, typeOf } from './schema.mjs';
import { tryForm } from './try.mjs';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** @param {any} api @returns {{method: string, path: string, operation: any, id: string}[]} */
function operations(api) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ method, path, operation: item[method], id: item[method].operationId })));
}

/** @param {any} api */
function render(api) {
  const all = operations(api);
  const groups = api.tags.map((tag) => ({ tag, list: all.filter((o) => (o.operation.tags ?? [])[0] === tag.name) })).filter((g) => g.list.length);
  fill(byId('about'), prose(api.info.description), el('p', { class: 'soft small' }, `Version ${api.info.version}`));
  fill(byId('groups'), groups.map((group) => groupSection(api, group)));
  fill(byId('schemas'), Object.entries(api.components.schemas).map(([name, schema]) => schemaBox(name, schema)));
  const narrow = /** @type {HTMLInputElement} */ (byId('narrow'));
  const list = () => fill(byId('contents'), contents(groups, narrow.value.trim().toLowerCase()));
  narrow.addEventListener('input', list);
  list();
  openTarget();
  window.addEventListener('hashchange', openTarget);
  unfoldWhenWide();
}

function contents(groups, wanted) {
  return groups.map(({ tag, list }) => {
    const shown = list.filter((o) => `${o.path} ${o.operation.summary} ${tag.name}`.toLowerCase().includes(wanted));
    if (!shown.length) return null;
    const entry = (o) => el('li', {}, el('a', { href: `#${o.id}` }, methodMark(o.method), el('span', {}, o.path)));
    return [el('h2', {}, tag.name), el('ul', {}, shown.map(entry))];
  });
}

function groupSection(api, { tag, list }) {
  return el('section', { 'aria-labelledby': `tag-${tag.name}` },
    el('h2', { id: `tag-${tag.name}` }, tag.name[0].toUpperCase() + tag.name.slice(1)),
    el('p', { class: 'soft' }, inline(tag.description ?? '')),
    list.map((o) => operationBox(api, o)));
}

function operationBox(api, { method, path, operation, id }) {
  const parameters = operation.parameters ?? [];
  const head = el('summary', {}, methodMark(method), el('code', {}, path), el('span', { class: 'summary' }, inline(operation.summary ?? '')));
  return el('details', { class: 'operation sheet', id },
    head,
    operation.description ? prose(operation.description) : null,
    parameters.length ? [el('h3', {}, 'Parameters'), parameterTable(parameters)] : null,
    operation.requestBody ? [el('h3', {}, 'Body'), bodyList(operation.requestBody)] : null,
    el('h3', {}, 'Answers'), answerList(operation.responses),
    el('h3', {}, 'Try it'), tryForm(api, method, path, operation));
}

function parameterTable(parameters) {
  const row = (p) => [
    { content: [el('code', {}, p.name), p.required ? el('div', { class: 'small soft' }, 'required') : null] },
    { content: typeOf(p.schema), kind: 'soft' },
    { content: inline(p.description ?? '') },
  ];
  return table('parameters', [{ text: 'Name' }, { text: 'Type' }, { text: 'Meaning' }], parameters.map(row));
}

function bodyList(body) {
  return el('ul', {}, Object.entries(body.content).map(([media, content]) => el('li', {}, el('code', {}, media), ' – ', typeOf(content.schema))));
}

function answerList(responses) {
  const row = ([status, response]) => {
    const forms = Object.entries(response.content ?? {}).map(([media, content]) => [' ', el('code', {}, media), ' ', typeOf(content.schema)]);
    return el('li', {}, el('strong', {}, status === 'default' ? 'otherwise' : status), ' ', inline(response.description), forms);
  };
  return el('ul', {}, Object.entries(responses).map(row));
}

function schemaBox(name, schema) {
  return el('details', { class: 'schema sheet', id: `schema-${name}` }, el('summary', {}, name), schema.description ? prose(schema.description) : null, properties(schema));
}

function methodMark(method) {
  return el('span', { class: `method ${method}` }, method.toUpperCase());
}

/** The list of endpoints stands beside the text in a wide window, and is folded above it in a narrow one. */
function unfoldWhenWide() {
  const wide = matchMedia('(min-width: 60rem)');
  const fold = () => byId('folded').toggleAttribute('open', wide.matches);
  wide.addEventListener('change', fold);
  fold();
}

/** Opens what the address names, and all that it stands in. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}

getJson('/openapi.json').then(render).catch((error) => {
  fill(byId('about'), el('p', { class: 'error', role: 'alert' }, `The description could not be read: ${words(error)}`));
});
