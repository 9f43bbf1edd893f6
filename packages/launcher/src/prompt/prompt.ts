import { type Claim, type LaunchRequest, taskText } from '@pwt/core';
import { renderTemplate } from './render-template.js';

/**
 * The text that an agent gets. If its own session continues, that is the feedback alone, since the session knows the
 * task; if an attempt that continues starts a new session, the feedback comes after the rest.
 */
export function promptFor(
  request: LaunchRequest,
  template: string,
  { sessionId }: { readonly sessionId?: string | undefined } = {},
): string {
  if (request.prompt !== undefined) return request.prompt;
  const feedback = request.continues?.feedback;
  if (feedback === undefined) return taskPrompt(request, template);
  if (sessionId !== undefined) return `${feedback}\n`;
  return `${taskPrompt(request, template).trimEnd()}\n\n${continuationHeading}\n\n${feedback}\n`;
}

const continuationHeading = `# An earlier attempt

An earlier attempt at this task has worked in this worktree before you; what it did is there. It was not enough:`;

function taskPrompt(request: LaunchRequest, template: string): string {
  const { task, claims } = request;
  const { workspace } = request.attempt;
  return renderTemplate(template, {
    spec: taskText(task),
    claims: describeClaims(claims),
    worktree: workspace.path,
    branch: workspace.branch ?? '(none: detached HEAD)',
    taskId: task.id,
    title: task.title,
  });
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
    ...own.map((pattern) => `- \`${pattern}\` (${modesOf(pattern, claims).join(', ')})`),
  ].join('\n');
}

function modesOf(pattern: string, claims: readonly Claim[]): string[] {
  const modes = claims.filter((claim) => claim.pattern === pattern && claim.mode !== 'read');
  return [...new Set(modes.map(({ mode }) => mode))];
}
