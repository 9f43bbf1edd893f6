import { type PluginContext, PwtError, type PwtPlugin, type Separator, type TaskSource } from '@pwt/core';
import { describe, expect, it } from 'vitest';
import { makePart } from './make-part.js';

const context: PluginContext = {
  ...{ projectRoot: '/p', gitCommonDir: '/p/.git', stateDir: '/p/.git/pwt', env: {}, settings: {} },
  warn: () => undefined,
};

const load = (provides: object, options?: unknown) => ({
  plugin: { name: 'x', apiVersion: 2, provides } as PwtPlugin,
  options,
  reference: './x.mjs',
});

const fails = () => {
  throw new TypeError('boom');
};

describe('makePart', () => {
  it('makes a part with its options, and none that is not provided', async () => {
    const gate = (_context: PluginContext, options: unknown) => ({ name: String(options), run: fails });
    expect(await makePart(load({ gate }, 'strict'), 'gate', context)).toMatchObject({ name: 'strict' });
    expect(await makePart(load({ gate }), 'merger', context)).toBeUndefined();
  });

  it.each([
    ['taskSource', 'load'],
    ['separator', 'separate'],
    ['agentLauncher', 'check'],
    ['eventSink', 'onEvent'],
  ] as const)('blames a plugin whose %s has no method %s', async (contract, method) => {
    for (const part of [{ name: 'y' }, undefined])
      await expect(makePart(load({ [contract]: () => part }), contract, context)).rejects.toMatchObject({
        code: 'PWT_PLUGIN_MISBEHAVED',
        message: `the plugin x broke its contract: its ${contract} has no method \`${method}\`.`,
      });
  });

  it('tells what a plugin throws as its own mistake, and hands on what it throws on purpose', async () => {
    await expect(makePart(load({ gate: fails }), 'gate', context)).rejects.toMatchObject({
      code: 'PWT_PLUGIN_FAILED',
      message: 'The plugin x failed making its gate: boom',
      data: { plugin: 'the plugin x', stack: expect.stringContaining('make-part.test') },
    });
    const onPurpose = new PwtError('PWT_MINE', 'Not here.');
    const gate = () => Promise.reject(onPurpose);
    await expect(makePart(load({ gate }), 'gate', context)).rejects.toBe(onPurpose);
  });

  it('does so, too, where tasks and claims are found', async () => {
    const made = {
      taskSource: () => ({ name: 's', load: fails }),
      separator: () => ({ name: 's', separate: fails }),
    };
    const source = (await makePart(load(made), 'taskSource', context)) as TaskSource;
    const separator = (await makePart(load(made), 'separator', context)) as Separator;
    const message = (where: string) => `The plugin x failed in ${where}: boom`;
    await expect(source.load({})).rejects.toMatchObject({ message: message('load()') });
    await expect(separator.separate({ tasks: [], tree: { paths: [] } })).rejects.toMatchObject({
      code: 'PWT_PLUGIN_FAILED',
      message: message('separate()'),
    });
    expect(source.normaliseId?.('US-7')).toBe('US-7');
  });

  it('calls the methods of the part as its own', async () => {
    class Counting implements TaskSource {
      readonly name = 'counting';
      #calls = 0;
      async load() {
        this.#calls += 1;
        return { tasks: [], diagnostics: [] };
      }
      normaliseId(id: string) {
        return `${id}/${this.#calls}`;
      }
    }
    const source = (await makePart(
      load({ taskSource: () => new Counting() }),
      'taskSource',
      context,
    )) as TaskSource;
    await source.load({});
    expect(source.normaliseId?.('7')).toBe('7/1');
  });
});
