// JSON Schemas in words.

import { el, inline, table } from '../dom.mjs';

/**
 * A schema's type in a few words, with links to named types.
 * @param {any} schema
 * @returns {any}
 */
export function typeOf(schema) {
  if (!schema) return 'anything';
  if (schema.$ref) {
    const name = schema.$ref.split('/').pop();
    return el('a', { href: `#schema-${name}` }, name);
  }
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) return between(choices.map(typeOf), schema.allOf ? ' and ' : ' or ');
  if (schema.enum) return between(schema.enum.map((value) => el('code', {}, String(value))), ', ');
  const types = [schema.type ?? 'anything'].flat();
  return between(types.map((type) => simple(type, schema)), ' or ');
}

function simple(type, schema) {
  if (type === 'array') return ['list of ', typeOf(schema.items)];
  const limits = [];
  if (schema.format && type === 'string') limits.push(schema.format);
  if (schema.minimum !== undefined && schema.maximum !== undefined) limits.push(`${schema.minimum}–${schema.maximum}`);
  if (schema.default !== undefined) limits.push(`default ${schema.default}`);
  return limits.length ? `${type} (${limits.join(', ')})` : type;
}

function between(parts, word) {
  return parts.flatMap((part, n) => (n ? [word, part] : [part]));
}

/**
 * A table of an object's members.
 * @param {any} schema
 * @returns {any}
 */
export function properties(schema) {
  if (schema.allOf) return schema.allOf.map((part) => (part.$ref ? el('p', {}, 'All of ', typeOf(part)) : properties(part)));
  if (!schema.properties) return el('p', {}, typeOf(schema));
  const required = new Set(schema.required ?? []);
  const row = ([name, member]) => [
    { content: [el('code', {}, name), required.has(name) ? null : el('div', { class: 'small soft' }, 'may be missing')] },
    { content: typeOf(member), kind: 'soft' },
    { content: inline(member.description ?? '') },
  ];
  return table('members', [{ text: 'Member' }, { text: 'Type' }, { text: 'Meaning' }], Object.entries(schema.properties).map(row));
}
