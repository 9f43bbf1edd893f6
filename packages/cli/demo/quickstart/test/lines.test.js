import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLines } from '../src/index.js';

test('counts lines', () => {
  assert.equal(countLines('one\ntwo\n'), 2);
  assert.equal(countLines(''), 0);
});
