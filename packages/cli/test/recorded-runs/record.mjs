/**
 * Records runs of a built pwt, so that later versions can show that they read them:
 *
 *   node packages/cli/test/recorded-runs/record.mjs PROGRAM FOLDER [SITUATION…]
 *
 * PROGRAM is `packages/cli/bundle/pwt.mjs` of a build of the version to record, FOLDER a new one beside this file.
 */
import { createJiti } from 'jiti';

/** @type {typeof import('./record.js')} */
const { record } = await createJiti(import.meta.url).import('./record.ts');
const [program = '', folder = '', ...names] = process.argv.slice(2);
await record(program, folder, names);
