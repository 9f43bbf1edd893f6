/** A piece of a line that may be a path, and how it was set off from the text around it. */
export interface Span {
  readonly text: string;
  readonly kind: 'code' | 'link' | 'quoted' | 'bare';
  /** Where it starts in the line. */
  readonly at: number;
}

/**
 * The pieces of a line that may name a path: code spans, link targets, quoted names, and the words between.
 * One pass; linear in the length of the line whatever it holds.
 */
export function spansOf(line: string): readonly Span[] {
  const code = codeSpans(line);
  const spans: Span[] = [...code.spans];
  spans.push(...linkTargets(code.rest), ...quotedNames(code.rest), ...bareWords(code.rest));
  return spans.sort((a, b) => a.at - b.at);
}

/** Code spans as CommonMark has them: a run of backticks closes with the next run of equal length. */
function codeSpans(line: string): { readonly spans: readonly Span[]; readonly rest: string } {
  const runs = [...line.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
  const closing = new Array<number>(runs.length);
  const latest = new Map<number, number>();
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const { length } = runs[index] as { length: number };
    closing[index] = latest.get(length) ?? -1;
    latest.set(length, index);
  }
  const spans: Span[] = [];
  const rest: string[] = [];
  let from = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const end = runs[closing[index] as number];
    const start = runs[index] as { at: number; length: number };
    if (!end) continue;
    const at = start.at + start.length;
    spans.push({ text: line.slice(at, end.at).trim(), kind: 'code', at });
    rest.push(line.slice(from, start.at), ' '.repeat(end.at + end.length - start.at));
    from = end.at + end.length;
    index = closing[index] as number;
  }
  rest.push(line.slice(from));
  return { spans, rest: rest.join('') };
}

function* linkTargets(line: string): Iterable<Span> {
  for (const match of line.matchAll(/\]\(\s*<?([^\s()<>]{1,500})/g)) {
    const at = match.index + match[0].length - (match[1] as string).length;
    yield { text: decode(match[1] as string), kind: 'link', at };
  }
}

function* quotedNames(line: string): Iterable<Span> {
  for (const match of line.matchAll(/["“]([^"“”]{1,300})["”]/g)) {
    yield { text: (match[1] as string).trim(), kind: 'quoted', at: match.index + 1 };
  }
}

function* bareWords(line: string): Iterable<Span> {
  for (const match of line.matchAll(/[^\s,;|"“”<>]+/g)) {
    if (match[0].length > 500) continue;
    const text = unwrap(match[0]);
    if (text !== '') yield { text, kind: 'bare', at: match.index };
  }
}

/** Takes emphasis, brackets and the punctuation of the sentence off a word; leaves the stars of a glob. */
function unwrap(word: string): string {
  let text = word;
  for (const mark of ['**', '__', '*', '_']) {
    if (text.length > 2 * mark.length && text.startsWith(mark) && text.endsWith(mark)) {
      text = text.slice(mark.length, -mark.length);
    }
  }
  let start = 0;
  let end = text.length;
  while (start < end && "([{'~".includes(text[start] as string)) start += 1;
  while (end > start && ")]}'~.:!".includes(text[end - 1] as string)) end -= 1;
  return text.slice(start, end);
}

function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target; // a stray percent sign: the target stands as it is written
  }
}
