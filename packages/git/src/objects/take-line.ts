/** Takes one line: an answer of a {@link Session} whose command prints a line for each question. */
export function takeLine(printed: Buffer): { readonly answer: string; readonly length: number } | null {
  const end = printed.indexOf('\n');
  return end === -1 ? null : { answer: printed.toString('utf8', 0, end), length: end + 1 };
}
