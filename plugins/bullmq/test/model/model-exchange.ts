import type { AgentExit } from '@pwt/core';
import type { AttemptKey } from '../../src/protocol/operations.js';
import type { Observed } from './trace.js';

/** What the model has of an exchange, by the plugin's own code on both sides. */
export interface ModelExchange {
  /** As a worker does it: the result, or late work. */
  publish(worker: string, attempt: AttemptKey): Promise<'published' | 'taken'>;
  /** As the coordinator does it. `exit` and whose work it is come from the commit. */
  giveUp(attempt: AttemptKey): Promise<'given-up' | { readonly worker: string; readonly exit: AgentExit }>;
  /** What the coordinator takes after an answer. */
  result(attempt: AttemptKey): Promise<{ readonly worker: string; readonly exit: AgentExit }>;
  observe(): Promise<Pick<Observed, 'refs' | 'late'>>;
}
