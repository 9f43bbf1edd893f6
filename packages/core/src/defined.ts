/** The same properties, without `undefined` as a value: a property that could have it is optional. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Only the properties with a value, to be spread into an object with optional properties
 * (`exactOptionalPropertyTypes`): `{ message, ...defined({ hint }) }`.
 */
export function defined<T extends object>(values: T): Defined<T> {
  const kept: Partial<T> = {};
  // A loop, because logs are replayed through here.
  for (const key of Object.keys(values) as (keyof T)[])
    if (values[key] !== undefined) kept[key] = values[key];
  return kept as object as Defined<T>;
}
