import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords } from '../src/index.js';

test('counts words in any script', () => {
  assert.equal(countWords('Grüße aus Köln, don’t worry'), 5);
  assert.equal(countWords(''), 0);
});
