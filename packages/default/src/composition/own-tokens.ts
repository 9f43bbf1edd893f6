import type { Coordinator, ExperienceStore, VerdictStore } from '@pwt/coordinator';
import { type JournalStore, type Token, token } from '@pwt/core';
import type { ResultCache } from '@pwt/separator';
import type { NamedSource } from './parts/named-source.js';
import type { SourceMarker } from './parts/task-marker.js';

/** The keys of what only this package composes. */
export const ownTokens: {
  readonly coordinator: Token<Coordinator>;
  readonly journals: Token<JournalStore>;
  readonly namedSources: Token<readonly NamedSource[]>;
  readonly marker: Token<SourceMarker>;
  readonly cache: Token<ResultCache>;
  readonly verdicts: Token<VerdictStore>;
  readonly experience: Token<ExperienceStore>;
} = {
  coordinator: token('coordinator'),
  journals: token('journal-store'),
  namedSources: token('named-task-sources'),
  marker: token('task-marker'),
  cache: token('result-cache'),
  verdicts: token('verdict-store'),
  experience: token('experience'),
};
