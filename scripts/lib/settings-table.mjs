/**
 * @typedef {object} DocumentedSetting
 * @property {string} flag
 * @property {string} description
 */

const MARKED = /(<!-- settings: .*? -->\n).*?(<!-- \/settings -->)/s;

/**
 * Puts a row for every setting between the two marks of a document in Markdown.
 *
 * @template {DocumentedSetting} S
 * @param {string} document
 * @param {Readonly<Record<string, S>>} settings
 * @param {(setting: S, code: (value: string) => string) => string} defaultText
 * @returns {string}
 */
export function withSettingsTable(document, settings, defaultText) {
  if (!MARKED.test(document)) throw new Error('the marks of the table of settings are missing');
  const rows = Object.entries(settings).map(([key, setting]) =>
    rowOf([code(key), code(setting.flag), defaultText(setting, code), setting.description]),
  );
  const table = [rowOf(['key', 'flag', 'default', '']), '|---|---|---|---|', ...rows].join('\n');
  return document.replace(MARKED, (_, start, end) => `${start}\n${table}\n\n${end}`);
}

/** @param {readonly string[]} cells */
function rowOf(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replace('|  |', '| |');
}

/** @param {string} value */
function code(value) {
  return `\`${value}\``;
}
