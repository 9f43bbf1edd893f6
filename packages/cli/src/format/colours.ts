import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

/** Colours for a stream: off when it is no terminal or the user does not want any (https://no-color.org). */
export function colours(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): Colours {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const unwanted = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return pc.createColors(!unwanted && (isTTY || forced));
}
