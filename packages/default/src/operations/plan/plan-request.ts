/** Which tasks a plan or a run is of. */
export interface PlanRequest {
  /** As a user types them: `20`, `US-020`, `20-25`, `007-*`, a folder, a phase. @default all tasks */
  readonly taskIds?: readonly string[];
  /** Only tasks that depend on no unfinished task. @default false */
  readonly ready?: boolean;
}
