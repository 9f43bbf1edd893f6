import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/**
 * A JSON text in which an object has a value for a key: in place of the one that is there, or as a last key, written like the
 * keys before it. All else stays; the same text if there is no such object.
 *
 * @param path the keys and positions that lead to the object
 */
export function withJsonValue(
  text: string,
  path: readonly (string | number)[],
  key: string,
  value: string | boolean,
): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const object = root && findNodeAtLocation(root, [...path]);
  if (object?.type !== 'object') return text;
  const known = object.children?.find(({ children = [] }) => children[0]?.value === key)?.children?.[1];
  const written = JSON.stringify(value);
  if (known) return text.slice(0, known.offset) + written + text.slice(known.offset + known.length);
  const last = object.children?.at(-1);
  const end = last ? endOf(last) : object.offset + 1;
  return text.slice(0, end) + likeLast(text, object, last, `"${key}"`, written) + text.slice(end);
}

/** The same for a line of a JSONL text, from 1. */
export function withJsonLineValue(text: string, line: number, key: string, value: string | boolean): string {
  const lines = text.split('\n');
  const changed = lines[line - 1];
  return changed === undefined
    ? text
    : lines.with(line - 1, withJsonValue(changed, [], key, value)).join('\n');
}

function likeLast(text: string, object: Node, last: Node | undefined, key: string, value: string): string {
  const [name, content] = last?.children ?? [];
  if (!last || !name || !content) return `${key}: ${value}`;
  const before = object.children?.at(-2);
  const start = before ? endOf(before) : object.offset + 1;
  const space = text.slice(start, last.offset).replace(/^[^\n\S]*,/, '');
  const colon = text.slice(endOf(name), content.offset);
  return `,${/^\s*$/.test(space) ? space : ' '}${key}${/^\s*:\s*$/.test(colon) ? colon : ': '}${value}`;
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
