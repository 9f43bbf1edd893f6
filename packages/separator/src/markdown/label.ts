/** Longer than any label; keeps the search for the colon short on lines of a megabyte. */
const LONGEST_LABEL = 60;
const BOLD = /^(?:\*\*|__)([^*_`:：]{1,60}?)\s*([:：]?)\s*(?:\*\*|__)(?:\s*\([^()]{0,40}\))?\s*([:：]?)\s*/;
/** After the wide colon of Chinese and Japanese no blank is written. */
const PLAIN = /^([\p{L}][\p{L}\p{N} /()-]{0,59}?)\s*(?::(?=\s|$)|：)\s*/u;

/** Splits `**File**: x`, `**File:** x`, `File: x` and `文件：x` into label and value; `undefined` for any other line. */
export function splitLabel(body: string): { readonly label: string; readonly value: string } | undefined {
  const start = body.slice(0, LONGEST_LABEL * 2);
  if (!start.includes(':') && !start.includes('：')) return undefined;
  const match = BOLD.exec(start);
  if (match?.[1] && (match[2] || match[3])) {
    return { label: match[1].trim(), value: body.slice(match[0].length).trim() };
  }
  const plain = PLAIN.exec(start);
  if (plain?.[1]) return { label: plain[1].trim(), value: body.slice(plain[0].length).trim() };
  return undefined;
}
