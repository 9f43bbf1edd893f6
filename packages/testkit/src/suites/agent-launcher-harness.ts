import assert from 'node:assert/strict';
import type { AgentLauncher, AgentRun, Attempt, LaunchRequest } from '@pwt/core';
import type { Disposable } from './runner.js';

/** What the agent of a test does: end with an exit code, or go on, silently, until it is released or stopped. */
export type AgentBehaviour = { readonly exitCode: number } | { readonly waits: true };

export interface AgentLauncherHarness extends Disposable {
  /** A launcher whose agents behave like this. */
  launcher(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** Another launcher over the same machine, as a new process would have one. */
  reopen(behaviour: AgentBehaviour): Promise<AgentLauncher>;
  /** A request for a fresh attempt, with its own `stateDir` and without time limits. */
  request(): Promise<LaunchRequest>;
  /** Lets the waiting agent of this attempt end with 0. */
  release(request: LaunchRequest): Promise<void>;
  /**
   * Moves the clock that all launchers of the harness use. Without it the limits of the tests are real, and what needs
   * a clock is not tested.
   */
  advance?(ms: number): void | Promise<void>;
  /** What the agent of an attempt was told, in full. Without it, what needs it is not tested. */
  promptOf?(request: LaunchRequest): Promise<string>;
  /**
   * Takes away for good the machine on which the agent of this attempt works, or was to work. Without it, all agents work on
   * one machine.
   */
  loseMachine?(request: LaunchRequest): Promise<void>;
  /** A launcher of a program that is not there. Without it, what needs it is not tested. */
  missing?(): Promise<AgentLauncher>;
  /** How long an agent may take to be gone once it is beyond its limit, in real time. @default 20000 */
  readonly patienceMs?: number;
}

/** Adds a test with a harness of its own. */
export type LauncherTest = (name: string, body: (harness: AgentLauncherHarness) => Promise<void>) => void;

/** Finds an agent that is there. */
export async function attach(launcher: AgentLauncher, attempt: Attempt): Promise<AgentRun> {
  const found = await launcher.attach(attempt);
  assert.ok(found, 'attach() must find the agent of an attempt that another launcher has started');
  return found;
}
