import type { ClaimMode } from '@pwt/core';

/**
 * The words by which a spec says what it means, as plain data; lower case, without punctuation.
 *
 * A phrase of one word must be the whole heading or label; a phrase of several words may stand anywhere in
 * it. Verbs are compared with the first word of a list item. Add other languages with {@link extendVocabulary}.
 */
export interface Vocabulary {
  /** Labels such as `**File**:` in front of a path. */
  readonly fileLabels: readonly string[];
  /** Headings and labels above a list of paths that will change. */
  readonly fileSections: readonly string[];
  /** Headings and labels above material that is only to be read: it becomes `read` claims. */
  readonly readingSections: readonly string[];
  /** Headings and labels above material that says nothing about what changes. */
  readonly ignoredSections: readonly string[];
  /** Words in a line that say that the paths in it stay as they are. */
  readonly untouched: readonly string[];
  /** Words in a line that say that its paths will change only under a condition. */
  readonly hedges: readonly string[];
  /** Words right before a path that is only referred to: ``per `x` ``, ``like `x` ``. */
  readonly citations: readonly string[];
  /** Labels and headings above the ids of tasks that must come first. */
  readonly dependencies: readonly string[];
  /** Labels in front of an estimate of the work. */
  readonly estimates: readonly string[];
  /** Words at the start of a list item, per what they announce. */
  readonly verbs: Readonly<Record<ClaimMode, readonly string[]>>;
}

const touched = [
  'create',
  'modify',
  'update',
  'change',
  'add',
  'edit',
  'touch',
  'delete',
  'remove',
  'rename',
];
const done = [
  'created',
  'modified',
  'updated',
  'changed',
  'added',
  'edited',
  'touched',
  'deleted',
  'removed',
];

export const englishVocabulary: Vocabulary = {
  fileLabels: [
    ...['file', 'files', 'filename', 'file name', 'file path', 'location', 'locations', 'path', 'paths'],
    ...[
      'module',
      'modules',
      'target',
      'target file',
      'test file',
      'test files',
      'new',
      'new file',
      'changed',
    ],
    ...touched,
    ...done,
    'modifies',
    'creates',
    'changes',
    'touches',
    'config file',
    'source file',
  ],
  fileSections: [
    ...['file scope', 'files', 'file', 'file list', 'file changes', 'file locations', 'file structure'],
    ...['artifacts', 'deliverables', 'scope of changes', 'code changes', 'changed paths'],
    ...['new files', 'new modules', 'new file', 'files involved', 'affected files', 'files affected'],
    ...['affected modules', 'modules affected', 'affected paths', 'impacted files', 'files impacted'],
    ...touched.flatMap((verb) => [`files to ${verb}`, `file to ${verb}`, `modules to ${verb}`]),
    ...done.flatMap((verb) => [`${verb} files`, `files ${verb}`, `files to be ${verb}`]),
  ],
  readingSections: [
    ...['context to read', 'context to read first', 'required reading', 'read first', 'files to read'],
    ...['reading list', 'files to review', 'read only files', 'reference files'],
  ],
  ignoredSections: [
    ...['references', 'reference', 'related', 'related documents', 'related documentation', 'related specs'],
    ...['related work', 'related files', 'related adrs', 'related code', 'see also', 'further reading'],
    ...['background', 'resources', 'links', 'appendix', 'prior art', 'out of scope', 'not in scope'],
    ...['non goals', 'do not', 'do not touch', 'do not modify', 'alternatives', 'alternatives considered'],
    ...['rejected alternatives', 'considered alternatives', 'existing infrastructure', 'existing code'],
    ...[
      'existing components',
      'existing patterns',
      'existing files',
      'already exist',
      'change log',
      'changelog',
    ],
    ...[
      'revision history',
      'version history',
      'glossary',
      'commit convention',
      'commit conventions',
      'commit message',
      'commit messages',
      'dependencies',
      'reference implementation',
    ],
  ],
  untouched: [
    ...['do not modify', 'do not change', 'do not edit', 'do not touch', 'don t modify', 'don t change'],
    ...['don t edit', 'don t touch', 'must not change', 'must not be changed', 'must not modify'],
    ...['never modify', 'never touch', 'no changes needed', 'no change needed', 'no changes required'],
    ...['no changes', 'unchanged', 'read only', 'reference only', 'for reference', 'leave as is'],
  ],
  hedges: [
    ...['if needed', 'if necessary', 'if required', 'if applicable', 'only if', 'if any', 'if affected'],
    ...['may need', 'might need', 'as needed', 'when needed'],
  ],
  citations: [
    ...['per', 'see', 'see also', 'like', 'similar to', 'based on', 'following', 'according to', 'as in'],
    ...['described in', 'documented in', 'specified in', 'pattern in', 'same as', 'mirroring'],
  ],
  dependencies: ['dependencies', 'depends on', 'dependency', 'blocked by', 'requires', 'prerequisites'],
  estimates: [
    ...['estimate', 'estimated effort', 'estimated duration', 'estimated time', 'time estimate', 'effort'],
    ...['estimated implementation time', 'effort estimate', 'duration', 'estimation'],
  ],
  verbs: {
    create: ['create', 'add', 'write', 'introduce', 'generate', 'scaffold', 'new', 'build'],
    write: [
      ...['update', 'modify', 'change', 'edit', 'extend', 'refactor', 'fix', 'implement', 'wire', 'register'],
      ...['integrate', 'adjust', 'replace', 'export', 'extract', 'convert', 'migrate', 'rewrite', 'expand'],
      ...['enhance', 'improve', 'simplify', 'split', 'append', 'insert', 'document', 'clean', 'in'],
    ],
    delete: ['delete', 'remove', 'drop'],
    rename: ['rename', 'move', 'relocate'],
    read: ['read', 'review', 'study', 'see', 'check', 'verify', 'inspect', 'consult', 'understand', 'run'],
  },
};

/** A vocabulary with words added to a base, the English one by default. */
export function extendVocabulary(
  extra: Partial<Omit<Vocabulary, 'verbs'>> & { readonly verbs?: Partial<Vocabulary['verbs']> },
  base: Vocabulary = englishVocabulary,
): Vocabulary {
  const join = (key: Exclude<keyof Vocabulary, 'verbs'>) => [...base[key], ...(extra[key] ?? [])];
  const verbs = (mode: ClaimMode) => [...base.verbs[mode], ...(extra.verbs?.[mode] ?? [])];
  return {
    fileLabels: join('fileLabels'),
    fileSections: join('fileSections'),
    readingSections: join('readingSections'),
    ignoredSections: join('ignoredSections'),
    untouched: join('untouched'),
    hedges: join('hedges'),
    citations: join('citations'),
    dependencies: join('dependencies'),
    estimates: join('estimates'),
    verbs: {
      create: verbs('create'),
      write: verbs('write'),
      delete: verbs('delete'),
      rename: verbs('rename'),
      read: verbs('read'),
    },
  };
}
