/**
 * @typedef {'text' | 'count' | 'ms' | 'us' | 'MB' | 'ratio' | 'percent'} Unit
 *
 * @typedef {object} Table
 * @property {string} title
 * @property {Readonly<Record<string, Unit>>} columns Title and unit of each column.
 * @property {readonly Readonly<Record<string, string | number | undefined>>[]} rows Full precision; empty where a figure makes no sense.
 * @property {string} [note]
 */

/** @type {Record<Unit, (value: number) => string>} */
const formats = {
  text: String,
  count: (value) => value.toLocaleString('en'),
  ms: (value) => `${significant(value)} ms`,
  us: (value) => `${significant(value)} µs`,
  MB: (value) => `${Math.round(value)} MB`,
  ratio: (value) => `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)} ×`,
  percent: (value) => `${Math.round(value * 100)} %`,
};

/**
 * A table in Markdown that is also readable as it is.
 *
 * @param {Table} table
 * @returns {string[]}
 */
export function tableLines({ title, columns, rows, note }) {
  const names = Object.keys(columns);
  const cells = rows.map((row) => names.map((name) => cell(row[name], columns[name] ?? 'text')));
  const widths = names.map((name, at) =>
    Math.max(name.length, ...cells.map((line) => line[at]?.length ?? 0)),
  );
  const aligned = (/** @type {string[]} */ line) =>
    `| ${line.map((text, at) => pad(text, widths[at] ?? 0, columns[names[at] ?? ''] === 'text')).join(' | ')} |`;
  const rule = names.map((name, at) => {
    const width = widths[at] ?? 0;
    return columns[name] === 'text' ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`;
  });
  return [
    '',
    `## ${title}`,
    '',
    aligned(names),
    `|${rule.join('|')}|`,
    ...cells.map(aligned),
    '',
    ...(note ? [note, ''] : []),
  ];
}

/**
 * @param {string | number | undefined} value
 * @param {Unit} unit
 */
function cell(value, unit) {
  if (value === undefined) return '';
  return typeof value === 'number' ? formats[unit](value) : value;
}

/**
 * @param {string} text
 * @param {number} width
 * @param {boolean} left
 */
function pad(text, width, left) {
  return left ? text.padEnd(width) : text.padStart(width);
}

/** @param {number} value */
function significant(value) {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2);
}
