/** A string or template of a source file, with `…` for what is only known when it runs. */
export interface Literal {
  readonly text: string;
  /** Counts from 1. */
  readonly line: number;
}

export const HOLE = '…';

/** What may stand before a regular expression, but not before a division. */
const BEFORE_REGEXP = /(?:^|[(,=:[!&|?{};+\-*<>~^%]|\b(?:return|typeof|case|in|of|do|else))\s*$/;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** All literals of a TypeScript source, those within the holes of templates included; comments are passed over. */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = [];
  let at = 0;
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;

  const skipPast = (end: string) => {
    const next = source.indexOf(end, at);
    at = next === -1 ? source.length : next + end.length;
  };

  const quoted = (quote: string) => {
    const line = lineAt(at);
    let text = '';
    for (at += 1; at < source.length && source[at] !== quote; at += 1) {
      const char = source[at] ?? '';
      if (char === '\\') {
        at += 1;
        const escaped = source[at] ?? '';
        text += ESCAPES[escaped] ?? escaped;
      } else if (quote === '`' && source.startsWith('${', at)) {
        at += 2;
        code('}');
        text += HOLE;
      } else text += char;
    }
    found.push({ text, line });
  };

  /** Reads code up to a closing brace, which is not passed. */
  const code = (end: string | undefined) => {
    let depth = 0;
    for (; at < source.length; at += 1) {
      const char = source[at] ?? '';
      if (source.startsWith('//', at)) {
        skipPast('\n');
        at -= 1;
      } else if (source.startsWith('/*', at)) {
        skipPast('*/');
        at -= 1;
      } else if (char === '/' && BEFORE_REGEXP.test(source.slice(Math.max(0, at - 40), at))) {
        skipRegExp();
      } else if (char === "'" || char === '"' || char === '`') quoted(char);
      else if (char === '{') depth += 1;
      else if (char === '}') {
        if (depth === 0 && end !== undefined) return;
        depth -= 1;
      }
    }
  };

  const skipRegExp = () => {
    let inClass = false;
    for (at += 1; at < source.length; at += 1) {
      const char = source[at];
      if (char === '\\') at += 1;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '\n' || (char === '/' && !inClass)) return;
    }
  };

  code(undefined);
  return found.sort((a, b) => a.line - b.line);
}
