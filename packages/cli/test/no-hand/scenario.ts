import type { ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runArguments, spec, Workbench } from '../support/pwt.js';
import { type Followed, follow, type Line } from '../support/remains.js';

const AGENT = fileURLToPath(new URL('agent.mjs', import.meta.url));

/** Names what is wrong with the work: only who reads that can put it right. */
const GATE = `#!/bin/sh
red=0
for file in work/*.txt; do
  if grep -q draft "$file"; then echo "$file: expected blue-$(basename "$file" .txt)"; red=1; fi
done
exit $red
`;

/** What the tasks do, by id; see the head of the agent. */
export type Work = Readonly<Record<string, string>>;

/** An event of the run, as far as the scenario looks at it. */
export interface Event extends Line {
  readonly ending?: { readonly failure?: { readonly kind?: string } };
  readonly uncounted?: true;
}

export async function makeBench(program: string, work: Work): Promise<Workbench> {
  const entries = Object.entries(work);
  const clashing = entries.flatMap(([, line]) => /^@clash (\S+)/m.exec(line)?.[1] ?? []);
  return Workbench.create(program, {
    'gate.sh': GATE,
    'work/README.md': 'What the tasks have written.\n',
    ...Object.fromEntries(clashing.map((file) => [file, 'nobody\n'])),
    ...Object.assign({}, ...entries.map(([id, line]) => spec(id, `work/${id}.txt`, line))),
  });
}

/** The one command that starts the work. */
export function runCommand(bench: Workbench, more: readonly string[] = []): readonly string[] {
  const options = [
    '--json',
    '--yes',
    '--gate',
    'sh gate.sh',
    '--agent-pause',
    '200ms',
    '--max-instances',
    '6',
  ];
  const agent = [process.execPath, AGENT, bench.repository.parent];
  return [...runArguments([...options, '--retries', '1', ...more]), '--', ...agent];
}

/** Runs a command to its end, or until pwt is killed there. The quota comes back when pwt has said that it is gone. */
export function drive(
  bench: Workbench,
  args: readonly string[],
  isEnd: (events: readonly Event[]) => boolean = () => false,
): Promise<Followed> {
  const events: Event[] = [];
  return follow(bench, args, async (line, _count, child: ChildProcess) => {
    events.push(line);
    if (line.type === 'agent-paused') await rm(join(bench.repository.parent, 'no-quota'), { force: true });
    if (isEnd(events)) child.kill('SIGKILL');
  });
}

/** Lets the long tasks go on, as they can after a reboot. */
export async function letGoOn(bench: Workbench): Promise<void> {
  await writeFile(join(bench.repository.parent, 'booted'), '');
}

/** How often an attempt has ended so and was followed by another one. */
export function continued(events: readonly Event[], kind: string): number {
  const ended = events.filter(({ type }) => type === 'task-continued');
  return ended.filter(({ ending }) => ending?.failure?.kind === kind).length;
}
