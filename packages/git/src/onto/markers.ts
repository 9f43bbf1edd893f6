/** The lines of a text and how often each is there; a carriage return at the end is no part of one. */
type Lines = ReadonlyMap<string, number>;

/** A line that a merge may have put around a conflict: a character at least three times, then nothing or a label. */
const MAY_MARK = /^(<{3,}|>{3,}|={3,}|\|{3,})( |$)/;

/** What everybody takes for the begin, the end or the base of a conflict. */
const USUAL = /^(<{7}|>{7}|\|{7})( |$)/;

/** The begin or the end of a conflict, with the name of a side. */
const NAMED = /^[<>]+ ./;

export interface MarkedText {
  /** The file as it is now. */
  readonly now: Buffer;
  /** The file as the merge has left it, with markers if it has put any. */
  readonly merged: Buffer;
  /** The versions that were merged, as far as there are any. */
  readonly versions: readonly Buffer[];
}

/**
 * True if a file still has markers of its conflict: lines that the merge has added to what the versions have, or others that
 * look like them. What a version had itself is content, such as the underline of a heading.
 */
export function hasMarkers({ now, merged, versions }: MarkedText): boolean {
  const known = versions.map(linesOf);
  const allowed = (line: string) => known.reduce((sum, lines) => sum + (lines.get(line) ?? 0), 0);
  const added = addedMarkers(linesOf(merged), allowed);
  for (const [line, count] of linesOf(now)) {
    if ((added.has(line) || USUAL.test(line)) && count > allowed(line)) return true;
  }
  return false;
}

/** True if a merge has put markers into a file. */
export function isMarked({ merged, versions }: Omit<MarkedText, 'now'>): boolean {
  return hasMarkers({ now: merged, merged, versions });
}

/** The lines with a name in them that a merge has put around conflicts: nobody else writes them. */
export function namedMarkers({ merged, versions }: Omit<MarkedText, 'now'>): ReadonlySet<string> {
  const known = versions.map(linesOf);
  const added = addedMarkers(linesOf(merged), (line) =>
    known.reduce((sum, lines) => sum + (lines.get(line) ?? 0), 0),
  );
  return new Set([...added].filter((line) => NAMED.test(line)));
}

/** True if a file has one of these markers. */
export function hasOneOf(now: Buffer, markers: ReadonlySet<string>): boolean {
  return [...linesOf(now).keys()].some((line) => markers.has(line));
}

/** A merge makes lines of its own only to mark conflicts. */
function addedMarkers(merged: Lines, allowed: (line: string) => number): ReadonlySet<string> {
  const found = [...merged].filter(([line, count]) => MAY_MARK.test(line) && count > allowed(line));
  return new Set(found.map(([line]) => line));
}

function linesOf(text: Buffer): Lines {
  const lines = new Map<string, number>();
  for (const line of text.toString('latin1').split('\n')) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (MAY_MARK.test(bare)) lines.set(bare, (lines.get(bare) ?? 0) + 1);
  }
  return lines;
}
