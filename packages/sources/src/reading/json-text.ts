import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A value out of a JSON text. */
export interface JsonValue {
  readonly value: unknown;
  /** The line that it starts on, from 1. */
  readonly line: number;
  /** The keys and positions that lead to it. */
  readonly path: readonly (string | number)[];
}

/** A JSON text with the places of its values. Comments and trailing commas are let pass. */
export class JsonText {
  /** Why it can't be read; its values are then not to be relied on. */
  readonly problem: { readonly message: string; readonly line: number } | undefined;
  readonly #root: Node | undefined;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
    const errors: ParseError[] = [];
    // A byte order mark counts as a character, so that offsets stay those of the text.
    const source = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    this.#root = parseTree(source, errors, { allowTrailingComma: true });
    const [first] = errors;
    if (first) this.problem = { message: wordsOf(first), line: this.#lineAt(first.offset) };
    else if (!this.#root) this.problem = { message: 'it is empty', line: 1 };
  }

  /** The value at a path; `undefined` if there is none. */
  at(path: readonly (string | number)[] = []): JsonValue | undefined {
    const node = this.#find(path);
    return node && this.#valueOf(node, path);
  }

  /** The entries of a list; none if there is no list at that path. */
  list(path: readonly (string | number)[]): readonly JsonValue[] {
    const node = this.#find(path);
    if (node?.type !== 'array') return [];
    return (node.children ?? []).map((child, at) => this.#valueOf(child, [...path, at]));
  }

  #find(path: readonly (string | number)[]): Node | undefined {
    let node = this.#root;
    for (const step of path) {
      const children: readonly Node[] = node?.children ?? [];
      node =
        typeof step === 'number'
          ? children[step]
          : children.find(({ children: pair = [] }) => pair[0]?.value === step)?.children?.[1];
    }
    return node;
  }

  #valueOf(node: Node, path: readonly (string | number)[]): JsonValue {
    return { value: getNodeValue(node), line: this.#lineAt(node.offset), path };
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

/** `PropertyNameExpected` as "property name expected". */
function wordsOf({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}
