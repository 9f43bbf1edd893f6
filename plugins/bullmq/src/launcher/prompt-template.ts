import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type PluginContext, PwtError } from '@pwt/core';

/**
 * The text of `promptFile`, which workers do not have.
 *
 * @throws PwtError `PWT_PROMPT_UNREADABLE`
 */
export async function readPromptTemplate(
  { projectRoot }: Pick<PluginContext, 'projectRoot'>,
  promptFile: unknown,
): Promise<string | undefined> {
  if (typeof promptFile !== 'string') return undefined;
  const file = resolve(projectRoot, promptFile);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PwtError('PWT_PROMPT_UNREADABLE', `The prompt template can't be read: ${String(cause)}`, {
      place: { path: file },
      hint: 'Check promptFile in the configuration; it starts at the root of the checkout.',
      cause,
    });
  }
}
