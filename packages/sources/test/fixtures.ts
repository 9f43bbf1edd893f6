/** What a format must make of a few files: each format in `formats` has one, under its name. */
export interface FormatFixture {
  /** By path. No file of another format. */
  readonly files: Readonly<Record<string, string>>;
  /** The ids of the unfinished tasks, in the order of the files; two at least. */
  readonly ids: readonly string[];
  /** Finished ones, where the format marks them: what the hint says of each. */
  readonly done: Readonly<Record<string, string>>;
  /** Ids as they are typed, and as they are. */
  readonly typed: Readonly<Record<string, string>>;
  /** One of the files: the others are read where it is broken. The ids that are left then. */
  readonly breakable: { readonly path: string; readonly left: readonly string[] };
  /** Files that other tools write, which look like this format and are not. */
  readonly lookalikes?: Readonly<Record<string, string>>;
  /** Options that are refused, beside an unknown one. */
  readonly refused: readonly unknown[];
}

export const fixtures: Readonly<Record<string, FormatFixture>> = {
  'spec-files': {
    files: {
      'specs/SPEC-020-login.md': '# Login\n\n**File**: `src/login.ts`\n',
      'docs/specs/SPEC-2-6-logout.md': '# Logout\n\n**Depends on**: SPEC-20\n',
      'SPEC-AUTH-tokens/README.md': '# Tokens\n',
      'SPEC-AUTH-tokens/api/details.md': 'More.\n',
    },
    ids: ['2-6', '20', 'AUTH'],
    done: {},
    typed: { 'US-020': '20', '#20': '20', '2.6': '2-6', AUTH: 'AUTH' },
    breakable: { path: 'docs/specs/SPEC-2-6-logout.md', left: ['20', 'AUTH'] },
    lookalikes: {
      'specs/SPEC-000-template.md': '# Name\n',
      'specs/README.md': '# Specs\n',
      'notes/SPEC-9-x.md': '',
    },
    refused: [{ globs: 'specs' }, { globs: [] }, { globs: [7] }],
  },
  'spec-kit': {
    files: {
      'specs/001-photos/tasks.md':
        '# Tasks\n\n- [x] T001 Set up\n- [ ] T002 Model in src/album.ts\n- [ ] T003 [P] Page in src/page.ts\n',
      'specs/002-search/tasks.md': '- [ ] T001 Search in src/search.ts (depends on T002)\n',
    },
    ids: ['001-T002', '001-T003', '002-T001'],
    done: { '001-T001': '001-T001 is finished: specs/001-photos/tasks.md:3 is ticked off.' },
    typed: { '001-t2': '001-T002', '7': 'T007', other: 'other' },
    breakable: { path: 'specs/002-search/tasks.md', left: ['T002', 'T003'] },
    lookalikes: { 'specs/later/tasks.md': '- [ ] Think\n- [ ] Try\n' },
    refused: [{ folders: ['../x'] }, { folders: ['/x'] }, { folders: 'specs' }],
  },
  'prompt-folders': {
    files: {
      'tasks/TP-065-names/PROMPT.md': '# Task: TP-065 - Names\n',
      'tasks/TP-065-names/.DONE': '',
      'tasks/TP-067-telemetry/PROMPT.md':
        '# Task: TP-067 - Telemetry\n\n## Dependencies\n\n- TP-065\n\n## File Scope\n\n- `src/telemetry.ts`\n',
      'later/KB-7-thing/PROMPT.md': '# A thing\n',
    },
    ids: ['KB-7', 'TP-067'],
    done: { 'TP-065': 'TP-065 is finished: tasks/TP-065-names/.DONE is there.' },
    typed: { 'tp-067': 'TP-067', other: 'other' },
    breakable: { path: 'later/KB-7-thing/PROMPT.md', left: ['TP-067'] },
    lookalikes: { 'src/PROMPT.md': '# Not in a folder of its own\n', 'node_modules/x/PROMPT.md': '' },
    refused: [{ folders: ['C:\\x'] }, { folders: [7] }, { folders: ['a/../..'] }],
  },
};
