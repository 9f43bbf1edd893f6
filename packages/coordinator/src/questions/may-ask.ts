import type { RunContext } from '../run/run-context.js';

/** True where a person is asked about agents, instead of stopping them, and can be heard. */
export function mayAsk({ options, inbox }: Pick<RunContext, 'options' | 'inbox'>): boolean {
  return options.onIdle === 'ask' && inbox !== undefined;
}
