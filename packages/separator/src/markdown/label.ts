/** Longer than any label; keeps the search for the colon short on lines of a megabyte. */
const LONGEST_LABEL = 60;
/** `**File**:`, `*File:*`, `_**File**_ (new):`; what opens an emphasis closes it, in whatever order. */
const SET_OFF =
  /^([*_]{1,5})((?:[^*_`:：]|(?<=[\p{L}\p{N}])_(?=[\p{L}\p{N}])){1,60}?)\s*(?:[:：]\s*([*_]{1,5})(?:\s*\([^()]{0,40}\))?\s*[:：]?|([*_]{1,5})(?:\s*\([^()]{0,40}\))?\s*[:：])\s*/u;
/** After the wide colon of Chinese and Japanese no blank is written. */
const PLAIN = /^([\p{L}][\p{L}\p{N} /()-]{0,59}?)\s*(?::(?=\s|$)|：)\s*/u;

/** Splits `**File**: x`, `_File:_ x`, `File: x` and `文件：x` into label and value; `undefined` for any other line. */
export function splitLabel(body: string): { readonly label: string; readonly value: string } | undefined {
  const start = body.slice(0, LONGEST_LABEL * 2);
  if (!start.includes(':') && !start.includes('：')) return undefined;
  const match = SET_OFF.exec(start);
  if (match?.[2] && match[1]?.length === (match[3] ?? match[4])?.length) {
    return { label: match[2].trim(), value: body.slice(match[0].length).trim() };
  }
  const plain = PLAIN.exec(start);
  if (plain?.[1]) return { label: plain[1].trim(), value: body.slice(plain[0].length).trim() };
  return undefined;
}

const OPENING = /^[*_]{1,3}(?=\p{L})/u;
const CLOSING = /(?<=\S)[*_]+(?=[\s,;)]|$)/;

/** `_Files: a.ts, b.ts_` without the emphasis around all of it; any other line as it is. */
export function unwrapLabelled(body: string): string {
  const open = OPENING.exec(body)?.[0];
  if (open === undefined) return body;
  const text = /[.,;]$/.test(body) ? body.slice(0, -1) : body;
  const close = [...open].reverse().join('');
  const inner = text.slice(open.length, -open.length);
  if (!text.endsWith(close) || inner.endsWith(close[0] as string)) return body;
  return PLAIN.test(inner.slice(0, LONGEST_LABEL * 2)) && !CLOSING.test(inner) ? inner : body;
}
