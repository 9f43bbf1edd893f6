import { shellQuote } from '@pwt/core';

/** How much of git's own words goes into a message; all of them are in the error's data. */
const MOST_CHARACTERS = 600;

/**
 * Git's error message as whole sentences on one line: its first error with all that belongs to it, the paths that it
 * lists included. Advice and warnings are left out where there is an error.
 */
export function gitsWords(stderr: string): string {
  const lines = stderr
    // After some errors git prints the usage of the command, over pages.
    .replace(/^usage: [\s\S]*/m, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const serious = lines.filter((line) => !/^(hint|warning):/.test(line));
  const first = serious.findIndex((line) => /^(fatal|error):/.test(line));
  const words = (serious.length === 0 ? lines : first === -1 ? serious : serious.slice(first)).join(' ');
  if (words === '') return 'it said nothing.';
  if (words.length > MOST_CHARACTERS)
    return `${words.slice(0, words.lastIndexOf(' ', MOST_CHARACTERS)) || words.slice(0, MOST_CHARACTERS)} …`;
  return /[.!?:]$/.test(words) ? words.replace(/:$/, '.') : `${words}.`;
}

interface Cause {
  /** In git's words; they only choose the explanation, nothing is decided by them. */
  readonly words: RegExp;
  readonly means: string;
  readonly next: (cwd: string) => string;
}

const CAUSES: readonly Cause[] = [
  {
    words: /no space left on device|disk quota exceeded/i,
    means: 'The disk is full.',
    next: () => 'Make room, then run: pwt resume',
  },
  {
    words: /\.lock': file exists|could not lock|unable to create '.*\.lock'/i,
    means: 'Another git holds a lock there, or one that was killed has left it behind.',
    next: () => 'If no git runs there any more: pwt doctor',
  },
  {
    words: /permission denied|read-only file system|operation not permitted|insufficient permission/i,
    means: 'A file or folder there may not be read or written.',
    next: (cwd) => `Look at who may, and put it right: ls -la ${shellQuote(cwd)}; then run: pwt resume`,
  },
  {
    words: /file ?name too long/i,
    means: 'A path is longer than the file system takes.',
    next: () => 'Use a shorter worktree template, for example: pwt run --worktree ../wt{id}',
  },
  {
    words: /filter '?.*'? failed|external filter|smudge filter|clean filter/i,
    means: 'A filter that the repository asks for in .gitattributes failed or is not installed.',
    next: (cwd) => `See which filters there are: git -C ${shellQuote(cwd)} config --get-regexp '^filter[.]'`,
  },
  {
    words: /promisor|could not fetch|could not read from remote|unable to access/i,
    means: 'Objects that this clone has left with its remote could not be fetched.',
    next: (cwd) => `See whether the remote answers: git -C ${shellQuote(cwd)} fetch; then run: pwt resume`,
  },
  {
    words:
      /bad object|missing (blob|tree|commit)|loose object|corrupt|unable to read (tree|sha1)|invalid object/i,
    means: 'The repository misses an object, or has a damaged one.',
    next: (cwd) => `See what is missing: git -C ${shellQuote(cwd)} fsck`,
  },
  {
    words: /does not have a commit checked out/i,
    means: 'There is a repository without a commit inside the worktree, which git cannot add.',
    next: () => 'Move it out of the worktree, or commit in it; then run: pwt resume',
  },
];

/** What git's message means, and the next command; for a message that is not known, the command that failed. */
export function explainFailure(
  stderr: string,
  { args, cwd }: { readonly args: readonly string[]; readonly cwd: string },
): { readonly means: string; readonly hint: string } {
  const cause = CAUSES.find(({ words }) => words.test(stderr));
  if (cause !== undefined) return { means: ` ${cause.means}`, hint: cause.next(cwd) };
  const command = ['git', '-C', shellQuote(cwd), ...args.map(asWord)].join(' ');
  const needsInput = args.some((arg) => /^--(stdin.*|file=-|batch|pathspec-from-file=-)$/.test(arg));
  const hint = needsInput || command.length > 300 ? 'pwt doctor' : `${command}; pwt doctor`;
  return { means: '', hint: `To see what is wrong: ${hint}` };
}

/** A flag stays without quotes, which it does not need. */
function asWord(arg: string): string {
  return /^-[\w=.,:/-]*$/.test(arg) ? arg : shellQuote(arg);
}
