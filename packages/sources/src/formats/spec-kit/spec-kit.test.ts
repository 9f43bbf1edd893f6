import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFormat } from '../../formats.js';
import { claimsIn } from './paths.js';

/** A feature as spec-kit's templates lay it out, with a finished task and every kind of mark. */
const photos = `# Tasks: Photo albums

**Input**: Design documents from \`/specs/001-photos/\`

## Format: \`[ID] [P?] [Story] Description\`

- **[P]**: Can run in parallel

## Phase 1: Setup

- [x] T001 Create project structure in src/
- [ ] T002 Initialize project with dependencies in package.json
- [ ] T003 [P] Configure linting in .eslintrc.json

## Phase 2: Foundational

- [ ] T004 Create database schema in src/db/schema.sql
- [ ] T005 [P] Add error types in \`src/errors.ts\`

**Checkpoint**: Foundation ready

## Phase 3: User Story 1 - Albums (Priority: P1)

- [ ] T006 [P] [US1] Contract test in tests/contract/test_albums.ts
- [ ] T007 [P] [US1] Create Album model in src/models/album.ts
  with its migration in src/db/002.sql
- [ ] T008 [US1] Implement AlbumService in src/services/album.ts (depends on Node.js 22 and v1.2.3)

## Phase 4: User Story 2 - Sharing (Priority: P2)

- [ ] T009 [US2] Implement sharing in src/services/share.ts

## Phase 5: Polish

- [ ] T010 [P] Update docs/guide.md
`;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pwt-spec-kit-'));
  await feature('001-photos', photos);
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function feature(name: string, text: string | Uint8Array): Promise<void> {
  await mkdir(join(root, 'specs', name), { recursive: true });
  await writeFile(join(root, 'specs', name, 'tasks.md'), text);
}

describe('spec-kit', () => {
  it('reads who waits for whom from phases, stories and [P]', async () => {
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(Object.fromEntries(tasks.map((task) => [task.id, task.dependsOn]))).toEqual({
      T002: [],
      T003: ['T002'],
      T004: ['T003'],
      T005: ['T004'],
      T006: ['T005'],
      T007: ['T005'],
      T008: ['T006', 'T007'],
      T009: ['T005'],
      T010: ['T008', 'T009'],
    });
  });

  it('takes the headings inside of a phase for parts of it', async () => {
    await feature(
      '001-photos',
      `## Phase 1: User Story 1

### Tests

- [ ] T001 [US1] Contract test in tests/albums.ts

### Implementation

- [ ] T002 [P] [US1] Create the model in src/album.ts
- [ ] T003 [US1] Create the service in src/albums.ts

## Phase 2: User Story 2

- [ ] T004 [US2] Share in src/share.ts

## Phase 3: User Story 1, again

- [ ] T005 [US1] Order in src/order.ts
`,
    );
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(Object.fromEntries(tasks.map((task) => [task.id, task.dependsOn]))).toEqual({
      T001: [],
      T002: ['T001'],
      T003: ['T002'],
      T004: [],
      T005: ['T003'],
    });
  });

  it('also waits for what a line says that it depends on', async () => {
    await feature(
      '001-photos',
      `## Phase 1

- [x] T001 One in src/1.ts
- [ ] T002 [P] Two in src/2.ts
- [ ] T003 [P] Three in src/3.ts
- [ ] T004 [P] Four in src/4.ts (depends on T001, T002 and T003)
- [ ] T007 [P] Seven in src/7.ts (depends on T002–T005, T099)
- [ ] T006 [P] Six in src/6.ts depends on Node.js and T006
- [ ] T008 [P] Eight in src/8.ts
  - **Depends on**: T006
`,
    );
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(Object.fromEntries(tasks.map((task) => [task.id, task.dependsOn]))).toEqual({
      T002: [],
      T003: [],
      T004: ['T002', 'T003'],
      T007: ['T002', 'T003', 'T004', 'T005', 'T099'],
      T006: [],
      T008: ['T006'],
    });
  });

  it('passes over tasks that only show how tasks are written', async () => {
    await feature(
      '001-photos',
      '- [ ] T001 In src/a.ts\n\n```text\n- [ ] T002 In src/b.ts\n```\n\n<!--\n- [ ] T003 In src/c.ts\n-->\n- [ ] T004 In src/d.ts\n',
    );
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(tasks.map(({ id }) => id)).toEqual(['T001', 'T004']);
  });

  it('places a task without a path at its own line', async () => {
    const { tasks } = await openFormat('spec-kit', { root, options: { folders: ['specs'] } }).load({});
    const text = photos.split('\n');
    for (const { specs } of tasks) {
      const [{ text: block = '', firstLine = 0 } = {}] = specs;
      expect(text[firstLine - 1]).toBe(block.split('\n')[0]);
    }
  });

  it('takes the paths of the lines below a task, with less confidence', async () => {
    const { tasks } = await openFormat('spec-kit', { root }).load({ ids: ['T007'] });
    expect(tasks[0]?.declared).toMatchObject([
      { pattern: 'src/models/album.ts', confidence: 'declared' },
      { pattern: 'src/db/002.sql', confidence: 'inferred', place: { line: 26 } },
    ]);
  });

  it('takes the paths that the lines name as declared claims, with their place', async () => {
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    const claims = Object.fromEntries(
      tasks.map((task) => [task.id, task.declared?.map((claim) => `${claim.mode} ${claim.pattern}`)]),
    );
    expect(claims).toMatchObject({
      T002: ['create package.json'],
      T003: ['write .eslintrc.json'],
      T005: ['create src/errors.ts'],
      T008: ['write src/services/album.ts'],
      T010: ['write docs/guide.md'],
    });
    const album = tasks.find((task) => task.id === 'T007');
    expect(album?.declared?.[0]?.place).toEqual({ path: 'specs/001-photos/tasks.md', line: 25 });
    expect(album?.specs[0]?.text).toContain('src/db/002.sql');
  });

  it('says of a finished task that it is finished', async () => {
    const { diagnostics } = await openFormat('spec-kit', { root }).load({ ids: ['T001', 'T099'] });
    expect(diagnostics.map(({ taskIds, hint }) => [taskIds?.[0], hint])).toEqual([
      ['T001', 'T001 is finished: specs/001-photos/tasks.md:11 is ticked off.'],
      ['T099', undefined],
    ]);
  });

  it('tells the features apart when there are several', async () => {
    await feature(
      '002-search',
      '## Phase 1\n\n- [ ] T001 Search in src/search.ts\n- [ ] T002 More in src/more.ts\n',
    );
    const { tasks } = await openFormat('spec-kit', { root }).load({ ids: ['002-T002'] });
    expect(tasks.map((task) => [task.id, task.dependsOn])).toEqual([['002-T002', ['002-T001']]]);
  });

  it('knows the folder, the phase and the documents of a task, and which tasks only check', async () => {
    await feature(
      '001-photos',
      '## Phase 2: Polish\n\n### Checks\n\n- [ ] T001 Run the linter and fix issues\n- [ ] T002 Fix src/a.ts\n',
    );
    for (const name of ['plan.md', 'quickstart.md', 'contracts/api.yaml', 'notes.md']) {
      await mkdir(join(root, 'specs/001-photos/contracts'), { recursive: true });
      await writeFile(join(root, 'specs/001-photos', name), 'x');
    }
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(tasks.map(({ verification }) => verification)).toEqual([true, undefined]);
    expect(tasks[1]?.context).toEqual({
      folder: 'specs/001-photos',
      phase: 'Phase 2: Polish',
      documents: ['plan.md', 'quickstart.md', 'contracts/api.yaml', 'tasks.md'].map(
        (name) => `specs/001-photos/${name}`,
      ),
    });
  });

  it('puts the whole name before the ids of features only where several have one number', async () => {
    for (const name of ['006-fixes', '007-auth', '007-pages', 'loose'])
      await feature(name, '- [ ] T001 One in a/b.ts\n');
    const { tasks } = await openFormat('spec-kit', { root }).load({});
    expect(tasks.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['006-T001', '007-auth-T001', '007-pages-T001', 'loose-T001']),
    );
  });

  it('uses the first of two tasks with one id, and says so', async () => {
    await feature('001-photos', '- [ ] T001 One in a/b.ts\n- [ ] T001 Two in a/c.ts\n');
    const { tasks, diagnostics } = await openFormat('spec-kit', { root }).load({});
    expect(tasks.map((task) => task.title)).toEqual(['One in a/b.ts']);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_TASK_ID_DUPLICATE', path: 'specs/001-photos/tasks.md', line: 2 },
    ]);
  });

  it('names a file that it can not read, and reads the others', async () => {
    await feature('002-broken', new Uint8Array([35, 0, 1]));
    const { tasks, diagnostics } = await openFormat('spec-kit', { root }).load({});
    expect(tasks).toHaveLength(9);
    expect(diagnostics.filter(({ code }) => code !== 'PWT_TASK_DONE')).toMatchObject([
      { code: 'PWT_SPEC_BINARY', path: 'specs/002-broken/tasks.md' },
    ]);
  });

  it('has no tasks where there are no features', async () => {
    expect(await openFormat('spec-kit', { root, options: { folders: ['nowhere'] } }).load({})).toEqual({
      tasks: [],
      diagnostics: [],
    });
  });

  it.each([
    ['t7', 'T007'],
    ['7', 'T007'],
    ['001-7', '001-T007'],
    ['T0012', 'T0012'],
    ['001-t5', '001-T005'],
    ['specs/001-photos/t5', '001-T005'],
    ['photos/5', 'photos-T005'],
    ['T005:', 'T005'],
    ['other', 'other'],
  ])('understands %s as %s', (typed, id) => {
    expect(openFormat('spec-kit', { root }).normaliseId?.(typed)).toBe(id);
  });
});

describe('claimsIn', () => {
  const files = {
    folder: 'specs/001-a',
    entries: new Set(['spec.md', 'plan.md', 'tasks.md', 'contracts', 'notes.md', 'README.md']),
    rootEntries: new Set(['README.md', 'src', 'specs']),
  };
  const modes = (text: string, own = files) =>
    claimsIn(text, { path: 'f', line: 1 }, own).map(({ mode, pattern }) => `${mode} ${pattern}`);

  it.each([
    ['Run quickstart.md validation', ['write specs/001-a/quickstart.md']],
    ['Update `quickstart.md` and README.md', ['write specs/001-a/quickstart.md', 'write README.md']],
    ['Write contracts/login.yaml', ['create specs/001-a/contracts/login.yaml']],
    ['Move what is open to notes.md', ['write specs/001-a/notes.md']],
    ['Add types in src/a.ts per data-model.md', ['create src/a.ts', 'read specs/001-a/data-model.md']],
    [
      'Fix src/a.ts (see specs/001-a/contracts/a.yaml)',
      ['write src/a.ts', 'read specs/001-a/contracts/a.yaml'],
    ],
    ['Add columns from data-model.md in src/db.sql', ['read specs/001-a/data-model.md', 'create src/db.sql']],
    ['Create the folders per plan.md', []],
    ['Build it as defined in `contracts/a.yaml`', []],
  ])('finds the documents of the feature in its folder: %j', (text, expected) => {
    expect(modes(text)).toEqual(expected);
  });

  it('leaves the contracts of the root to the root', () => {
    const rootEntries = new Set(['contracts']);
    const entries = new Set(['spec.md']);
    expect(modes('Test contracts/Token.sol', { ...files, entries, rootEntries })).toEqual([
      'write contracts/Token.sol',
    ]);
  });

  it.each([
    ['Create pyproject.toml with uv in backend/pyproject.toml', ['backend/pyproject.toml']],
    ['Add src/models/user.py to `api/src/models/user.py`', ['api/src/models/user.py']],
    ['Initialize package.json in frontend/', ['frontend/']],
    ['Pin versions in package.json and web/package.json', ['package.json', 'web/package.json']],
    ['Pin versions in `web/package.json`, `package.json`', ['web/package.json', 'package.json']],
    ['Create pyproject.toml\n  - in backend/pyproject.toml', ['backend/pyproject.toml']],
  ])('takes a name that stands again with its folder for one file: %j', (text, expected) => {
    expect(claimsIn(text, { path: 'f', line: 1 }, files).map(({ pattern }) => pattern)).toEqual(expected);
  });

  it.each([
    ['Fix `../outside.ts` and /etc/passwd and C:\\x\\y.ts', []],
    ['See https://example.com/a/b.html, e.g. and/or v1.2.3', []],
    ['Move src/a.ts, lib/b.ts; (docs/c.md).', ['src/a.ts', 'lib/b.ts', 'docs/c.md']],
    ['Create the folder src/models/', ['src/models/']],
    ['Set it up in frontend/ with --import-alias "@/*" (`@/lib/api.ts`)', ['frontend/']],
    ['Use `~/components/a.vue`, `#/types.ts`, "~/b.ts" and @acme/kit/index.js', []],
    ['Test [endpoint] in tests/test_[name].py', []],
  ])('finds in %j the paths %j', (text, expected) => {
    expect(claimsIn(text, { path: 'f', line: 1 }, files).map((claim) => claim.pattern)).toEqual(expected);
  });

  it('takes no time on hostile lines', () => {
    expect(
      claimsIn(
        `${'a/'.repeat(50_000)} ${'`'.repeat(50_000)} ${'.a'.repeat(50_000)} ${'a.md '.repeat(50_000)}`,
        { path: 'f', line: 1 },
        files,
      ).length,
    ).toBeLessThan(4);
  });
});
