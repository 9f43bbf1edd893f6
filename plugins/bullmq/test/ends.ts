import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, onTestFinished } from 'vitest';

type End = () => unknown;

const shared = new AsyncLocalStorage<End[]>();

/** Closes something that a stage has opened: at the end of the test, or of the file, if the stage is {@link useShared | shared}. */
export function atEnd(end: End): void {
  const ends = shared.getStore();
  if (ends === undefined) onTestFinished(async () => void (await end()));
  else ends.push(end);
}

export interface Shared<T> {
  get(): Promise<T>;
  /** The next one to ask gets another one: this one was broken on purpose. */
  renew(): void;
}

/** What all tests of a file use, opened by the first one that asks for it. */
export function useShared<T>(open: () => Promise<T>): Shared<T> {
  const ends: End[] = [];
  let opened: Promise<T> | undefined;
  afterAll(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return {
    get: () => {
      opened ??= shared.run(ends, open);
      return opened;
    },
    renew: () => {
      opened = undefined;
    },
  };
}
