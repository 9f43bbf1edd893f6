import { type PluginContext, PwtError } from '@pwt/core';
import { bellChannel, commandChannel, webhookChannel } from './channels.js';
import { type Occasion, occasions } from './notification.js';
import type { NotifySinkOptions } from './notify-sink.js';

type Written = Readonly<Record<string, unknown>>;

/** Turns what stands in the configuration into channels. @throws PwtError `PWT_PLUGIN_OPTIONS` naming what is wrong */
export function readOptions(
  options: unknown,
  context: Pick<PluginContext, 'projectRoot' | 'env'>,
): NotifySinkOptions {
  if (typeof options !== 'object' || options === null) throw invalid('say how to notify');
  const { on, command, webhook, bell, ...unknown } = options as Written;
  const strangers = Object.keys(unknown);
  if (strangers.length > 0) throw invalid(`there is no option ${strangers.join(', ')}`);
  const channels = [
    ...(command === undefined
      ? []
      : [commandChannel(readCommand(command), { cwd: context.projectRoot, env: context.env })]),
    ...(webhook === undefined ? [] : [webhookChannel(readUrl(webhook))]),
    ...(bell === true
      ? [bellChannel((text) => void (process.stderr.isTTY && process.stderr.write(text)))]
      : []),
  ];
  if (bell !== undefined && typeof bell !== 'boolean') throw invalid('"bell" must be true or false');
  if (channels.length === 0) throw invalid('say how to notify');
  return { on: readOccasions(on), channels };
}

function readCommand(value: unknown): readonly [string, ...string[]] {
  const isArgv = Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string');
  if (isArgv && value[0] !== '') return value as unknown as [string, ...string[]];
  throw invalid('"command" must be a list: the program and its arguments');
}

function readUrl(value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw invalid('"webhook" must be an http or https URL');
}

function readOccasions(value: unknown): ReadonlySet<Occasion> {
  if (value === undefined) return new Set(occasions);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const known = list.filter((entry): entry is Occasion => occasions.includes(entry as Occasion));
  if (known.length === 0 || known.length !== list.length)
    throw invalid(`"on" must list some of ${occasions.join(', ')}`);
  return new Set(known);
}

function invalid(what: string): PwtError {
  return new PwtError('PWT_PLUGIN_OPTIONS', `@pwt/plugin-notify: ${what}.`, {
    hint: 'For example: ["@pwt/plugin-notify", {"command": ["notify-send", "pwt"], "on": ["failed", "finished"]}]',
  });
}
