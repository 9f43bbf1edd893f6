import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPwt, spec, Workbench } from './support/pwt.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Titles and ids of strangers: what would run if anything of it were evaluated. */
const EVIL = ['$(touch PWNED)', '`touch PWNED`', "a'b; touch PWNED", 'with space', 'x"y', '--flag'];

let bench: Workbench;
beforeAll(async () => {
  const program = await buildPwt();
  bench = await Workbench.create(program, {
    ...spec(20, 'one.txt'),
    ...spec(21, 'two.txt'),
    'pwt.config.json': JSON.stringify({
      plugins: ['./plugin.mjs'],
    }),
    'plugin.mjs':
      "import { writeFileSync } from 'node:fs'; writeFileSync('PLUGIN-RAN', ''); export const plugin = { name: 'p', apiVersion: 2, provides: { eventSink: () => ({ name: 'p', onEvent() {} }) } };",
  });
  const bin = join(bench.repository.parent, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'pwt'),
    `#!/bin/sh\nif [ "$1" = __complete ] && [ -e evil ]; then cat evil; else exec ${process.execPath} ${program} "$@"; fi\n`,
  );
  await chmod(join(bin, 'pwt'), 0o755);
  bench.prependPath(bin);
});
afterAll(() => bench.dispose());

function isMissing(shell: Shell): boolean {
  try {
    execFileSync(shell, ['-c', 'exit 0'], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
}

async function run(shell: Shell, script: string): Promise<string> {
  const args = shell === 'bash' ? ['--norc', '--noprofile'] : shell === 'zsh' ? ['-f'] : ['--no-config'];
  const { env, repository } = bench;
  const child = spawn(shell, [...args, '-c', script], {
    cwd: repository.path,
    env: { ...env, TERM: 'dumb' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child, 'close');
  return text;
}

/** What a shell inserts for the last word of a line, one a line, as it would stand on the command line. */
const asked: Readonly<Record<Shell, (words: readonly string[]) => string>> = {
  bash: (words) => `source <(pwt completion bash)
    COMP_WORDS=(pwt ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
    compopt() { echo "compopt $*"; }
    _pwt; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // What compadd is given is what it quotes and inserts.
  zsh: (words) => `compdef() { :; }; compadd() { print -rl -- "\${(@q)values}"; }; _files() { print files; }
    source <(pwt completion zsh)
    words=(pwt ${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length + 1}; _pwt`,
  fish: (words) => `pwt completion fish | source; complete -C 'pwt ${words.join(' ')}'`,
};

const offered = async (shell: Shell, ...words: string[]) =>
  (await run(shell, asked[shell](words))).trim().split('\n');
const valuesOf = (lines: readonly string[]) => lines.map((line) => line.split('\t')[0]);

describe.each(SHELLS)('completion in %s', (shell) => {
  // Debian's packages have each: apt-get install bash zsh fish
  it.skipIf(isMissing(shell))('offers commands, flags and their values', async () => {
    expect(valuesOf(await offered(shell, 'st'))).toEqual(expect.arrayContaining(['status', 'stop']));
    expect(valuesOf(await offered(shell, 'run', '--max-i'))).toEqual(['--max-instances']);
    expect(valuesOf(await offered(shell, 'plan', '--format', ''))).toEqual([
      'text',
      'json',
      'mermaid',
      'html',
    ]);
    expect(valuesOf(await offered(shell, 'run', '--agent', 'cl'))).toContain('claude');
    expect(valuesOf(await offered(shell, 'completion', 'z'))).toEqual(['zsh']);
  });

  it.skipIf(isMissing(shell))('offers ids of tasks that the shell quotes, and evaluates none', async () => {
    expect(valuesOf(await offered(shell, 'plan', '2'))).toEqual(['20', '21']);
  });

  it.skipIf(isMissing(shell))('quotes whatever an id is, and evaluates none', async () => {
    const file = join(bench.repository.path, 'evil');
    try {
      for (const id of EVIL) {
        await writeFile(file, `values\n${id}\t$(touch PWNED)\n`);
        const [word = ''] = valuesOf(await offered(shell, 'plan', ''));
        // fish quotes what it inserts itself, and lists values as they are.
        if (shell === 'fish') expect(word).toBe(id);
        else expect(await run(shell, `printf '%s' ${word}`)).toBe(id);
      }
    } finally {
      await rm(file);
    }
    expect(await readdir(bench.repository.path)).not.toContain('PWNED');
  });
});

describe('completion', () => {
  it('runs no code of the repository, approved or not, and writes nothing', async () => {
    await bench.pwt(['plan', '--yes']);
    const git = () =>
      execFileSync('find', ['.', '-type', 'f', '-newer', '.git/marker'], {
        cwd: bench.repository.path,
      }).toString();
    await bench.repository.git('status');
    execFileSync('rm', ['-f', 'PLUGIN-RAN'], { cwd: bench.repository.path });
    await writeFile(join(bench.repository.path, '.git/marker'), '');
    for (const words of [
      ['plan', ''],
      ['logs', ''],
      ['resume', ''],
      ['run', '--agent', ''],
    ])
      expect((await bench.pwt(['__complete', ...words])).stderr).toBe('');
    expect(git()).toBe('');
  });

  it('knows the tasks of the newest run with their status, and needs no repository for the rest', async () => {
    await bench.repository.commitAll('all');
    const ran = await bench.pwt(['run', '20', '--yes', '--retries', '0', '--min-disk', '0', '--', 'true']);
    expect(ran.stderr).toBe('');
    expect((await bench.pwt(['__complete', 'logs', ''])).stdout).toMatch(/^values\n20\t\w+: .+\n$/);
    expect((await bench.pwt(['__complete', 'logs', '2'], { cwd: '/' })).stdout).toBe('values\n');
    expect((await bench.pwt(['__complete', 'run', '--', 'x'])).stdout).toBe('files\n');
    expect((await bench.pwt(['__complete', 'demo', ''])).stdout).toBe('directories\n');
    expect((await bench.pwt(['__complete', 'stat'])).stdout).toContain('status\t');
  });

  it('is the file that the package holds', async () => {
    const { stdout } = await bench.pwt(['completion', 'bash']);
    expect(stdout).toBe(await readFile(new URL('../completion/pwt.bash', import.meta.url), 'utf8'));
    expect(await bench.pwt(['completion', 'csh'])).toMatchObject({ exitCode: 2 });
  });
});
