import type { AgentUsage, Budget } from '@pwt/core';
import type { AgentScript, ManualClock } from '@pwt/testkit';
import { AccountWorld } from './provider-account.js';

/** What each turn of these agents uses. */
export const TURN = { inputTokens: 8, outputTokens: 2, costUsd: 0.25 } as const;
export const TURN_TOKENS = 10;
const TURN_MS = 60_000;

export interface TurnsOptions {
  readonly ids: readonly string[];
  readonly budget?: Budget;
  readonly maxInstances?: number;
  readonly clock?: ManualClock;
  /** Tasks whose agents never come to an end. */
  readonly endless?: readonly string[];
}

/** A run of agents that need two turns of a minute each, and tell after each what they have used. */
export class TurnsWorld extends AccountWorld {
  /** The task of each turn that began, in order. */
  readonly turns: string[];

  #underWay = 0;

  constructor({ ids, budget, maxInstances = 2, clock, endless = [] }: TurnsOptions) {
    const turns: string[] = [];
    const play: AgentScript = async ({ request, stopped, say }) => {
      const { task, attempt } = request;
      const files = this.world.provider.files(attempt.workspace);
      let usage: AgentUsage = {};
      const turn = async () => {
        turns.push(task.id);
        const { inputTokens = 0, outputTokens = 0, costUsd = 0 } = usage;
        usage = {
          inputTokens: inputTokens + TURN.inputTokens,
          outputTokens: outputTokens + TURN.outputTokens,
          costUsd: costUsd + TURN.costUsd,
        };
        say({ kind: 'message', text: 'on it', total: usage });
        this.#underWay += 1;
        const ended = new Promise<boolean>((resolve) => this.clock.after(TURN_MS, () => resolve(true)));
        const isWhole = await Promise.race([ended, stopped.then(() => false)]);
        this.#underWay -= 1;
        return isWhole;
      };
      const isSecond = files.has(`${task.id}.txt`);
      if (!isSecond && !(await turn())) return 1;
      // What was done in the first turn is there for a further attempt.
      files.set(`${task.id}.txt`, 'begun\n');
      do if (!(await turn())) return 1;
      while (endless.includes(task.id));
      files.set(`${task.id}.txt`, 'done\n');
      return { kind: 'exited', exitCode: 0, usage };
    };
    const options = { maxInstances, ...(budget ? { budget } : {}) };
    super(ids, { claude: {} }, { options, play, ...(clock ? { clock } : {}) });
    this.turns = turns;
  }

  /** No more than what the turns take: how late it is does not depend on the machine. */
  protected override passTime(): void {
    if (this.#underWay > 0) this.clock.advance(TURN_MS);
  }
}
