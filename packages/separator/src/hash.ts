/**
 * A 64-bit hash of a text, as 16 lower-case hex digits: equal texts give equal hashes in Node and in a browser.
 *
 * It detects edits (two lanes of FNV-1a over UTF-16 code units, mixed at the end); it does not resist
 * deliberate collisions. O(n), no allocation.
 */
export function hashText(text: string): string {
  let low = 0x811c9dc5;
  let high = 0xc9dc5811;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return hex(mix(low ^ (high >>> 13))) + hex(mix(high ^ (low >>> 16)));
}

function mix(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  const twice = Math.imul(once ^ (once >>> 15), 0x846ca68b);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
