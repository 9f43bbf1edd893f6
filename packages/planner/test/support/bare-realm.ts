import { createContext, runInContext } from 'node:vm';

/**
 * Runs a program where there is nothing but the language and `document.body`, and returns the text that it has put
 * there: no `process`, no `Buffer`, no timers. It is the least of what any browser has.
 */
export function runInBareRealm(program: string): string {
  const context = createContext({ document: { body: { textContent: '' } } });
  return String(runInContext(`${program};document.body.textContent`, context, { timeout: 50_000 }));
}
