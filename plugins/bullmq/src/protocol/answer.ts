import { defined, isPwtError, PwtError, type PwtErrorCode } from '@pwt/core';
import * as z from 'zod';

/** How a job ends for the one who asked: an error of the operation is an answer and no failed job, so that it keeps its code. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WrittenError };

export interface WrittenError {
  readonly code: PwtErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** @throws whatever is no `PwtError`: that is a mistake, and the job's to fail with */
export async function answerOf<T>(act: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    if (!isPwtError(error)) throw error;
    const { code, message, hint, data } = error;
    return { ok: false, error: { code, message, ...defined({ hint, data }) } };
  }
}

/** @throws PwtError as the operation has thrown it */
export function answered<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { code, message, hint, data } = answer.error;
  throw new PwtError(code, message, defined({ hint, data }));
}

/** @throws PwtError `PWT_WORKER_JOB_FAILED` if it is none: something else has taken the job */
export function readAnswer<T>(value: unknown, job: string): Answer<T> {
  const { success } = shape.safeParse(value);
  if (success) return value as Answer<T>;
  throw new PwtError(
    'PWT_WORKER_JOB_FAILED',
    `A job (${job}) was answered with something that is no answer.`,
    {
      hint: 'Let only workers of pwt take jobs of this queue.',
    },
  );
}

const shape = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    error: z.object({
      code: z.string().regex(/^PWT_[A-Z_]+$/),
      message: z.string(),
      hint: z.string().optional(),
      data: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);
