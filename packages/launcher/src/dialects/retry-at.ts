/** The longest wait that is believed: a month. */
const MAX_WAIT_MS = 31 * 24 * 3_600_000;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/(\d+(?:\.\d+)?)\s*(?:d|days?)(?![a-z])/i, 24 * 3_600_000],
  [/(\d+(?:\.\d+)?)\s*(?:h|hrs?|hours?)(?![a-z])/i, 3_600_000],
  [/(\d+(?:\.\d+)?)\s*(?:m|mins?|minutes?)(?![a-z])/i, 60_000],
  [/(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)(?![a-z])/i, 1000],
  [/(\d+(?:\.\d+)?)\s*(?:ms|millis\w*)(?![a-z])/i, 1],
];

/** `try again in 1h 20m`, `reset after 32.5s`, `retry in 20 seconds`. */
const SPAN =
  /(?:try again|retry|retrying|resets?|reset|available|wait)\s+(?:again\s+)?(?:in|after|for)\s+(?:about\s+)?((?:\d+(?:\.\d+)?\s*(?:days?|hours?|hrs?|minutes?|mins?|seconds?|secs?|ms|[dhms])(?![a-z])[\s,]*(?:and\s+)?)+)/gi;
/** The header of an answer, as text or as JSON: seconds. */
const HEADER = /retry-after(-ms)?["'\s:=]+(\d+(?:\.\d+)?)/gi;
/** `usage limit reached|1796060000`: seconds since the epoch. */
const EPOCH = /(?:limit reached|resets?(?:_?at)?)["'\s:=|]+(\d{10})\b/gi;
const DATE =
  /(?:try again|resets?|reset|available)\s+(?:at|on)?\s*(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)/gi;
/** `resets 3pm (Europe/Berlin)`, `try again at 3:05 PM`. */
const CLOCK =
  /(?:try again|resets?|reset)\s+(?:at\s+)?(\d{1,2})(?::(\d\d))?\s*(am|pm)\b(?:\s*\(([A-Za-z]+(?:\/[A-Za-z_]+)*)\))?/gi;

/**
 * When an agent says that it can work again, out of the text of its complaint; `undefined` if it does not say.
 *
 * @param said when it said so, in milliseconds since the epoch: spans of time count from there
 */
export function retryAtIn(text: string, said: number): number | undefined {
  const times = [
    ...matches(text, SPAN, ([, span = '']) => said + spanOf(span)),
    ...matches(text, HEADER, ([, isMs, value]) => said + Number(value) * (isMs === undefined ? 1000 : 1)),
    ...matches(text, EPOCH, ([, seconds]) => Number(seconds) * 1000),
    ...matches(text, DATE, ([, date = '']) => Date.parse(date.replace(' ', 'T'))),
    ...matches(text, CLOCK, ([, hour, minute = '0', half = '', zone]) =>
      nextClock(said, (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0), Number(minute), zone),
    ),
  ];
  const believed = times.filter((time) => time > said && time <= said + MAX_WAIT_MS);
  return believed.length === 0 ? undefined : Math.round(Math.max(...believed));
}

function matches(text: string, pattern: RegExp, time: (match: RegExpExecArray) => number): number[] {
  return [...text.matchAll(pattern)].map((match) => time(match)).filter(Number.isFinite);
}

function spanOf(text: string): number {
  return UNITS.reduce((sum, [unit, ms]) => sum + Number(unit.exec(text)?.[1] ?? 0) * ms, 0);
}

/** The next time that a clock in that zone shows this; in this machine's zone where none is named. */
function nextClock(now: number, hour: number, minute: number, zone: string | undefined): number {
  const shown = timeOfDay(now, zone);
  if (shown === undefined) return Number.NaN;
  const wanted = (hour * 60 + minute) * 60_000;
  const wait = wanted - shown;
  return now + (wait > 0 ? wait : wait + 24 * 3_600_000);
}

/** In milliseconds since midnight; `undefined` for a zone that does not exist. */
function timeOfDay(now: number, timeZone: string | undefined): number | undefined {
  try {
    const options = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    const format = new Intl.DateTimeFormat('en-US', { ...options, ...(timeZone ? { timeZone } : {}) });
    const parts = Object.fromEntries(
      format.formatToParts(now).map(({ type, value }) => [type, Number(value)]),
    );
    const { hour = 0, minute = 0, second = 0 } = parts;
    return ((hour * 60 + minute) * 60 + second) * 1000 + (now % 1000);
  } catch {
    return undefined;
  }
}
