import type { Permission } from '@pwt/core';
import { PwtError } from '@pwt/core';
import type { AgentDefinition } from '../agents/agent-definition.js';

/** What the placeholders of {@link AgentDefinition.args} stand for in one attempt. */
export interface ArgumentValues {
  readonly prompt: string;
  readonly promptFile: string;
  readonly claimsFile: string;
  readonly worktree: string;
  readonly taskId: string;
  /** The agent's earlier session, if the attempt continues one. */
  readonly sessionId?: string | undefined;
  /** pwt confines the agent. */
  readonly isConfined?: boolean;
}

/** Linux refuses a single argument of 128 KiB or more (`MAX_ARG_STRLEN`, execve(2)). */
const MAX_ARGUMENT_BYTES = 131_071;

/**
 * The complete arguments of an agent.
 *
 * The prompt is always a whole argument: text from a spec never becomes a part of a command line that a program may
 * parse.
 *
 * @throws PwtError `PWT_PROMPT_TOO_LONG` for an argument that would be longer than the system allows
 */
export function agentArguments(
  agent: AgentDefinition,
  permission: Permission,
  values: ArgumentValues,
): string[] {
  const { prompt, isConfined = false, ...paths } = values;
  const level = agent.permissions[permission];
  const permitted = isConfined ? (level.confinedArgs ?? level.args) : level.args;
  const args = withImplied(
    agent,
    values.sessionId === undefined ? agent.args : (agent.resumeArgs ?? agent.args),
  );
  return args.flatMap((arg) => {
    if (arg === '{permission}') return [...permitted];
    if (arg === '{prompt}') return [asArgument(prompt)];
    return [arg.replace(/\{(\w+)\}/g, (all, name: string) => paths[name as keyof typeof paths] ?? all)];
  });
}

/** The arguments with everything spelt out that a definition may leave to the transport. */
function withImplied({ prompt }: AgentDefinition, args: readonly string[]): readonly string[] {
  return [
    ...args,
    ...(args.includes('{permission}') ? [] : ['{permission}']),
    ...(prompt === 'argv' && !args.includes('{prompt}') ? ['{prompt}'] : []),
    ...(prompt === 'file' && !args.some((arg) => arg.includes('{promptFile}')) ? ['{promptFile}'] : []),
  ];
}

function asArgument(prompt: string): string {
  const bytes = Buffer.byteLength(prompt);
  // The kernel would end the argument, and so the task, at the first NUL.
  if (bytes <= MAX_ARGUMENT_BYTES) return prompt.replaceAll('\0', '\uFFFD');
  throw new PwtError('PWT_PROMPT_TOO_LONG', `A prompt of ${bytes} bytes can't be given as an argument.`, {
    hint: 'Give it on standard input or in a file: agent.prompt: "stdin" or "file".',
    data: { bytes, maxBytes: MAX_ARGUMENT_BYTES },
  });
}
