import { readLines, type Vocabulary } from '@pwt/separator';

/** What a text says under "Depends on" and its like, line by line; lines that are ticked off are not awaited any more. */
export function dependencyTexts(text: string, { dependencies, notAwaited }: Vocabulary): readonly string[] {
  const plain = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}]+/gu, ' ')
      .trim();
  const isAbout = (title: string | undefined) => title !== undefined && dependencies.includes(plain(title));
  const found: string[] = [];
  for (const { kind, heading, label, value, under, body, fence, checked } of readLines(text)) {
    if (kind === 'blank' || kind === 'heading' || fence || checked) continue;
    if (isAbout(label)) found.push(value ?? '');
    else if (isAbout(heading?.title) || isAbout(under)) {
      const isOther = label !== undefined && notAwaited.some((word) => plain(label).startsWith(word));
      if (!isOther) found.push(body);
    }
  }
  return found.filter((line) => line !== '').map((line) => line.slice(0, 2_000));
}
