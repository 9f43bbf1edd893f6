import type { Clock } from '@pwt/core';
import type { Exchange } from '../exchange/exchange.js';
import type { Fleet } from '../fleet/fleet.js';
import type { Timings } from '../protocol/timings.js';
import type { RunSettings } from '../run-settings.js';
import type { PlacementStore } from '../workspaces/placement-store.js';

/** What the coordinator's side of agents works with. */
export interface LauncherContext {
  /** The repository's name for workers. */
  readonly repository: string;
  readonly settings: RunSettings;
  readonly fleet: Pick<Fleet, 'call' | 'control' | 'markStopped' | 'workers' | 'announce' | 'check'>;
  readonly exchange: Pick<Exchange, 'check' | 'giveUp' | 'take' | 'exitOf' | 'open'>;
  readonly placements: Pick<PlacementStore, 'read' | 'launched' | 'ended' | 'gaveUp' | 'lost' | 'made'>;
  readonly timings: Timings;
  /** @default the system's clock */
  readonly clock?: Clock | undefined;
  readonly warn: (message: string) => void;
}
