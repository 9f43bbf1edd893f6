import { defined } from '@pwt/core';
import { type DetectedConfig, type FoundFormat, formatSetting } from '@pwt/default';
import { ask } from '../ask.js';
import { count } from '../format/units.js';
import type { Io } from '../io.js';

type Written = DetectedConfig['config'];

/** Asks which of several formats are to be read, and whether finished tasks are to be marked. */
export async function askAbout(io: Io, { config, formats }: DetectedConfig): Promise<Written> {
  const chosen = formats.length > 1 ? await chooseFormats(io, formats) : formats;
  const without = formats.filter((format) => !chosen.includes(format)).map(({ name }) => name);
  const { formats: _, ...rest } = config;
  const marks = chosen.filter(({ canMark }) => canMark).map(({ name }) => name);
  const markDone =
    marks.length > 0 &&
    (await ask(
      io,
      `When the work of a task lands, mark the task as finished in its file (${marks.join(', ')})?`,
    ));
  return { ...rest, ...defined({ formats: formatSetting(chosen, without) }), ...(markDone && { markDone }) };
}

async function chooseFormats(io: Io, formats: readonly FoundFormat[]): Promise<readonly FoundFormat[]> {
  const chosen: FoundFormat[] = [];
  for (const format of formats) {
    const { name, path, tasks } = format;
    if (await ask(io, `Read the tasks of ${name} (${count(tasks, 'task')}, such as ${path})?`, 'yes'))
      chosen.push(format);
  }
  return chosen;
}
