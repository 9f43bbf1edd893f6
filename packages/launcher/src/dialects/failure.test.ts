import { describe, expect, it } from 'vitest';
import { failureFrom } from './failure.js';
import { oneLine } from './text.js';

describe('failureFrom', () => {
  it.each([
    ['quota', 'unexpected status 429 Too Many Requests'],
    ['quota', "You've hit your usage limit. Try again at 3pm."],
    ['quota', 'Your credit balance is too low to access the API'],
    ['quota', 'Overloaded (HTTP 529)'],
    ['auth', 'Not logged in · Please run /login'],
    ['auth', 'Invalid API key · Fix external API key'],
    ['auth', 'unexpected status 401 Unauthorized: Missing bearer token'],
    ['auth', 'OPENAI_API_KEY environment variable: api key not set'],
    [
      'refused',
      '--dangerously-skip-permissions cannot be used with root/sudo privileges for security reasons',
    ],
    ['refused', 'The current folder is not trusted'],
    ['model-error', 'stream disconnected before completion: error sending request'],
    ['model-error', 'AI_APICallError: Cannot connect to API: The socket connection was closed unexpectedly'],
    ['model-error', 'API Error: 500 Internal server error'],
    ['crash', "TypeError: Cannot read properties of undefined (reading 'x')"],
    ['crash', 'line 4290: segmentation fault at 0x401aa'],
  ])('says %s for %j', (kind, message) => {
    expect(failureFrom(message, 'crash').kind).toBe(kind);
  });
});

describe('oneLine', () => {
  it('is one line of at most 200 characters that can steer no terminal', () => {
    expect(oneLine('\n\n  first \r\nsecond')).toBe('first');
    expect(oneLine('a\u001B]0;title\u0007b\u001B[31mc\u001B[0m\u0007d')).toBe('abc d');
    expect(oneLine('x'.repeat(5000))).toBe(`${'x'.repeat(199)}…`);
    expect(oneLine(`${'x'.repeat(198)}${'😀'.repeat(9)}`)).toBe(`${'x'.repeat(198)}…`);
  });
});
