/** A line of a JSONL text. */
export interface JsonLine {
  /** `undefined` if it is no JSON. */
  readonly value: unknown;
  readonly line: number;
}

/** The lines of a text of which each is a JSON value; empty ones are left out. */
export function readJsonLines(text: string): readonly JsonLine[] {
  return text.split('\n').flatMap((source, at) => {
    const trimmed = source.replace(/^\uFEFF/, '').trim();
    return trimmed === '' ? [] : [{ value: parse(trimmed), line: at + 1 }];
  });
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
