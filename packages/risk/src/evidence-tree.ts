import { FileTree } from '@pwt/scope';

/** A stem that more files than this have is no evidence for any of them: `index`, `__init__`. */
const MOST_NAMESAKES = 2;
/** Shorter stems are everyday words more often than names of files. */
const SHORTEST_STEM = 6;

/** The tracked paths, with an index for many look-ups. Build one per tree, not one per task. */
export class EvidenceTree extends FileTree {
  readonly #byStem = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    super(FileTree.from(paths).paths);
    for (const path of this.paths) {
      const stem = stemOf(path);
      if (stem.length < SHORTEST_STEM) continue;
      const namesakes = this.#byStem.get(stem);
      if (namesakes) namesakes.push(path);
      else this.#byStem.set(stem, [path]);
    }
  }

  /** The files whose stem is this lower-case word; none if the word is too short or too many files have it. */
  namedBy(word: string): readonly string[] {
    const files = this.#byStem.get(word) ?? [];
    return files.length > MOST_NAMESAKES ? [] : files;
  }
}

/** The name of a file without its extensions, in lower case: `inlinecard` for `src/InlineCard.test.tsx`. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/^\.+/, '');
  const dot = name.indexOf('.');
  return (dot < 0 ? name : name.slice(0, dot)).toLowerCase();
}
