import { PassThrough } from 'node:stream';
import type { DetectedConfig } from '@pwt/default';
import { describe, expect, it } from 'vitest';
import type { Io } from '../io.js';
import { askAbout } from './init-dialog.js';

/** A person who answers each question by what it is about. */
function person(answers: Readonly<Record<string, string>>): { readonly io: Io; readonly asked: string[] } {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  const asked: string[] = [];
  stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!text.includes('?')) return;
    asked.push(text.trim());
    const about = Object.keys(answers).find((word) => text.includes(word)) ?? '';
    setImmediate(() => stdin.write(`${answers[about] ?? ''}\n`));
  });
  return { io: { stdin, stderr } as unknown as Io, asked };
}

const format = (name: string, canMark = true) => {
  const reference = name as DetectedConfig['formats'][number]['reference'];
  return { name, reference, canMark, path: `${name}/one.md`, tasks: 3 };
};
const detected = (...formats: DetectedConfig['formats'][number][]): DetectedConfig => ({
  config: { maxInstances: 2, formats: formats.map(({ reference }) => reference) },
  because: {},
  formats,
  ignored: [],
});

describe('what init asks', () => {
  it('asks about each of several formats, and writes those that are wanted', async () => {
    const { io, asked } = person({ kiro: 'n', 'marked as': 'n', 'mark the task': 'y' });
    const config = await askAbout(io, detected(format('spec-kit'), format('kiro'), format('beads', false)));
    expect(config).toEqual({
      maxInstances: 2,
      formats: ['spec-files', 'spec-kit', 'beads'],
      markDone: true,
    });
    expect(asked[0]).toContain('Read the tasks of spec-kit (3 tasks, such as spec-kit/one.md)? [Y/n]');
    expect(asked.at(-1)).toContain('mark the task as finished in its file (spec-kit)? [y/N]');
  });

  it('does not ask which one where there is one, and marks nothing unless it is wanted', async () => {
    const { io, asked } = person({});
    expect(await askAbout(io, detected(format('kiro')))).toEqual({
      maxInstances: 2,
      formats: ['spec-files', 'kiro'],
    });
    expect(asked).toHaveLength(1);
  });

  it('writes no formats where only those are wanted that are read in any case', async () => {
    const { io } = person({ kiro: 'no' });
    expect(await askAbout(io, detected(format('spec-files'), format('kiro')))).toEqual({ maxInstances: 2 });
  });

  it('leaves out what is read in any case if that is not wanted', async () => {
    const { io } = person({ 'spec-files': 'n' });
    const config = await askAbout(io, detected(format('spec-files'), format('kiro')));
    expect(config.formats).toEqual(['kiro']);
  });
});
