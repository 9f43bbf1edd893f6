import { isAbsolute, join, relative } from 'node:path';
import { type LaunchRequest, taskText } from '@pwt/core';
import { readText } from './durable-file.js';

/** Where an agent reads its spec. */
export interface SpecPlace {
  /** Absolute. */
  readonly path: string;
  /** The text that has to be written there; absent: it is there. */
  readonly text?: string;
}

/**
 * The file in the agent's worktree if that one says what the task says, otherwise (never committed, edited since, made
 * of several files) a copy.
 *
 * @param copy where the copy goes; absolute
 */
export async function specPath(request: LaunchRequest, copy: string): Promise<SpecPlace> {
  const { task } = request;
  const { workspace } = request.attempt;
  const [only, ...others] = task.specs;
  if (only && others.length === 0) {
    const path = join(workspace.path, only.path);
    const inside = relative(workspace.path, path);
    const text = inside.startsWith('..') || isAbsolute(inside) ? undefined : await readIfFile(path);
    if (text?.includes(only.text)) return { path };
  }
  return { path: copy, text: taskText(task) };
}

async function readIfFile(path: string): Promise<string | undefined> {
  // A directory or an unreadable file there is no spec; the copy is.
  return readText(path).catch(() => undefined);
}
