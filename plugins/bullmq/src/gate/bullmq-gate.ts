import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  defined,
  type Gate,
  type GatePart,
  type GateRequest,
  privateModes,
  throwIfAborted,
  type Verdict,
  type Workspace,
} from '@pwt/core';
import type { Exchange } from '../exchange/exchange.js';
import type { GateReport, Shipment } from '../protocol/operations.js';
import type { RemoteGate } from '../protocol/requirement.js';
import type { Homes } from '../workspaces/homes.js';

export interface BullmqGateOptions {
  readonly gate: RemoteGate;
  readonly exchange: Pick<Exchange, 'open'>;
  readonly homes: Pick<Homes, 'call'>;
  readonly warn: (message: string) => void;
}

/**
 * Has the gate run by the worker that has the checkout. If that worker is lost, another one makes the checkout again and runs it
 * there.
 *
 * It has no fingerprint: what the machine of a worker is like is not known here, so no verdict is kept for another run.
 */
export class BullmqGate implements Gate {
  readonly name = 'bullmq';
  readonly #options: BullmqGateOptions;

  constructor(options: BullmqGateOptions) {
    this.#options = options;
  }

  async run({ workspace, abortSignal, logFile, ...request }: GateRequest): Promise<Verdict> {
    throwIfAborted(abortSignal);
    const { runId, subject, commit, changedPaths, complete } = request;
    const asked = {
      runId,
      subject,
      commit,
      gate: this.#options.gate,
      ...defined({ changedPaths, complete }),
    };
    try {
      const report = await this.#options.homes.call(workspace, 'gate', asked, {
        job: jobOf(workspace, asked),
        ...defined({ abortSignal }),
      });
      return await this.#verdict(report, logFile);
    } catch (error) {
      throwIfAborted(abortSignal);
      throw error;
    }
  }

  async #verdict({ verdict, logs }: GateReport, logFile: string): Promise<Verdict> {
    await mkdir(dirname(logFile), { recursive: true, mode: privateModes.folder });
    const { '': whole, ...ofParts } = logs;
    if (whole !== undefined) await this.#write(logFile, whole);
    const parts = verdict.parts?.filter(({ name }) => this.#has(name));
    if (parts === undefined) return verdict;
    const here = parts.map((part): GatePart => ({ ...part, logFile: logOf(logFile, part.name) }));
    for (const { name, logFile: file } of here) {
      const shipment = Object.hasOwn(ofParts, name) ? ofParts[name] : undefined;
      if (shipment !== undefined) await this.#write(file, shipment);
    }
    return { ...verdict, parts: here };
  }

  /** The name becomes that of a file here: it has to be one of this gate's own. */
  #has(name: string): boolean {
    const { command } = this.#options.gate;
    return typeof command !== 'string' && Object.hasOwn(command, name);
  }

  /** A verdict counts without its log. */
  async #write(file: string, shipment: Shipment): Promise<void> {
    try {
      await writeFile(file, await this.#options.exchange.open(shipment), { mode: privateModes.file });
    } catch (error) {
      this.#options.warn(`${file} could not be written: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** The same for a process that follows on one which was killed: it gets the answer of the gate that is under way. */
function jobOf({ id }: Workspace, asked: object): string {
  return `gate-${id}-${createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)}`;
}

/** As the gate of one machine names the logs of its commands. */
function logOf(logFile: string, part: string): string {
  return `${logFile.replace(/\.log$/, '')}.${part}.log`;
}
