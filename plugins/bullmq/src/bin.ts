#!/usr/bin/env node
import { runWorkerCommand } from './worker/command/run-command.js';
import { readVersion } from './worker/command/version.js';
import { workerParts } from './worker/parts.js';

process.exitCode = await runWorkerCommand({
  argv: process.argv.slice(2),
  program: 'pwt-worker',
  cwd: process.cwd(),
  env: process.env,
  version: readVersion(),
  parts: workerParts,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  signals: process,
});
