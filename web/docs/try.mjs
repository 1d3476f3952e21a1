// A form that sends a request and shows what came back.

import { el, fill, words } from '../dom.mjs';

/** Longest answer that is shown whole, in characters. */
const SHOWN = 40_000;

/**
 * @param {any} api @param {string} method @param {string} path @param {any} operation
 * @returns {HTMLElement}
 */
export function tryForm(api, method, path, operation) {
  const parameters = operation.parameters ?? [];
  const media = Object.keys(operation.requestBody?.content ?? {});
  const inputs = parameters.map((p) => ({ p, input: inputFor(p) }));
  const type = el('select', { name: 'content-type' }, media.map((m) => el('option', {}, m)));
  const body = el('textarea', { name: 'body', spellcheck: 'false' }, exampleFor(operation, media[0]));
  type.addEventListener('change', () => { body.value = exampleFor(operation, type.value); });
  const answer = el('div', { class: 'answer', 'aria-live': 'polite' });
  const link = el('a', {}, '');
  const state = () => ({ url: urlOf(path, inputs), method, body: media.length ? body.value : null, type: type.value });
  const update = () => { link.textContent = state().url; link.setAttribute('href', state().url); };
  const form = el('form', { class: 'try', oninput: update, onsubmit: (event) => { event.preventDefault(); send(state(), answer); } },
    inputs.length ? el('fieldset', {}, el('legend', { class: 'small soft' }, 'Empty fields are left out.'),
      inputs.map(({ p, input }) => el('label', {}, p.name, input))) : null,
    media.length ? [el('label', {}, 'content-type', type), el('label', {}, 'body', body)] : null,
    el('div', { class: 'actions' }, el('button', { type: 'submit' }, 'Send'), method === 'get' ? link : null),
    answer);
  update();
  return form;
}

function inputFor(p) {
  const schema = p.schema?.type === 'array' ? p.schema.items : p.schema;
  const allowed = schema?.enum ?? (schema?.type === 'boolean' ? ['true', 'false'] : null);
  if (allowed && p.schema.type !== 'array') return el('select', { name: p.name }, el('option', { value: '' }, ''), allowed.map((w) => el('option', {}, w)));
  const hint = allowed ? allowed.join(', ') : p.example ?? schema?.format ?? (p.schema?.type === 'array' ? 'one, two' : '');
  return el('input', { name: p.name, placeholder: hint, required: p.required ? true : null, autocomplete: 'off' });
}

function exampleFor(operation, media) {
  const content = operation.requestBody?.content ?? {};
  const text = Object.values(content).map((c) => c.example).find((e) => typeof e === 'string') ?? 'Gunmen shot dead two policemen in Peshawar on Monday.';
  if (media === 'application/json') return JSON.stringify({ text, published: '2023-02-03' }, null, 2);
  if (media === 'application/x-ndjson') return `${JSON.stringify({ id: 'one', text })}\n`;
  if (media === 'text/html') return `<article><h1>Headline</h1><p>${text}</p></article>`;
  return text;
}

function urlOf(path, inputs) {
  const filled = inputs.filter(({ input }) => input.value.trim() !== '');
  const inPath = filled.filter(({ p }) => p.in === 'path').reduce((url, { p, input }) => url.replace(`{${p.name}}`, encodeURIComponent(input.value.trim())), path);
  const query = new URLSearchParams(filled.filter(({ p }) => p.in === 'query').map(({ p, input }) => [p.name, input.value.trim()])).toString();
  return query ? `${inPath}?${query}` : inPath;
}

async function send({ url, method, body, type }, answer) {
  fill(answer, el('p', { class: 'soft' }, 'Waiting for the answer …'));
  const began = performance.now();
  try {
    const init = body === null ? { method } : { method, body, headers: { 'content-type': type } };
    const response = await fetch(url, { ...init, method: method.toUpperCase() });
    const text = await response.text();
    const ms = Math.round(performance.now() - began);
    const head = `${response.status} ${response.statusText} · ${ms} ms · ${response.headers.get('content-type') ?? ''}`;
    fill(answer, el('p', { class: response.ok ? 'soft' : 'error' }, head), el('pre', { tabindex: '0' }, el('code', {}, pretty(text))));
  } catch (error) {
    fill(answer, el('p', { class: 'error', role: 'alert' }, `No answer: ${words(error)}`));
  }
}

function pretty(text) {
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON: as it is */ }
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}\n… ${shown.length - SHOWN} more characters` : shown;
}
