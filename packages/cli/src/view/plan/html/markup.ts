/** Markup: text in which everything that came from outside is escaped. Made by {@link html} only. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | readonly Markup[] | undefined;

/**
 * Makes markup of a template. Values are escaped, for text and for attributes in double quotes alike, unless they
 * are markup themselves. `undefined` is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, at) => `${part}${textOf(values[at])}`).join('') };
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  if (typeof value === 'string') return escapeText(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Characters that HTML does not allow, and those that turn the direction of what follows. */
const UNWANTED = /(?![\t\n\r])[\p{Cc}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069]/gu;

function escapeText(text: string): string {
  return text.replace(UNWANTED, '\ufffd').replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
