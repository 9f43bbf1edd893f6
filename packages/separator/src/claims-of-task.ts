import { type Claim, type Diagnostic, type Task, unknownScopeClaim } from '@pwt/core';
import { literalPath, matches } from '@pwt/scope';
import { ClaimCollector } from './claim-collector.js';
import { type ExtractionContext, extractMentions, titleMentions } from './extract-mentions.js';
import { impliedClaims } from './implied/implied-claims.js';
import { mergeClaims } from './merge-claims.js';

export interface TaskScope {
  readonly claims: readonly Claim[];
  readonly unknownScope: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** The claims of one task: from its structured scope, or else from its text, with the claims that those imply. */
export function claimsOfTask(task: Task, context: ExtractionContext): TaskScope {
  const diagnostics: Diagnostic[] = [];
  const declared = task.declared ?? [];
  if (declared.some((claim) => claim.mode !== 'read')) {
    const claims = mergeClaims([...declared, ...impliedClaims(declared, context.tree)]);
    return { claims, unknownScope: false, diagnostics };
  }
  const mentions = [
    ...titleMentions(task, context),
    ...task.specs.flatMap((spec) => extractMentions(spec, context)),
  ];
  const collected = new ClaimCollector(task, mentions, context, diagnostics).collect();
  const found = collected.filter((claim) => !isCovered(claim, declared));
  const claims = mergeClaims([...declared, ...found, ...impliedClaims(found, context.tree)]);
  if (claims.some((claim) => claim.mode !== 'read')) return { claims, unknownScope: false, diagnostics };
  const [main] = task.specs;
  const place = main ? { path: main.path, line: main.firstLine ?? 1 } : undefined;
  diagnostics.push({
    code: 'PWT_SCOPE_UNKNOWN',
    severity: 'warning',
    message: `Task ${task.id} names no file that it will change, so it is taken to touch everything and runs alone.`,
    hint: 'Name its files, for example in a "## File Scope" section or in front matter: `files: [src/a.ts]`.',
    taskIds: [task.id],
    ...place,
  });
  return { claims: [...claims, unknownScopeClaim(place)], unknownScope: true, diagnostics };
}

/** True for a file that the structured scope only reads; that decides. */
function isCovered(claim: Claim, declared: readonly Claim[]): boolean {
  const path = declared.length > 0 ? literalPath(claim.pattern) : undefined;
  return path !== undefined && declared.some(({ pattern }) => matches(pattern, path));
}
