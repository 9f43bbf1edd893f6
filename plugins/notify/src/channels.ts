import { PwtError } from '@pwt/core';
import { cleanEnvironment, runCommand } from '@pwt/process';
import type { Channel } from './notify-sink.js';

const TIMEOUT_MS = 10_000;

/**
 * Runs a command, without a shell: title and text are in `PWT_NOTIFY_TITLE` and `PWT_NOTIFY_TEXT`, the whole
 * notification is on its standard input as JSON.
 */
export function commandChannel(
  argv: readonly [string, ...string[]],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Channel {
  const [command, ...args] = argv;
  return {
    async send(notification) {
      const { title, text } = notification;
      const env = cleanEnvironment(place.env, { add: { PWT_NOTIFY_TITLE: title, PWT_NOTIFY_TEXT: text } });
      const stdin = `${JSON.stringify(notification)}\n`;
      const result = await runCommand({ command, args, cwd: place.cwd, env, stdin, timeoutMs: TIMEOUT_MS });
      if (result.exitCode === 0) return;
      const how = result.timedOut ? 'timed out' : `ended with ${result.exitCode ?? result.signal}`;
      throw new PwtError('PWT_NOTIFY_FAILED', `The notify command ${command} ${how}.`, {
        hint: 'Try it by hand; its input is one line of JSON.',
        data: { stderr: result.stderrTail },
      });
    },
  };
}

/** Posts the notification as JSON to the URL that the user gave. Follows no redirect. */
export function webhookChannel(url: URL): Channel {
  return {
    async send(notification) {
      let status: number;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(notification),
          redirect: 'manual',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        await response.body?.cancel();
        status = response.status;
      } catch (cause) {
        throw new PwtError('PWT_NOTIFY_FAILED', `The webhook at ${url.host} can't be reached.`, { cause });
      }
      if (status < 200 || status > 299) {
        throw new PwtError('PWT_NOTIFY_FAILED', `The webhook at ${url.host} answered with status ${status}.`);
      }
    },
  };
}

/** Rings the bell of the terminal that pwt was started in. */
export function bellChannel(write: (text: string) => void): Channel {
  return {
    async send() {
      write('\u0007');
    },
  };
}
