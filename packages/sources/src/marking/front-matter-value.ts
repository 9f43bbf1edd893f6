const FRONT_MATTER = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?)^(?:---|\.\.\.)[ \t]*\r?$/m;

/**
 * A text with a value in its YAML front matter: in place of the one that is there, with its comment, or as a last line of the
 * front matter. All else stays; a text without front matter gets some.
 *
 * @param key a plain word
 * @param value as YAML writes it
 */
export function withFrontMatterValue(text: string, key: string, value: string): string {
  const end = /\r\n/.test(text) ? '\r\n' : '\n';
  const [all, open = '', body = ''] = FRONT_MATTER.exec(text) ?? [];
  if (all === undefined || !text.startsWith(open)) return `---${end}${key}: ${value}${end}---${end}${text}`;
  const line = new RegExp(
    `^${key}:[ \\t]*(?:"[^"\\n]*"|'[^'\\n]*'|[^#\\r\\n]*?)([ \\t]*(?:[ \\t]#[^\\r\\n]*)?)(\\r?)$`,
    'm',
  );
  const changed = line.test(body)
    ? body.replace(line, (_, comment: string, cr: string) => `${key}: ${value}${comment}${cr}`)
    : `${body}${key}: ${value}${end}`;
  return open + changed + text.slice(open.length + body.length);
}
