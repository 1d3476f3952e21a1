// A text with the stretches that something was read from.

import { el } from '../dom.mjs';

/**
 * The text in pieces, those inside any span as `mark`; overlapping spans become one stretch for each combination.
 * @param {string} text
 * @param {{start: number, end: number, title: string}[]} spans offsets count code points, half-open
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, spans) {
  const characters = Array.from(text);
  const cuts = [...new Set([0, characters.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, n) => {
    const end = cuts[n + 1] ?? characters.length;
    const words = characters.slice(start, end).join('');
    const titles = [...new Set(spans.filter((span) => span.start <= start && end <= span.end).map((span) => span.title))];
    return titles.length ? el('mark', { title: titles.join(', ') }, words) : words;
  });
}
