import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gitFeatureSince, minimumGitVersion, recommendedGitVersion } from '@pwt/git';
import { describe, expect, it } from 'vitest';
// @boundaries-ignore what is bundled for is compared with what is needed
import { bundling } from '../../packages/cli/bundling.mjs';
import { requirements, versionsNamed } from './requirements.mjs';
import { filesBelow, ROOT, readJson, workspacePackages } from './workspace.mjs';

const { node, npm, pnpm } = requirements();
const root = readJson(join(ROOT, 'package.json'));

/** Each version that a document for users names, as a requirement or a recommendation. */
const known = {
  node: [node, node.split('.')[0], '22', '24'],
  npm: [npm, '11', '12'],
  pnpm: [pnpm],
  git: [minimumGitVersion, recommendedGitVersion, ...Object.values(gitFeatureSince)],
};

const documents = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']
  .map((name) => join(ROOT, name))
  .concat(
    ['docs', 'packages', 'plugins', 'examples', 'bench'].flatMap((folder) =>
      filesBelow(join(ROOT, folder), (name) => name.endsWith('.md')),
    ),
  )
  .filter((path) => !/\/(adr|bundle|test|demo)\/|api\.md$|benchmarks\.md$/.test(path))
  .map((path) => ({ name: relative(ROOT, path), text: readFileSync(path, 'utf8') }));

describe('what a machine needs', () => {
  it('is the same in every manifest', () => {
    const engines = workspacePackages()
      .filter(({ manifest }) => manifest.private !== true)
      .map(({ folder, manifest }) => [folder, manifest.engines?.node]);
    expect(engines.filter(([, needed]) => needed !== root.engines.node)).toEqual([]);
    expect(bundling.target).toBe(`node${node}`);
  });

  it('is said in the README, with what is recommended', () => {
    const readme = documents.find(({ name }) => name === 'README.md')?.text;
    expect(readme).toContain(
      `You need Node ${node} or newer (22 or 24 recommended), npm ${npm} or newer (it comes with Node) and git ${gitFeatureSince.mergeTreeWriteTree} or newer (${recommendedGitVersion} recommended)`,
    );
  });

  it('is the same in every document', () => {
    const others = documents.flatMap(({ name, text }) =>
      versionsNamed(text)
        .filter(({ tool, version }) => !known[tool].includes(version))
        .map(({ tool, version, line }) => `${name}:${line}: ${tool} ${version}`),
    );
    expect(others).toEqual([]);
  });
});

describe('versionsNamed', () => {
  it('finds versions however they are written', () => {
    const text = 'Node ≥ 20.19, git 2.38+ and\nnpm 10 or newer; npx pnpm@1.2.3 install, Git 2.41 (old git)';
    expect(versionsNamed(text).map(({ tool, version, line }) => `${line} ${tool} ${version}`)).toEqual([
      '1 node 20.19',
      '1 git 2.38',
      '2 npm 10',
      '2 pnpm 1.2.3',
      '2 git 2.41',
    ]);
  });
});

describe('versions', () => {
  it('are one: that of the root, of every package, and in the README', () => {
    const versions = workspacePackages()
      .filter(({ manifest }) => manifest.private !== true)
      .map(({ folder, manifest }) => [folder, manifest.version]);
    expect(versions.filter(([, version]) => version !== root.version)).toEqual([]);
    expect(documents[0]?.text).toContain(`pwt-${root.version}.tgz`);
  });
});

it('no document asks a registry for what is only here', () => {
  const asked = documents.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) =>
        /^\s*(npm (i|install|add)|npx|pnpm add|yarn add)\b.*(\s|=)(@pwt\/|pwt(\s|$))/.test(line),
      )
      .map((line) => `${name}: ${line}`),
  );
  expect(asked).toEqual([]);
});
