/** The keys under which a task names the labels of the machine that it needs. */
export const RUNS_ON: readonly string[] = ['runs-on', 'runs_on', 'runsOn'];

/** The labels that a machine must have, or what is wrong with them. */
export type MachineLabels =
  | { readonly labels: Readonly<Record<string, string>> | undefined }
  | { readonly problem: string };

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/+-]{0,62}$/;
const MOST = 10;

/**
 * Labels as people write them: a map `{gpu: 1, os: linux}`, a list `[gpu=1, os=linux]`, or a text `gpu=1, os=linux`. `labels` is
 * `undefined` where nothing is asked for. Pure.
 */
export function readMachineLabels(value: unknown): MachineLabels {
  if (value === null || value === undefined || value === '') return { labels: undefined };
  const pairs = pairsOf(value);
  if (typeof pairs === 'string') return { problem: pairs };
  if (pairs.length > MOST) return { problem: `it has more than ${MOST} labels` };
  for (const [name, text] of pairs) {
    const wrong = [name, text].find((part) => !LABEL.test(part));
    if (wrong !== undefined)
      return { problem: `${shown(wrong)} is no label: letters, digits and ._/+-, at most 63` };
  }
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { problem: `the label ${twice} is there twice` };
  return { labels: pairs.length === 0 ? undefined : Object.fromEntries(pairs) };
}

type Pair = readonly [name: string, value: string];

function pairsOf(value: unknown): readonly Pair[] | string {
  if (typeof value === 'string') return allOf(value.split(','));
  if (Array.isArray(value)) return allOf(value);
  if (typeof value !== 'object' || value === null) return `${shown(value)} is no label: write name=value`;
  const pairs: Pair[] = [];
  for (const [name, one] of Object.entries(value)) {
    const text = textOf(one);
    if (text === undefined) return `the label ${shown(name)} has no plain value`;
    pairs.push([name.trim(), text]);
  }
  return pairs;
}

function allOf(entries: readonly unknown[]): readonly Pair[] | string {
  const pairs: Pair[] = [];
  for (const entry of entries) {
    const [, name, value] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(typeof entry === 'string' ? entry : '') ?? [];
    if (name === undefined || value === undefined) return `${shown(entry)} is no label: write name=value`;
    pairs.push([name, value]);
  }
  return pairs;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
