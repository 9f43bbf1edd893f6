import type { Git } from '@pwt/git';
import type { Exchange } from '../exchange/exchange.js';
import type { Fleet } from '../fleet/fleet.js';
import type { RunSettings } from '../run-settings.js';
import type { PlacementStore } from './placement-store.js';

/** What the coordinator's side works with. */
export interface WorkspacesContext {
  /** The project's repository. */
  readonly git: Git;
  /** Where pwt keeps its state for the repository. Absolute. */
  readonly stateDir: string;
  /** The repository's name for workers. */
  readonly repository: string;
  readonly settings: RunSettings;
  readonly fleet: Fleet;
  readonly exchange: Exchange;
  readonly placements: PlacementStore;
  readonly warn: (message: string) => void;
}
