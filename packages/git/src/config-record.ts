/**
 * Key and value out of one record of `git config -z`. A key without `=` has no newline, and means true.
 */
export function splitConfigRecord(record: string): [key: string, value: string] {
  const end = record.indexOf('\n');
  return end === -1 ? [record, 'true'] : [record.slice(0, end), record.slice(end + 1)];
}

/** True if git reads this value as true (git-config(1), "Values"). */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(true|yes|on|[1-9]\d*)$/i.test(value);
}
