import { readFile } from 'node:fs/promises';
import { PwtError } from '@pwt/core';
import { expect, it } from 'vitest';
import { reasonOf } from './reason-of.js';

it('says what went wrong and what to do next, for errors of pwt and of the file system', async () => {
  const ours = new PwtError('PWT_GIT_FAILED', 'It failed.', { hint: 'pwt doctor' });
  expect(reasonOf(ours)).toBe('PWT_GIT_FAILED: It failed. pwt doctor');
  const missing = await readFile('/nonexistent/file').catch((error: unknown) => error);
  expect(reasonOf(missing)).toBe(
    '/nonexistent/file: it is not there (ENOENT, open). Put that right; what may be wrong beside it is said by: pwt doctor',
  );
  expect(reasonOf(new Error('odd'))).toBe('odd');
  expect(reasonOf('odder')).toBe('odder');
});
