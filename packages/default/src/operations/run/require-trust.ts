import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PwtError, shellQuote } from '@pwt/core';
import { type ConfigEntry, openDoor, untrustedEntries } from '@pwt/git';
import type { Project } from '../../project/project.js';
import { trustFolder, writeTrusted } from '../../project/trust-record.js';

/** How long a mirror of an earlier configuration is kept. */
const MIRROR_DAYS = 7;

/** The entries of the repository's configuration that can run commands and are new since the newest run started. */
export function untrustedConfig({ repository, trusted }: Project): ConfigEntry[] {
  return trusted === undefined ? [] : untrustedEntries(trusted, repository.config);
}

/**
 * The project as a new run sees it: the repository's present configuration is trusted, unless it has an entry that can
 * run a command and is new since the last run, when agents could write there.
 *
 * @param accept the user has looked at it and agrees
 * @throws PwtError `PWT_CONFIG_UNTRUSTED` that names each entry, and the command that takes it out
 */
export async function trustForRun(project: Project, accept: boolean): Promise<Project> {
  const { repository, root, trustDir } = project;
  const [first, ...others] = untrustedConfig(project);
  if (first !== undefined && !accept) throw untrusted([first, ...others]);
  if (project.trusted === undefined) return project;
  const { gitDir, commonDir, config } = repository;
  const mirrors = trustFolder({ trustDir, commonDir });
  const git = await openDoor(project.git, { workTree: root, gitDir, commonDir, config, mirrors });
  return { ...project, git, trusted: config };
}

/** Records what the run that starts now trusts. The caller holds the run lock. */
export async function recordTrust({ git, repository, trustDir }: Project): Promise<void> {
  const place = { trustDir, commonDir: repository.commonDir };
  await writeTrusted(place, repository.config);
  await removeOldMirrors(trustFolder(place), git.place?.mirror);
}

/** Deletes mirrors of configurations that are not used any more; a young one may be in use by a running command. */
async function removeOldMirrors(folder: string, current: string | undefined): Promise<void> {
  const before = Date.now() - MIRROR_DAYS * 24 * 60 * 60_000;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (path === current || !/^[0-9a-f]{32}$/.test(name) || (await stat(path)).mtimeMs > before) continue;
    // Links are removed, never what they lead to.
    await rm(path, { recursive: true, force: true });
  }
}

/** The command that takes an entry out of its file. */
export function removalOf({ file, key }: ConfigEntry): string {
  return `git config --file ${shellQuote(file)} --unset-all ${shellQuote(key)}`;
}

function untrusted(entries: readonly ConfigEntry[]): PwtError {
  const lines = entries.map(({ key, value, file }) => `  ${key} = ${value ?? 'true'} (${file})`);
  return new PwtError(
    'PWT_CONFIG_UNTRUSTED',
    `The repository's git configuration has entries that can run commands and were not there when the last run started:\n${lines.join('\n')}`,
    {
      hint: `If you did not write them, take them out: ${entries.map(removalOf).join('; ')}. If you did, add --trust-git-config once.`,
      data: { entries },
    },
  );
}
