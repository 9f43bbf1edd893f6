import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PwtError, privateModes } from '@pwt/core';
import type { RepositoryCommand } from '../config/resolved-config.js';

export interface ApprovalStoreOptions {
  /** The user's own file, outside every repository. Absolute; made on first use. */
  readonly file: string;
  /** The repository's common git directory: an approval counts for one repository only. */
  readonly repository: string;
}

type Approvals = Readonly<Record<string, readonly string[]>>;

/**
 * Which commands out of a repository's files the user has approved, by a hash of their exact text: changed
 * text is asked about again.
 */
export class ApprovalStore {
  readonly #file: string;
  readonly #repository: string;

  constructor(options: ApprovalStoreOptions) {
    this.#file = options.file;
    this.#repository = options.repository;
  }

  /** The commands of a list that have not been approved yet. */
  async unapproved(commands: readonly RepositoryCommand[]): Promise<RepositoryCommand[]> {
    if (commands.length === 0) return [];
    const known = new Set((await this.#read())[this.#repository] ?? []);
    return commands.filter((command) => !known.has(hashOf(command)));
  }

  /** Remembers that the user has agreed to these. */
  async approve(commands: readonly RepositoryCommand[]): Promise<void> {
    if (commands.length === 0) return;
    const all = await this.#read();
    const hashes = new Set([...(all[this.#repository] ?? []), ...commands.map(hashOf)]);
    await this.#write({ ...all, [this.#repository]: [...hashes] });
  }

  async #read(): Promise<Approvals> {
    try {
      return JSON.parse(await readFile(this.#file, 'utf8')) as Approvals;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      // An unreadable record approves nothing: asking once more is the safe answer.
      if (error instanceof SyntaxError) return {};
      throw error;
    }
  }

  async #write(approvals: Approvals): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: privateModes.folder });
    const draft = `${this.#file}.${process.pid}`;
    await writeFile(draft, `${JSON.stringify(approvals, null, 2)}\n`, { mode: privateModes.file });
    await rename(draft, this.#file);
  }
}

/** Asks a person; `false` means no. */
export type ConfirmCommands = (commands: readonly RepositoryCommand[]) => Promise<boolean>;

/**
 * Makes sure that every command out of the repository has been approved.
 *
 * @param store what has been approved before; without it, everything is asked about
 * @param confirm asks for those that have not been; without it, they are refused
 * @throws PwtError `PWT_COMMAND_NOT_APPROVED` that shows each text that is not approved
 */
export async function requireApproval(
  commands: readonly RepositoryCommand[],
  store: ApprovalStore | undefined,
  confirm?: ConfirmCommands,
): Promise<void> {
  const open = store ? await store.unapproved(commands) : commands;
  if (open.length === 0) return;
  if (confirm && (await confirm(open))) return store?.approve(open);
  throw new PwtError('PWT_COMMAND_NOT_APPROVED', messageOf(open), {
    hint: 'Read it. If you agree, run this again on a terminal and confirm, or with --yes.',
    data: { commands: open },
  });
}

/** `--yes` approves all of them, so all of them are shown. */
function messageOf(open: readonly RepositoryCommand[]): string {
  const said = 'The configuration of this repository wants to run';
  const [first, ...more] = open;
  if (first && more.length === 0)
    return `${said} a command that you have not approved (${first.kind}): ${first.text}`;
  const lines = open.map(({ kind, text }) => `\n  ${kind}: ${text}`);
  return `${said} ${open.length} commands that you have not approved:${lines.join('')}`;
}

function hashOf(command: RepositoryCommand): string {
  return createHash('sha256').update(`${command.kind}\0${command.text}`).digest('hex');
}
