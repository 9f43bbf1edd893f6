import { failureFrom } from './failure.js';
import { oneLine } from './text.js';

/** A request to the model that failed, in the log of opencode 1.18 and kilo 7.7. A small one is for a title. */
const FAILED_CALL =
  /\bmessage="stream error"(?!.*\bsmall=true).*\berror="AI_APICallError: ((?:[^"\\]|\\.)*)"/;

/**
 * What opencode and kilo tried again until the end of their log, although its text does not say what it was.
 *
 * They log no HTTP code; it comes with the error that they end with. But they only try again what may pass: a limit, or
 * a service that is overloaded. A wrong key ends them at once.
 */
export function retriedCall(stderr: readonly string[]): string | undefined {
  const calls = stderr.filter((line) => line.trim() !== '').map((line) => FAILED_CALL.exec(line)?.[1]);
  const [before, last] = calls.slice(-2);
  if (before === undefined || last === undefined) return undefined;
  const text = oneLine(last.replace(/\\(.)/g, '$1'));
  return failureFrom(text, 'crash').kind === 'crash' ? text : undefined;
}
