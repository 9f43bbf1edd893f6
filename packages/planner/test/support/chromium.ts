import { execFile } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
/** Nothing of the user's, and nothing over the network. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium of this machine: the first on the PATH, or one of macOS's applications. */
export function findChromium(path: string = process.env.PATH ?? ''): string | undefined {
  const places = path.split(delimiter).filter((directory) => directory !== '');
  const candidates = [
    ...places.flatMap((directory) => names.map((name) => join(directory, name))),
    ...applications,
  ];
  return candidates.find(isExecutable);
}

/**
 * Runs a program in a page of its own and returns what it has put into the page.
 *
 * @param program sets the text of `document.body`
 * @throws with what the browser printed, if the program put nothing there
 */
export async function runInChromium(executable: string, program: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'pwt-browser-'));
  try {
    writeFileSync(join(directory, 'program.js'), program);
    const page = join(directory, 'page.html');
    writeFileSync(
      page,
      '<!doctype html><meta charset="utf-8"><body></body><script src="program.js"></script>',
    );
    const { stdout, stderr } = await promisify(execFile)(
      executable,
      [...flags, `--user-data-dir=${join(directory, 'profile')}`, '--dump-dom', pathToFileURL(page).href],
      { timeout: 50_000, maxBuffer: 1 << 24 },
    );
    const body = /<body>([\s\S]*?)(?:<script|<\/body>)/.exec(stdout)?.[1];
    if (!body) throw new Error(`The program has put nothing into the page.\n${stdout}\n${stderr}`);
    return body
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&nbsp;', '\u00a0')
      .replaceAll('&amp;', '&');
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
