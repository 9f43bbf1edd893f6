import { isAbsolute, join, relative } from 'node:path';
import { type LaunchRequest, taskText } from '@pwt/core';
import { readText, writeDurably } from './durable-file.js';

/**
 * An absolute path at which the agent can read its spec: the file in its worktree if that one says what the
 * task says, otherwise (never committed, edited since, made of several files) a copy at `copy`.
 */
export async function specPath(request: LaunchRequest, copy: string): Promise<string> {
  const { task } = request;
  const { workspace } = request.attempt;
  const [only, ...others] = task.specs;
  if (only && others.length === 0) {
    const path = join(workspace.path, only.path);
    const inside = relative(workspace.path, path);
    const text = inside.startsWith('..') || isAbsolute(inside) ? undefined : await readIfFile(path);
    if (text?.includes(only.text)) return path;
  }
  await writeDurably(copy, taskText(task));
  return copy;
}

async function readIfFile(path: string): Promise<string | undefined> {
  // A directory or an unreadable file there is no spec; the copy is.
  return readText(path).catch(() => undefined);
}
