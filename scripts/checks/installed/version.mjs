// Copied next to an installed pwt by `checks/tarballs.mjs`: the binary says the version that was packed.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

const [expected] = process.argv.slice(2);
const printed = execFileSync('npx', ['--no', '--', 'pwt', '--version'], { encoding: 'utf8' });
assert.equal(printed.trim(), expected);
