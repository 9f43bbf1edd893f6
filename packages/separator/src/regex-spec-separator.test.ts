import { cpuMs } from '@pwt/testkit';
import { describe, expect, it } from 'vitest';
import { RegexSpecSeparator } from './regex-spec-separator.js';
import type { ExtractionRule, Mention, RuleInput } from './rules/rule.js';
import { defaultRules } from './rules/table.js';

const tree = [
  'README.md',
  'app/[slug]/page.tsx',
  'docs/My File.md',
  'package-lock.json',
  'package.json',
  'src/api/handler.ts',
  'src/cli.ts',
  'src/module/a.ts',
  'src/module/b.ts',
  'src/util/index.ts',
  'src/web/index.ts',
  'test/__snapshots__/cli.test.ts.snap',
  'test/cli.test.ts',
  'wide/1.ts',
  'wide/2.ts',
  'wide/3.ts',
  'wide/4.ts',
  'wide/5.ts',
  'wide/6.ts',
  'wide/7.ts',
];

function separate(...lines: readonly string[]) {
  const spec = { path: 'specs/SPEC-1-a.md', text: lines.join('\n'), hash: '0' };
  const task = { id: '1', title: 'A', specs: [spec], dependsOn: [] };
  const { claims, diagnostics } = new RegexSpecSeparator().separateNow({
    tasks: [task],
    tree: { paths: tree },
  });
  return { ...(claims[0] as (typeof claims)[number]), diagnostics };
}

/** What a spec is found to change for certain, as `mode pattern`. */
function changes(...lines: readonly string[]) {
  return separate(...lines)
    .claims.filter((claim) => claim.mode !== 'read' && claim.confidence !== 'possible')
    .map((claim) => `${claim.mode} ${claim.pattern}`);
}

describe('ways to name a file', () => {
  it.each([
    ['a label', '**File**: `src/cli.ts`', 'write src/cli.ts'],
    ['a label with the colon inside', '**File:** `src/cli.ts`', 'write src/cli.ts'],
    ['a label without code marks', 'File: src/cli.ts', 'write src/cli.ts'],
    ['Location', '- **Location**: `src/cli.ts:12-20`', 'write src/cli.ts'],
    ['Path', '**Path**: src/cli.ts#L3', 'write src/cli.ts'],
    ['Module', '**Module**: `src/cli.ts`', 'write src/cli.ts'],
    ['a remark that says new', '**File**: `src/new.rs` (NEW)', 'create src/new.rs'],
    ['a label that says delete', '**Files to delete**: `src/cli.ts`', 'delete src/cli.ts'],
    ['any file type', '**File**: `proto/user.proto`', 'create proto/user.proto'],
    ['no extension', '**File**: `bin/tool`', 'create bin/tool'],
    ['a dotfile', '**File**: `.editorconfig`', 'create .editorconfig'],
    ['Windows separators', '**File**: `src\\module\\a.ts`', 'write src/module/a.ts'],
    ['a leading ./', '**File**: `./src/cli.ts`', 'write src/cli.ts'],
    ['a name with spaces', '**File**: `docs/My File.md`', 'write docs/My File.md'],
    ['a quoted name with spaces', '**File**: "docs/My File.md"', 'write docs/My File.md'],
    ['a Markdown link', '**File**: [the CLI](src/cli.ts)', 'write src/cli.ts'],
    ['a name with brackets', '**File**: `app/[slug]/page.tsx`', 'write app/\\[slug]/page.tsx'],
    ['a glob', '**Files**: `src/module/*`', 'write src/module/*'],
    ['a glob below brackets', '**Files**: `app/[slug]/*.tsx`', 'write app/\\[slug\\]/*.tsx'],
    ['a folder with brackets', '**Files**: `app/[slug]/`', 'write app/\\[slug]/'],
    ['a folder', '**Files**: `src/module/`', 'write src/module/'],
    ['a bare name of one tracked file', '**File**: `handler.ts`', 'write src/api/handler.ts'],
    ['a path below the root', '**File**: `api/handler.ts`', 'write src/api/handler.ts'],
    ['a path with the name of the project', '**File**: `proj/src/cli.ts`', 'write src/cli.ts'],
    ['a bullet with a verb', '- Update `src/cli.ts` so that it exits', 'write src/cli.ts'],
    ['a check box with a verb', '- [ ] Create `src/new.ts`', 'create src/new.ts'],
    ['a numbered item with a verb', '2. Delete `src/cli.ts`', 'delete src/cli.ts'],
    ['a sentence with a verb', 'Modify `src/cli.ts` as follows.', 'write src/cli.ts'],
    ['a new file and its folder', '- Create `Tab.tsx` in `src/web/`', 'create src/web/Tab.tsx'],
    ['a heading', '### 2. Update `src/cli.ts`', 'write src/cli.ts'],
    ['nothing but code marks', 'The switch lives in `src/cli.ts`.', 'write src/cli.ts'],
  ])('reads %s', (_what, line, expected) => {
    expect(changes('# A', '', line)).toEqual([expected]);
  });

  it.each([
    '## Files to create/modify',
    '## File Scope',
    '### 3.2 Modified files',
    '**Files to change**:',
    'Files:',
  ])('reads the list under "%s"', (title) => {
    expect(changes(title, '', '- `src/cli.ts` — see `src/api/handler.ts`', '* src/module/a.ts')).toEqual([
      'write src/cli.ts',
      'write src/module/a.ts',
    ]);
  });

  it('takes modes from the headings of file sections', () => {
    expect(changes('## Files to create', '- `src/x.ts`', '## Files to delete', '- `src/cli.ts`')).toEqual([
      'create src/x.ts',
      'delete src/cli.ts',
    ]);
  });

  it('reads the head, the info and the caption of a fence', () => {
    expect(changes('```ts', '// src/cli.ts', 'run();', '```')).toEqual(['write src/cli.ts']);
    expect(changes('```ts title="src/cli.ts"', 'run();', '```')).toEqual(['write src/cli.ts']);
    expect(changes('`src/cli.ts`:', '', '```ts', 'run();', '```')).toEqual(['write src/cli.ts']);
  });

  it('does not read the code in a fence', () => {
    expect(changes('**File**: `src/cli.ts`', '```ts', "import './module/a.ts';", '```')).toEqual([
      'write src/cli.ts',
    ]);
  });

  it('reads new and marked files of a tree diagram', () => {
    const plain = ['```', 'src/', '├── cli.ts', '└── web/', '    └── page.ts', '```'];
    expect(changes(...plain)).toEqual(['create src/web/page.ts']);
    const marked = ['```', 'src/', '├── cli.ts   # MODIFIED', '└── other.ts', '```'];
    expect(changes(...marked)).toEqual(['write src/cli.ts']);
  });

  it('completes a short name from a longer path of the same spec', () => {
    expect(changes('**File**: `lib/deep/engine.py`', '- Update `engine.py`')).toEqual([
      'create lib/deep/engine.py',
    ]);
  });

  it('only suspects a name that several tracked files have', () => {
    const { claims } = separate('**File**: `src/cli.ts`', '- Update `index.ts`');
    expect(claims.map(({ pattern, confidence }) => [pattern, confidence])).toEqual([
      ['src/cli.ts', 'declared'],
      ['**/index.ts', 'possible'],
    ]);
  });
});

describe('one file in several places', () => {
  it('is claimed once, with the strongest of what is done to it', () => {
    expect(changes('- Update `src/cli.ts`', '- Delete `src/cli.ts`', '**File**: `src/cli.ts`')).toEqual([
      'delete src/cli.ts',
    ]);
  });
});

describe('what does not count', () => {
  it('passes over what a line only refers to', () => {
    const lines = [
      '- Add the flag to `src/cli.ts`, similar to `src/api/handler.ts`',
      '- Add type hints (per `README.md`)',
    ];
    expect(changes(...lines)).toEqual(['write src/cli.ts']);
  });

  it('does not read front matter as text', () => {
    expect(changes('---', 'path: src/cli.ts', '---', '# A', '**File**: `README.md`')).toEqual([
      'write README.md',
    ]);
  });

  it.each([
    ['identifiers', '- Update `Config.load` and `foo()`'],
    ['API routes', '- Add `/api/users` and `/api/users/:id`'],
    ['commands', '- Run `npm test src/cli.ts`'],
    ['URLs', '- Add https://example.com/a.ts and `http://x.y/b.ts`'],
    ['branches and fractions', '- Fix `and/or`, `origin/main` and `1/2`'],
    ['style classes', '- Add `.modal-header`'],
    ['versions', '- Update to `v1.2.3` and `2.0.0`'],
    ['references', '## References\n- `src/cli.ts`'],
    ['related files', '**Related**: `src/cli.ts`'],
    ['files out of scope', '## Out of scope\n- Update `src/cli.ts`'],
    ['tables', '| `src/cli.ts` | the CLI |'],
    ['untouched files', '- Do not modify `src/cli.ts`'],
  ])('passes over %s', (_what, text) => {
    expect(changes('# A', ...text.split('\n'))).toEqual(['write **']);
  });

  it('drops what another line says to leave alone, unless it is declared', () => {
    expect(
      changes('- Update `src/cli.ts`', '- Fix `src/api/handler.ts`', 'Do not touch `src/cli.ts`.'),
    ).toEqual(['write src/api/handler.ts']);
    expect(changes('**File**: `src/cli.ts`', 'Do not touch `src/cli.ts`.')).toContain('write src/cli.ts');
  });

  it('claims what is to be read as read', () => {
    const { claims } = separate(
      '## Context to read first',
      '- `src/cli.ts`',
      '## File Scope',
      '- `src/module/a.ts`',
    );
    expect(claims.map(({ pattern, mode }) => [pattern, mode])).toEqual([
      ['src/cli.ts', 'read'],
      ['src/module/a.ts', 'write'],
    ]);
  });
});

describe('confidence', () => {
  it('says where each claim comes from', () => {
    expect(separate('# A', '', '**File**: `src/cli.ts`').claims).toEqual([
      {
        pattern: 'src/cli.ts',
        mode: 'write',
        class: 'exclusive',
        confidence: 'declared',
        rule: 'file-label',
        place: { path: 'specs/SPEC-1-a.md', line: 3 },
      },
    ]);
  });

  it('takes a pattern over many files for a possibility, unless there is nothing else', () => {
    const beside = separate('**Files**: `src/cli.ts`, `wide/*`').claims;
    expect(beside.map(({ confidence }) => confidence)).toEqual(['declared', 'possible']);
    const alone = separate('**Files**: `wide/*`').claims;
    expect(alone.map(({ confidence }) => confidence)).toEqual(['inferred']);
  });

  it('takes a path with a part left open for a possibility', () => {
    const { claims } = separate('**Files**: `src/cli.ts`, `src/{name}/<kind>.ts`');
    expect(claims.map(({ pattern, confidence }) => [pattern, confidence])).toEqual([
      ['src/cli.ts', 'declared'],
      ['src/*/*.ts', 'possible'],
    ]);
  });

  it('believes a whole folder that is deleted or moved', () => {
    expect(changes('- Delete `wide/`')).toEqual(['delete wide/']);
    expect(changes('- Move `wide/` to `narrow/`')).toEqual(['rename wide/', 'rename narrow/']);
  });

  it('takes other hints for possibilities beside a list of files, and conditional ones always', () => {
    const { claims } = separate(
      '## File Scope',
      '- `src/cli.ts`',
      '- `README.md` (if needed)',
      '## Steps',
      '- Fix `src/module/a.ts`',
    );
    expect(claims.map(({ pattern, confidence }) => [pattern, confidence])).toEqual([
      ['src/cli.ts', 'declared'],
      ['README.md', 'possible'],
      ['src/module/a.ts', 'possible'],
    ]);
  });
});

describe('claims that follow from others', () => {
  it('has both ends of a rename', () => {
    expect(changes('- Rename `src/cli.ts` to `src/main.ts`')).toEqual([
      'rename src/cli.ts',
      'rename src/main.ts',
    ]);
    expect(changes('- Move `src/cli.ts` → `src/module/`')).toEqual([
      'rename src/cli.ts',
      'rename src/module/cli.ts',
    ]);
  });

  it('has the lockfile of a manifest and the snapshot of a test, to be rebuilt', () => {
    const { claims } = separate('**Files**: `package.json`, `test/cli.test.ts`');
    expect(claims.map((claim) => [claim.pattern, claim.class, claim.rule])).toEqual([
      ['package.json', 'exclusive', 'file-label'],
      ['test/cli.test.ts', 'exclusive', 'file-label'],
      ['package-lock.json', 'regenerate', 'implied-lockfile'],
      ['test/__snapshots__/cli.test.ts.snap', 'regenerate', 'implied-snapshot'],
    ]);
  });

  it('has changelogs as files to append to', () => {
    expect(separate('**File**: `CHANGELOG.md`').claims[0]?.class).toBe('append');
  });
});

describe('a structured scope', () => {
  it('wins over the text', async () => {
    const declared = [
      { pattern: 'x.ts', mode: 'write', class: 'exclusive', confidence: 'declared', rule: 'front-matter' },
    ] as const;
    const spec = { path: 's.md', text: '**File**: `src/cli.ts`', hash: '0' };
    const task = { id: '1', title: 'A', specs: [spec], dependsOn: [], declared };
    const { claims } = await new RegexSpecSeparator().separate({ tasks: [task], tree: { paths: tree } });
    expect(claims).toEqual([{ taskId: '1', claims: declared, unknownScope: false }]);
  });
});

describe('diagnostics', () => {
  const codes = (...lines: readonly string[]) =>
    separate(...lines).diagnostics.map(({ code, severity, line }) => [code, severity, line]);

  it('warns of a task without a scope and lets it claim everything', () => {
    const { claims, unknownScope, diagnostics } = separate('# Think about it');
    expect(unknownScope).toBe(true);
    expect(claims).toMatchObject([{ pattern: '**', mode: 'write', class: 'exclusive' }]);
    expect(diagnostics).toMatchObject([
      { code: 'PWT_SCOPE_UNKNOWN', severity: 'warning', taskIds: ['1'], line: 1 },
    ]);
  });

  it.each(['../other/a.ts', '/etc/passwd', 'C:\\x\\a.ts', 'C:/x/a.ts', '~/a.ts', 'src/../../a.ts'])(
    'refuses %s with its line',
    (path) => {
      const lines = ['# A', '**File**: `src/cli.ts`', `**File**: \`${path}\``];
      expect(codes(...lines)).toEqual([['PWT_PATH_OUTSIDE', 'warning', 3]]);
      expect(changes(...lines)).toEqual(['write src/cli.ts']);
    },
  );

  it('guesses which file of the repository an absolute path means', () => {
    const { diagnostics } = separate('**File**: `/home/me/proj/src/cli.ts`');
    expect(diagnostics[0]?.hint).toContain('"src/cli.ts"');
  });

  it('refuses a pattern that is none, with its line', () => {
    const lines = [
      '**File**: `src/cli.ts`',
      '**File**: `src/{a,{b.ts`',
      `**File**: \`x/${'y'.repeat(300)}.ts\``,
    ];
    expect(codes(...lines)).toEqual([
      ['PWT_PATTERN_UNBALANCED', 'warning', 2],
      ['PWT_PATTERN_TOO_LARGE', 'warning', 3],
    ]);
    expect(changes(...lines)).toEqual(['write src/cli.ts']);
  });

  it('says nothing about an API route that stands under a label', () => {
    expect(codes('**File**: `src/cli.ts`', '**Path**: `/api/users`')).toEqual([]);
  });

  it('notes files that are to be changed but do not exist', () => {
    expect(codes('**Files to modify**: `src/gone.ts`')).toEqual([['PWT_PATH_MISSING', 'info', 1]]);
    expect(codes('**Files to create**: `src/gone.ts`')).toEqual([]);
    expect(codes('**Files**: `nowhere/*.ts`')).toEqual([['PWT_GLOB_EMPTY', 'info', 1]]);
  });
});

describe('hostile text', () => {
  const millisecondsFor = (text: string) => {
    const start = cpuMs();
    separate(text);
    return cpuMs() - start;
  };

  it.each([
    ['backticks', '`'.repeat(1_000_000)],
    ['odd runs of backticks', Array.from({ length: 1400 }, (_, n) => '`'.repeat(n)).join('a')],
    ['paths', '**File**: '.concat('`src/cli.ts` '.repeat(80_000))],
    ['brackets', '['.repeat(500_000) + '](a'.repeat(100_000)],
    ['stars', `**${'*'.repeat(1_000_000)}**: x`],
    ['slashes', `- Update \`${'a/'.repeat(500_000)}\``],
    ['backslashes', `- Update \`${'a\\'.repeat(190)}"\` `.repeat(2000)],
    ['quotes', '"'.repeat(1_000_000)],
    ['spaces', `- ${' '.repeat(1_000_000)}x`],
    ['braces', `**File**: \`${'{a,b}'.repeat(70)}\``],
    ['fences', '```\n'.repeat(100_000)],
    ['headings', '# a `b.ts`\n'.repeat(50_000)],
    ['tree lines', `\`\`\`\n${'│   '.repeat(200_000)}├── a.ts\n\`\`\``],
    ['digits', `**File**: \`a.ts${':1'.repeat(200)}\` `.repeat(500)],
  ])('takes a megabyte of %s without trouble', (_what, text) => {
    expect(millisecondsFor(text)).toBeLessThan(5000);
  });
});

describe('a rule of another author', () => {
  const touches: ExtractionRule = {
    name: 'touches-line',
    kinds: ['text'],
    apply: (input) =>
      input.line.body.startsWith('@touches')
        ? input.paths('named').map(({ text }) => ({ text, confidence: 'declared', standing: 'listed' }))
        : undefined,
  };
  const claimsWith = (text: string, ...rules: readonly ExtractionRule[]) => {
    const specs = [{ path: 'specs/SPEC-1-x.md', text, hash: '' }];
    const separator = new RegexSpecSeparator({ rules: [...rules, ...defaultRules] });
    const task = { id: '1', title: 'T', specs, dependsOn: [] };
    return separator.separateNow({ tasks: [task], tree: { paths: tree } }).claims[0]?.claims;
  };

  it('is asked before the others, and finds claims with its name and line', () => {
    expect(claimsWith('# T\n\n@touches src/cli.ts, src/new.ts', touches)).toMatchObject([
      { pattern: 'src/cli.ts', mode: 'write', rule: 'touches-line', place: { line: 3 } },
      { pattern: 'src/new.ts', mode: 'create', rule: 'touches-line', place: { line: 3 } },
    ]);
  });

  it('can have a list of files, beside which what the text implies is a possibility', () => {
    const text = '# T\n\n@touches src/cli.ts\n\n- Update `src/module/a.ts`\n';
    expect(claimsWith(text, touches)?.map(({ confidence }) => confidence)).toEqual(['declared', 'possible']);
    const stated = { ...touches, apply: asStated };
    expect(claimsWith(text, stated)?.map(({ confidence }) => confidence)).toEqual(['declared', 'inferred']);
  });

  function asStated(input: RuleInput): readonly Mention[] | undefined {
    return touches.apply(input)?.map(({ text, confidence }) => ({ text, confidence }));
  }

  it('can find what counts only if nothing else does', () => {
    const guess: ExtractionRule = {
      name: 'guess',
      apply: ({ line }) =>
        line.body.startsWith('?')
          ? [{ text: 'src/cli.ts', confidence: 'possible', standing: 'fallback' }]
          : undefined,
    };
    expect(claimsWith('# T\n\n? in `x`', guess)).toMatchObject([{ pattern: 'src/cli.ts', rule: 'guess' }]);
    expect(claimsWith('# T\n\n? in `x`\n- Update `src/module/a.ts`', guess)).toMatchObject([
      { pattern: 'src/module/a.ts' },
    ]);
  });

  it('can name another line than it was asked about', () => {
    const below: ExtractionRule = {
      name: 'below',
      apply: (input) => {
        const next = input.line.body === '`>`' ? input.lineAt(1) : undefined;
        return next && [{ text: next.body, line: next.number, confidence: 'declared' }];
      },
    };
    expect(claimsWith('# T\n\n`>`\nsrc/cli.ts', below)).toMatchObject([
      { pattern: 'src/cli.ts', rule: 'below', place: { line: 4 } },
    ]);
  });
});
