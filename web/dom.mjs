// Building pages without innerHTML: text is always text.

/**
 * An element with attributes and children. `on…` attributes are listeners; null and false attributes and children are left out.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, any>} [attributes]
 * @param {...any} children nodes, strings, numbers, or arrays of them
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A table whose rows may be shown as blocks where the window is narrow: only the roles say then that it is a table.
 * @param {string} kind class of the table
 * @param {{text: string, kind?: string}[]} head
 * @param {{content: any, kind?: string, label?: string}[][]} rows
 * @returns {HTMLTableElement}
 */
export function table(kind, head, rows) {
  const cell = (/** @type {any} */ { content, kind, label }) => el('td', { role: 'cell', class: kind, 'data-label': label }, content);
  return el('table', { class: `rows ${kind}`, role: 'table' },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, head.map(({ text, kind }) => el('th', { role: 'columnheader', scope: 'col', class: kind }, text)))),
    el('tbody', { role: 'rowgroup' }, rows.map((row) => el('tr', { role: 'row' }, row.map(cell)))));
}

/** @param {unknown} error @returns {string} */
export function words(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The element of the page with that id; a page without it is a mistake of ours.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element "${id}"`);
  return element;
}

/**
 * Puts new children in the place of all old ones.
 * @param {Element} parent
 * @param {...any} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
}

/**
 * Text with `code` between backticks, paragraphs between blank lines.
 * @param {string} text
 * @returns {HTMLElement[]}
 */
export function prose(text) {
  return text.split(/\n\s*\n/).map((paragraph) => el('p', {}, inline(paragraph)));
}

/**
 * Text with `code` between backticks.
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function inline(text) {
  return text.split('`').map((part, n) => (n % 2 ? el('code', {}, part) : part)).filter((part) => part !== '');
}

/**
 * GET of the API as JSON; a failure throws an Error with the problem's words.
 * @param {string} url
 * @returns {Promise<any>}
 */
export async function getJson(url) {
  const response = await fetch(url, { headers: { accept: 'application/json' } });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.detail ?? `${response.status} ${response.statusText}`);
  return body;
}
