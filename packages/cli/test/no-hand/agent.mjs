/**
 * An agent whose first try is not always enough, for tests of runs that no person helps. Its argument is a folder outside of
 * the repository; its task's prompt has one of these lines:
 *
 *   @plain               writes its file, and is done
 *   @long                is done only when the file `booted` is in the folder
 *   @quota               the first start of it takes the quota away: the file `no-quota`, which the test removes
 *   @red                 writes what the gate does not want, until the prompt has the gate's words
 *   @clash FILE OTHER    changes the first line of FILE, as task OTHER does at the same time; resolves a merge where it is asked to
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '';
const id = process.env.PWT_TASK_ID ?? '';
const prompt = readFileSync(0, 'utf8');
const [, kind = '', file = '', other = ''] = /^@(\w+)(?: (\S+) (\S+))?$/m.exec(prompt) ?? [];
const at = (/** @type {string} */ name) => join(folder, name);
const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { stdio: 'inherit' });

/**
 * Resolves when the file is there.
 *
 * @param {string} path
 * @returns {Promise<void>}
 */
function appearance(path) {
  return new Promise((done) => {
    const watcher = watch(folder, () => look());
    const look = () => {
      if (!existsSync(path)) return;
      watcher.close();
      done();
    };
    look();
  });
}

/** The lines of both sides of git's conflicts, and what is around them. */
const resolved = (/** @type {string} */ text) =>
  text
    .split('\n')
    .filter((line) => !/^(<{7}|\|{7}|={7}|>{7})/.test(line) && line !== 'nobody')
    .join('\n');

/** @type {Record<string, () => string | Promise<string>>} */
const work = {
  plain: () => 'done',
  long: async () => {
    writeFileSync(at(`running-${id}`), '');
    await appearance(at('booted'));
    return 'done';
  },
  quota: () => 'done',
  red: () => new RegExp(`work/${id}\\.txt: expected (\\S+)`).exec(prompt)?.[1] ?? 'draft',
  clash: async () => {
    const text = readFileSync(file, 'utf8');
    if (text.includes('<<<<<<<')) writeFileSync(file, resolved(text));
    else if (!text.includes(`by ${id}\n`)) {
      const own = `by ${id}\n`;
      writeFileSync(at(`begun-${id}`), '');
      await appearance(at(`begun-${other}`));
      writeFileSync(file, text.includes('nobody') ? text.replace('nobody\n', own) : own + text);
    }
    return 'done';
  },
};

appendFileSync(at('starts'), `${id}\n`);
if (kind === 'quota' && !existsSync(at('quota-was-gone'))) {
  writeFileSync(at('quota-was-gone'), '');
  writeFileSync(at('no-quota'), '');
}
if (existsSync(at('no-quota'))) {
  console.error('Error: 429 usage limit reached');
  process.exit(1);
}
const text = await work[kind]?.();
mkdirSync('work', { recursive: true });
writeFileSync(`work/${id}.txt`, `${text}\n`);
git('add', '--all');
try {
  git('commit', '--quiet', '-m', `Do task ${id}`);
} catch (error) {
  // An agent that was killed may have committed all of it already.
  if (execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' }) !== '') throw error;
}
