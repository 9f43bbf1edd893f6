import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changedFilesOfEach, type Git } from '@pwt/git';
import type { History, Node } from './history.js';
import { type ModelFile, type Tree, textOf } from './tree.js';

/** Writes many histories in one process, and says the commit of each of their nodes. */
export async function importHistories(
  git: Git,
  histories: readonly History[],
  folder: string,
): Promise<ReadonlyMap<Node, string>> {
  const nodes = histories.flatMap((history) => history.nodes);
  const marks = new Map(nodes.map((node, index) => [node, index + 1]));
  const file = join(folder, 'marks');
  const input = nodes.map((node) => commitCommand(node, marks)).join('');
  await git.run(['fast-import', '--quiet', '--force', `--export-marks=${file}`], { input });
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const ids = new Map(
    lines.map((line) => [Number(line.slice(1, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]),
  );
  return new Map(nodes.map((node) => [node, ids.get(marks.get(node) ?? 0) ?? '']));
}

function commitCommand(node: Node, marks: ReadonlyMap<Node, number>): string {
  const mark = (one: Node) => `:${marks.get(one)}`;
  const [first, ...others] = node.parents;
  return [
    ...(first === undefined ? ['reset refs/histories/last\n\n'] : []),
    `commit refs/histories/last\nmark ${mark(node)}\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 0\n`,
    ...(first === undefined ? [] : [`from ${mark(first)}\n`]),
    ...others.map((other) => `merge ${mark(other)}\n`),
    'deleteall\n',
    ...[...node.tree].map(([path, entry]) => {
      const text = textOf(entry);
      return `M ${entry.mode} inline ${path}\ndata ${text.length}\n${text}\n`;
    }),
    '\n',
  ].join('');
}

/** Reads the whole trees of commits, in two processes for all of them. */
export async function readTrees(git: Git, commits: readonly string[]): Promise<Tree[]> {
  const nothing = await git.text(['mktree'], { input: '' });
  const empty = await git.text(['commit-tree', nothing, '-m', 'empty']);
  const pairs = commits.map((to) => ({ from: empty, to }));
  const trees = await changedFilesOfEach(git, pairs, { renames: false });
  const texts = await readTexts(git, [...new Set(trees.flat().map(({ newId }) => newId))]);
  return trees.map(
    (files) =>
      new Map(
        files.map(({ path, newMode, newId }): [string, ModelFile] => [
          path,
          { mode: newMode as ModelFile['mode'], lines: texts.get(newId) ?? [] },
        ]),
      ),
  );
}

async function readTexts(git: Git, ids: readonly string[]): Promise<ReadonlyMap<string, string[]>> {
  const { stdout } = await git.runBytes(['cat-file', '--batch'], {
    input: ids.map((id) => `${id}\n`).join(''),
  });
  const found = new Map<string, string[]>();
  for (let at = 0; at < stdout.length; ) {
    const head = stdout.indexOf('\n', at);
    const [id = '', , size = '0'] = stdout.toString('latin1', at, head).split(' ');
    const end = head + 1 + Number(size);
    found.set(
      id,
      stdout
        .toString('utf8', head + 1, end)
        .split('\n')
        .slice(0, -1),
    );
    at = end + 1;
  }
  return found;
}

/** The parents of commits, in one process for all of them. */
export async function readParents(
  git: Git,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const args = ['rev-list', '--no-walk=unsorted', '--parents', '--stdin'];
  const lines = await git.lines(args, { input: commits.map((id) => `${id}\n`).join('') });
  return new Map(lines.map((line) => line.split(' ')).map(([id = '', ...parents]) => [id, parents]));
}
