/** The end of a text: so many lines, without the line break of the last one. */
export function lastLines(text: string, amount: number): string {
  if (amount === Number.POSITIVE_INFINITY) return text;
  return text.trimEnd().split('\n').slice(-amount).join('\n');
}

/** The same of bytes: they are only looked at for their line breaks. */
export function lastLinesOf(bytes: Buffer, amount: number): Buffer {
  if (amount === Number.POSITIVE_INFINITY) return bytes;
  return Buffer.from(`${lastLines(bytes.toString('latin1'), amount)}\n`, 'latin1');
}
