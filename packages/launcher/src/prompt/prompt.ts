import { type Claim, type LaunchRequest, shellQuote, taskText } from '@pwt/core';
import { describeCommands, type ProjectCommand } from './commands.js';
import { describeContext } from './context.js';
import { describeFinished } from './dependencies.js';
import { code, inline } from './inline.js';
import { renderTemplate } from './render-template.js';

/** What a prompt says beside what the request has. */
export interface PromptOptions {
  readonly template: string;
  /** The agent's own session that continues. */
  readonly sessionId?: string | undefined;
  /** The command line that starts pwt. @default `pwt` */
  readonly pwt?: readonly string[] | undefined;
  readonly commands?: readonly ProjectCommand[] | undefined;
  /** Whether tasks are marked as done when they land. @default false */
  readonly marksDone?: boolean | undefined;
}

/**
 * The text that an agent gets. If its own session continues, that is the feedback alone, since the session knows the
 * task; if an attempt that continues starts a new session, the feedback comes after the rest.
 */
export function promptFor(request: LaunchRequest, options: PromptOptions): string {
  const { continues, prompt } = request;
  if (prompt !== undefined) return prompt;
  if (continues === undefined) return taskPrompt(request, options);
  const how =
    continues.failure === 'no-change' ? `\n\nThe command for that: ${noChangeCommand(options)}` : '';
  const feedback = `${continues.feedback}${how}\n`;
  if (options.sessionId !== undefined) return feedback;
  return `${taskPrompt(request, options).trimEnd()}\n\n${continuationHeading}\n\n${feedback}`;
}

const continuationHeading = `# An earlier attempt

An earlier attempt at this task has worked in this worktree before you; what it did is there. It was not enough:`;

function taskPrompt(request: LaunchRequest, options: PromptOptions): string {
  const { task, claims, finished } = request;
  const { workspace } = request.attempt;
  return renderTemplate(options.template, {
    spec: taskText(task),
    context: describeContext(task),
    dependencies: describeFinished(finished),
    claims: describeClaims(claims),
    commands: describeCommands(options.commands ?? []),
    worktree: workspace.path,
    branch: workspace.branch ?? '(none: detached HEAD)',
    taskId: task.id,
    title: inline(task.title),
    noChange: noChangeCommand(options),
    marks: options.marksDone === true ? leaveMarks : '',
  });
}

const leaveMarks = `- Do not mark this task as done, in its list, its file or elsewhere: that is done when your work lands.`;

/** What an agent runs that finds nothing to change: as it works wherever pwt is installed. */
function noChangeCommand({ pwt = ['pwt'] }: PromptOptions): string {
  return code(`${pwt.map(shellQuote).join(' ')} done --no-change -m 'why'`, 4000);
}

/** The patterns that a task may change: not what it only reads, nor what it only possibly touches. */
export function claimedPatterns(claims: readonly Claim[]): string[] {
  const own = claims.filter(({ mode, confidence }) => mode !== 'read' && confidence !== 'possible');
  return [...new Set(own.map(({ pattern }) => pattern))];
}

function describeClaims(claims: readonly Claim[]): string {
  const own = claimedPatterns(claims);
  if (own.length === 0) {
    return 'The task does not name its files. Other tasks run meanwhile: change what this one needs, and no more.';
  }
  if (own.includes('**')) {
    return 'The task does not name its files. No other task runs meanwhile: change what it needs.';
  }
  return [
    'This task is expected to change:',
    '',
    ...own.map((pattern) => `- ${code(pattern, 1000)} (${modesOf(pattern, claims).join(', ')})`),
  ].join('\n');
}

function modesOf(pattern: string, claims: readonly Claim[]): string[] {
  const modes = claims.filter((claim) => claim.pattern === pattern && claim.mode !== 'read');
  return [...new Set(modes.map(({ mode }) => mode))];
}
