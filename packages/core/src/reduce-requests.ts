import { defined } from './defined.js';
import type { RunEventPayloads } from './event.js';
import type { TakenRequest } from './review.js';
import type { RunState } from './state.js';

/** The requests with one more; one that is known stays as it is. Pure. */
export function withTaken(
  requests: readonly TakenRequest[] = [],
  { id, kind, taskIds, reason }: RunEventPayloads['request-taken'],
): readonly TakenRequest[] {
  if (requests.some((request) => request.id === id)) return requests;
  return [
    ...requests,
    { id, kind, taskIds, ...defined({ reason }), reopened: [], isBegun: false, isDone: false },
  ];
}

/** The requests of a state after one of them has come further. Pure. */
export function withRequest(
  { requests }: Pick<RunState, 'requests'>,
  id: string | undefined,
  further: Partial<Pick<TakenRequest, 'isBegun' | 'isDone'>> & { readonly reopened?: string },
): Pick<RunState, 'requests'> {
  if (id === undefined || requests === undefined) return {};
  const { reopened, ...flags } = further;
  return {
    requests: requests.map((request) => {
      if (request.id !== id) return request;
      const taskIds = reopened === undefined ? request.reopened : [...request.reopened, reopened];
      return { ...request, ...flags, reopened: taskIds };
    }),
  };
}
