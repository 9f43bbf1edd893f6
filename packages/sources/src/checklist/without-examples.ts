/** Empty lines in place of code fences and HTML comments, which show tasks and are none. */
export function withoutExamples(lines: readonly string[]): readonly string[] {
  let end: RegExp | undefined;
  return lines.map((line) => {
    if (end) {
      if (end.test(line)) end = undefined;
      return '';
    }
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) end = new RegExp(`^ {0,3}${fence}[\`~]*\\s*$`);
    else if (/^ {0,3}<!--/.test(line) && !line.includes('-->')) end = /-->/;
    else return line;
    return '';
  });
}
