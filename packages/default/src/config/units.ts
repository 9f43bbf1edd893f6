const DURATION_UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d)\s*)+$/;
const SIZE = /^(\d+(?:\.\d+)?)\s*([KMGT]?B?)$/i;

/** Milliseconds of a span such as `250ms`, `90s`, `1h30m` or a bare number; `undefined` if it is none. */
export function parseDuration(value: number | string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text);
  if (!DURATION.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  return Math.round(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (DURATION_UNITS_MS[unit ?? ''] ?? 0), 0),
  );
}

/** Bytes of a size such as `512MB`, `5 GB` or a bare number; `undefined` if it is none. */
export function parseSize(value: number | string): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
  const match = SIZE.exec(value.trim());
  if (!match) return undefined;
  const letters = (match[2] ?? '').toUpperCase();
  const unit = letters === '' || letters.endsWith('B') ? letters || 'B' : `${letters}B`;
  return Math.round(Number(match[1]) * (SIZE_UNITS[unit] ?? 1));
}
