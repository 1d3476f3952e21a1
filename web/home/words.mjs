// Data in words.

const NUMBER = new Intl.NumberFormat('en');
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const COUNTRY = new Intl.DisplayNames('en', { type: 'region' });
const MONTH = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** @param {number} n @returns {string} */
export const number = (n) => NUMBER.format(n);

/**
 * "at least 12", "up to 30", "12", "10–14"; a dash where nothing is known.
 * @param {{low: number | null, best: number | null, high: number | null} | null} count
 * @returns {string}
 */
export function count(count) {
  if (!count) return '–';
  const { low, best, high } = count;
  if (low !== null && low === high) return number(low);
  if (low !== null && high !== null) return `${number(low)}–${number(high)}`;
  if (low !== null) return `at least ${number(low)}`;
  if (high !== null) return `up to ${number(high)}`;
  return best === null ? '–' : `about ${number(best)}`;
}

/**
 * A date as precisely as it is known.
 * @param {{start: string, end: string, precision: string} | null} date
 * @returns {string}
 */
export function date(date) {
  if (!date) return 'date unknown';
  const start = new Date(`${date.start}T00:00:00Z`);
  if (date.start === date.end) return DAY.format(start);
  if (date.precision === 'month') return MONTH.format(start);
  if (date.precision === 'year') return date.start.slice(0, 4);
  return DAY.formatRange(start, new Date(`${date.end}T00:00:00Z`));
}

/**
 * Town, province, country, without repeating a name.
 * @param {{name: string, admin1?: string | null, country?: string | null} | null} place
 * @returns {string}
 */
export function place(place) {
  if (!place) return 'place unknown';
  return [place.name, place.admin1, place.country && COUNTRY.of(place.country)].filter((part, n, all) => part && all.indexOf(part) === n).join(', ');
}

/**
 * Names of those in any of the roles, each once.
 * @param {{name: string | null, role: string, mentions?: string[]}[]} participants @param {string[]} roles
 * @returns {string}
 */
export function names(participants, roles) {
  const found = participants.filter((p) => roles.includes(p.role)).map((p) => p.name ?? p.mentions?.[0] ?? '');
  return [...new Set(found)].filter(Boolean).join('; ');
}
