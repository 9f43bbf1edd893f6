import 'reflect-metadata';
import { PwtError, type Token } from '@pwt/core';
import { type DependencyContainer, instanceCachingFactory, container as rootContainer } from 'tsyringe';

/** Gives a factory the parts that its own part is made of. */
export type Resolve = <T>(token: Token<T>) => Promise<T>;

/** Makes one part. Called once, when the part is first asked for. */
export type Factory<T> = (resolve: Resolve) => T | Promise<T>;

/**
 * The composed application: typed tokens on one side, factories on the other. The only file that knows the
 * container library.
 *
 * tsyringe neither detects a cycle of factories, nor disposes what they have made (both tried with 4.10): this class
 * keeps the stack of factories that are running, and its own list of what to dispose.
 */
export class Container {
  readonly #container: DependencyContainer = rootContainer.createChildContainer();
  readonly #names = new Map<symbol, string>();
  readonly #waitsFor = new Map<symbol, Set<symbol>>();
  readonly #disposals: (() => void | Promise<void>)[] = [];

  /** Registers the factory of a part. A later registration of the same token replaces an earlier one. */
  register<T>(token: Token<T>, factory: Factory<T>): this {
    this.#names.set(token.key, token.description);
    this.#container.register<Promise<T>>(token.key, {
      useFactory: instanceCachingFactory(() => this.#make(token, factory)),
    });
    return this;
  }

  /** True if a factory is registered for this part. */
  has(token: Token<unknown>): boolean {
    return this.#container.isRegistered(token.key);
  }

  /**
   * The part behind a token, made on first use, the same one ever after.
   *
   * @throws PwtError `PWT_CONTAINER_CYCLE` that names the cycle, `PWT_CONTAINER_UNKNOWN`
   */
  async resolve<T>(token: Token<T>): Promise<T> {
    if (!this.has(token)) {
      throw new PwtError('PWT_CONTAINER_UNKNOWN', `Nothing is registered for ${token.description}.`, {
        hint: 'This is a mistake in the composition: register a factory for it.',
        data: { token: token.description },
      });
    }
    return this.#container.resolve<Promise<T>>(token.key);
  }

  /** Registers an action for {@link dispose}; the one registered last runs first. */
  onDispose(dispose: () => void | Promise<void>): void {
    this.#disposals.push(dispose);
  }

  /** Disposes everything that was made, last made first. All are tried; the first failure is thrown. */
  async dispose(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.#disposals.pop(); next !== undefined; next = this.#disposals.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    this.#container.clearInstances();
    if (failures.length > 0) throw failures[0];
  }

  async #make<T>(token: Token<T>, factory: Factory<T>): Promise<T> {
    const waits = new Set<symbol>();
    this.#waitsFor.set(token.key, waits);
    const part = await factory((dependency) => {
      const path = this.#pathBetween(dependency.key, token.key);
      if (path) throw this.#cycle([token.key, ...path]);
      waits.add(dependency.key);
      return this.resolve(dependency);
    });
    this.#waitsFor.delete(token.key);
    if (isDisposable(part)) this.onDispose(() => part.dispose());
    return part;
  }

  /** The parts from one that is being made to one that it waits for, both included. */
  #pathBetween(from: symbol, to: symbol, seen: Set<symbol> = new Set()): symbol[] | undefined {
    if (from === to) return [to];
    if (seen.has(from)) return undefined;
    seen.add(from);
    for (const next of this.#waitsFor.get(from) ?? []) {
      const path = this.#pathBetween(next, to, seen);
      if (path) return [from, ...path];
    }
    return undefined;
  }

  #cycle(keys: readonly symbol[]): PwtError {
    const names = keys.map((key) => this.#names.get(key) ?? String(key.description));
    return new PwtError(
      'PWT_CONTAINER_CYCLE',
      `Parts depend on one another in a cycle: ${names.join(' → ')}.`,
      {
        hint: 'This is a mistake in the composition or in a plugin: remove one of these dependencies.',
        data: { cycle: names },
      },
    );
  }
}

function isDisposable(part: unknown): part is { dispose(): void | Promise<void> } {
  return typeof part === 'object' && part !== null && 'dispose' in part && typeof part.dispose === 'function';
}
