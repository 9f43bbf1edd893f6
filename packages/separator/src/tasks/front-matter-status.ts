/** A line of front matter that says whether its task is finished. */
export interface StatusFact {
  readonly key: string;
  /** As written, without quotes and comment. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** True for a key that only says yes: `done: true`, `completed: 2026-01-02`. */
  readonly isFlag: boolean;
}

const FACT = /^(status|state|done|completed|finished)[ \t]*:[ \t]*(.*?)[ \t]*\r?$/i;
const TRUE = /^(?:true|yes|\d{4}-\d\d-\d\d.*)$/i;
const LONGEST_LINE = 400;

/** The line of front matter that tells the status of a task; a status counts before `done: true`. */
export function statusFact(lines: readonly string[]): StatusFact | undefined {
  const facts = lines.flatMap((line, at) => {
    const [, key = '', value = ''] = FACT.exec(line.slice(0, LONGEST_LINE)) ?? [];
    const text = unquoted(value);
    return text === '' ? [] : [{ key, text, line: at + 1, isFlag: !/^stat/i.test(key) }];
  });
  return facts.find(({ isFlag }) => !isFlag) ?? facts.find(({ text }) => TRUE.test(text));
}

function unquoted(value: string): string {
  const [, , quoted] = /^(["'])(.*?)\1/.exec(value) ?? [];
  return (quoted ?? value.replace(/(?:^|\s)#.*$/, '')).trim();
}
