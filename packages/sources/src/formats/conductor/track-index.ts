/** A line of `conductor/tracks.md`. */
export interface TrackEntry {
  /** The name of the track's folder. */
  readonly folder: string;
  readonly title: string;
  readonly ticked: boolean;
  /** From 1. */
  readonly line: number;
}

/** `## [ ] Track: Name` or `- [x] **Track: Name**`; the link to its folder is there or below. */
const TRACK = /^\s*(?:#{1,6}|[-*+])\s+\[([ xX~-])\]\s+(\S.*)$/;
const LINK = /(?:tracks|archive)\/([^/\s)>\]`*"']+)/;

/** The tracks that the index of conductor lists. */
export function readTracks(text: string): readonly TrackEntry[] {
  const found: TrackEntry[] = [];
  let open: Omit<TrackEntry, 'folder'> | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, box = ' ', words = ''] = TRACK.exec(line) ?? [];
    if (words !== '') open = { title: titleOf(words), ticked: box === 'x' || box === 'X', line: index + 1 };
    const folder = LINK.exec(line)?.[1];
    if (!open || folder === undefined) continue;
    found.push({ ...open, folder });
    open = undefined;
  }
  return found;
}

/** The index with a track ticked off. */
export function tickTrack(text: string, folder: string): string {
  const entry = readTracks(text).find((one) => one.folder === folder && !one.ticked);
  if (!entry) return text;
  const lines = text.split('\n');
  const ticked = lines[entry.line - 1]?.replace(/\[[ ~-]\]/, '[x]') ?? '';
  return lines.with(entry.line - 1, ticked).join('\n');
}

function titleOf(words: string): string {
  return words
    .replaceAll('**', '')
    .replace(/^Track(?:\s+\d+)?\s*:\s*/i, '')
    .replace(/\s*\[[^\]]*\]\([^)]*\)\s*$/, '')
    .trim();
}
