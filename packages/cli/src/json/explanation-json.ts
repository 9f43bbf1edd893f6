import { defined } from '@pwt/core';
import type { PairExplanation, QuotedClaim } from '@pwt/planner';
import { SCHEMA_VERSION } from '../report-error.js';
import { placeJson } from './place-json.js';
import { claimJson } from './plan-json.js';

/** What `pwt explain --json` prints: one object. */
export function explanationJson({
  tasks,
  relation: verdict,
  reasons,
  conflicts,
  shared,
  nearest,
  dependency,
  ...rest
}: PairExplanation): Record<string, unknown> {
  return {
    schemaVersion: SCHEMA_VERSION,
    tasks: tasks.map(({ id, title, specs, runsOn }) => ({
      ...{ id, title, specs: specs.map(({ path }) => path) },
      ...defined({ runsOn }),
    })),
    verdict,
    ...rest,
    reasons: reasons.map(reasonJson),
    meetings: conflicts.map(({ claims, ...conflict }) => ({ ...conflict, because: claims.map(quotedJson) })),
    shared: shared.map(({ claims, witness }) => ({ witness, because: claims.map(quotedJson) })),
    nearest: nearest ? { folder: nearest.folder, because: nearest.claims.map(quotedJson) } : null,
    dependency: dependency ?? null,
  };
}

function quotedJson({ taskId, claim, text }: QuotedClaim): Record<string, unknown> {
  return { task: taskId, ...claimJson(claim), text: text ?? null };
}

function reasonJson({ file, ...reason }: PairExplanation['reasons'][number]): Record<string, unknown> {
  if (file === undefined) return reason;
  const [a, b] = [file.a, file.b].map(({ place, ...evidence }) => ({
    ...evidence,
    ...(place === undefined ? {} : { place: placeJson(place) }),
  }));
  return { ...reason, file: { ...file, a, b } };
}
