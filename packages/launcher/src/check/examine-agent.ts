import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Diagnostic, defined, isPwtError, type Permission, PwtError } from '@pwt/core';
import { type RoleEnvironment, resolveCommand, roleEnvironment } from '@pwt/process';
import type { AgentDefinition } from '../agents/agent-definition.js';
import { type LoginState, loginState } from './login.js';

/** Where and as whom an agent would be started. */
export interface AgentPlace {
  /** The environment that the user started pwt with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What else agents get. */
  readonly environment?: RoleEnvironment | undefined;
  /** Absolute. What a command with a slash is relative to. */
  readonly cwd: string;
}

/** What is known of an agent before it is started. */
export interface AgentExamination {
  readonly agent: AgentDefinition;
  /** Why it can't be started: `PWT_AGENT_NOT_FOUND`, `PWT_AGENT_NOT_LOGGED_IN`. */
  readonly problem?: PwtError;
  /** What a user should know although it can. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks at an agent as a run does before it starts one: installed, logged in, allowed to work unattended. */
export async function examineAgent(
  agent: AgentDefinition,
  place: AgentPlace,
  permission: Permission,
): Promise<AgentExamination> {
  let program: string;
  try {
    program = await programOf(agent, place);
  } catch (error) {
    if (!isPwtError(error)) throw error;
    return { agent, problem: error, diagnostics: [] };
  }
  const login = await askLogin(agent, program, place);
  const notLoggedIn = login === 'in' ? [] : [notLoggedInNote(agent, login)];
  const diagnostics = [...notLoggedIn, ...permissionNote(agent, permission), ...resumeNote(agent)];
  if (login !== 'out' || agent.login?.isCertain !== true) return { agent, diagnostics };
  return { agent, problem: notLoggedInError(agent, agent.login.command), diagnostics: [] };
}

/** @throws PwtError `PWT_AGENT_NOT_FOUND`, with the command that installs it */
export async function programOf(agent: AgentDefinition, { cwd, env }: AgentPlace): Promise<string> {
  try {
    return await resolveCommand(agent.command, { cwd, env });
  } catch (error) {
    if (!isPwtError(error)) throw error;
    const message = `The agent ${agent.name} can't be started: ${error.message}`;
    const hint = agent.install === undefined ? error.hint : `Install it with: ${agent.install}`;
    throw new PwtError('PWT_AGENT_NOT_FOUND', message, {
      ...defined({ hint }),
      data: { agent: agent.name, command: agent.command },
      cause: error,
    });
  }
}

async function askLogin(agent: AgentDefinition, program: string, place: AgentPlace): Promise<LoginState> {
  if (agent.login === undefined) return 'in';
  const scratch = await mkdtemp(join(tmpdir(), 'pwt-ask-'));
  try {
    const { env, environment: role, cwd: root } = place;
    const asked = roleEnvironment({ env: { ...agent.env, ...env }, role, add: {} });
    return await loginState(agent, program, { env: asked, root, scratch });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function notLoggedInError({ name }: AgentDefinition, command: string): PwtError {
  return new PwtError('PWT_AGENT_NOT_LOGGED_IN', `The agent ${name} says that nobody is logged in.`, {
    hint: `Log in with: ${command}`,
    data: { agent: name, command },
  });
}

function notLoggedInNote({ name, login }: AgentDefinition, state: LoginState): Diagnostic {
  const seen = state === 'out' ? 'says that nobody is logged in' : 'shows no sign of a login or a key';
  return {
    code: 'PWT_AGENT_NOT_LOGGED_IN',
    severity: 'warning',
    message: `The agent ${name} ${seen}; unless its model needs none, its tasks will fail.`,
    ...(login === undefined ? {} : { hint: `Log in with: ${login.command}` }),
  };
}

const LADDER: readonly Permission[] = ['default', 'accept-edits', 'auto', 'bypass'];

function permissionNote(agent: AgentDefinition, permission: Permission): Diagnostic[] {
  const { name, unattended, belowUnattended = 'denied' } = agent;
  if (LADDER.indexOf(permission) >= LADDER.indexOf(unattended)) return [];
  const at = `At permission "${permission}", the agent ${name}`;
  const asks = 'asks before it changes files or runs commands, and there is nobody to answer: it is denied.';
  return [
    {
      code: 'PWT_AGENT_PERMISSION',
      severity: belowUnattended === 'denied' ? 'warning' : 'info',
      message:
        belowUnattended === 'denied'
          ? `${at} ${asks}`
          : `${at} does what its own configuration allows; what it would ask about is denied.`,
      hint: `Let it work unattended (permission "${unattended}"): --auto-approve`,
    },
  ];
}

/** Of a command of the user's own, nothing else is expected. */
function resumeNote({ name, install, resumeArgs }: AgentDefinition): Diagnostic[] {
  if (install === undefined || resumeArgs !== undefined) return [];
  return [
    {
      code: 'PWT_AGENT_STARTS_ANEW',
      severity: 'info',
      message: `The agent ${name} can't go on with its session: a further attempt starts anew, and is told what was tried.`,
    },
  ];
}
