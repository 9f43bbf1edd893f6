import { defined, type Place, PwtError, type TaskSource } from '@pwt/core';
import { Checkout } from './checkout.js';
import type { SourceFileSystem } from './file-system.js';
import type { Detected, TaskFormat } from './format.js';
import { FormatSource, type FormatSourceOptions } from './format-source.js';
import { agentOs } from './formats/agent-os/agent-os.js';
import { backlogMd } from './formats/backlog-md/backlog-md.js';
import { beads } from './formats/beads/beads.js';
import { bmad } from './formats/bmad/bmad.js';
import { conductor } from './formats/conductor/conductor.js';
import { gsd } from './formats/gsd/gsd.js';
import { issues } from './formats/issues/issues.js';
import { jsonTasks } from './formats/json-tasks/json-tasks.js';
import { kiro } from './formats/kiro/kiro.js';
import { markdownFiles } from './formats/markdown-files/markdown-files.js';
import { openSpec } from './formats/openspec/openspec.js';
import { planFiles } from './formats/plan-files/plan-files.js';
import { promptFolders } from './formats/prompt-folders/prompt-folders.js';
import { specFiles } from './formats/spec-files/spec-files.js';
import { specKit } from './formats/spec-kit/spec-kit.js';
import { taskMaster } from './formats/task-master/task-master.js';
import { readOptions } from './options.js';

/** Every format, in the order in which documentation and `pwt init` list them. */
export const formats: readonly TaskFormat[] = [
  specFiles,
  specKit,
  openSpec,
  kiro,
  bmad,
  gsd,
  taskMaster,
  backlogMd,
  beads,
  conductor,
  planFiles,
  agentOs,
  promptFolders,
  markdownFiles,
  jsonTasks,
  issues,
];

export interface OpenFormatOptions extends Omit<FormatSourceOptions<object>, 'options'> {
  /** The options from the configuration, checked here. */
  readonly options?: unknown;
  /** The place in the configuration. */
  readonly place?: Place | undefined;
}

/**
 * The tasks that a checkout has in a format.
 *
 * @throws PwtError `PWT_FORMAT_UNKNOWN`, `PWT_FORMAT_OPTIONS`
 */
export function openFormat(name: string, { options, place, ...from }: OpenFormatOptions): TaskSource {
  const format = formats.find((one) => one.name === name);
  if (!format) {
    const known = formats.map((one) => one.name);
    throw new PwtError('PWT_FORMAT_UNKNOWN', `There is no task format "${name}".`, {
      hint: `The formats are: ${known.join(', ')}. A source of your own is a plugin.`,
      data: { format: name, known },
      ...defined({ place }),
    });
  }
  return new FormatSource(format, { ...from, options: readOptions(format, options, place) });
}

/** A format that a checkout has tasks in. */
export interface DetectedFormat extends Detected {
  readonly name: string;
}

/** The formats that a checkout has tasks in. Looks at no more than a few levels of folders. */
export async function detectFormats(root: string, fs?: SourceFileSystem): Promise<readonly DetectedFormat[]> {
  const checkout = new Checkout(root, fs);
  const found = await Promise.all(
    formats.map(async (format) => {
      const detected = await format.detect(checkout);
      return detected && { name: format.name, ...detected };
    }),
  );
  return found.filter((one) => one !== undefined);
}
