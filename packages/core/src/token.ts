/** A typed key of the composed application. Equal descriptions give equal keys across copies of this package. */
export interface Token<T> {
  readonly key: symbol;
  readonly description: string;
  /** Only carries the type; never set. */
  readonly type?: T;
}

export function token<T>(description: string): Token<T> {
  return { key: Symbol.for(`@pwt/core/token/${description}`), description };
}
