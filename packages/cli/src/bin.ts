#!/usr/bin/env node
import { readVersion } from './version.js';

const argv = process.argv.slice(2);

// Answered before anything else is loaded: scripts and prompts ask for it often.
if (argv[0] === '--version') {
  process.stdout.write(`${readVersion()}\n`);
} else if (process.platform === 'win32') {
  process.stderr.write(
    'PWT_PLATFORM_UNSUPPORTED: pwt runs on Linux and macOS; on Windows it runs inside WSL.\n  Install it with: wsl --install\n',
  );
  process.exitCode = 3;
} else if (argv[0] === '__complete') {
  // Asked by a shell at every press of a key: only what that needs is loaded.
  const [{ completeLine }, { processIo }] = await Promise.all([
    import('./completion/complete-line.js'),
    import('./io.js'),
  ]);
  await completeLine(processIo(), argv.slice(1));
  process.exit();
} else {
  const [{ main }, { processIo }] = await Promise.all([import('./main.js'), import('./io.js')]);
  const io = processIo();
  process.exitCode = await main(io, readVersion(), argv);
  // Whatever still waits here (agents of a run whose log could not be written) is for `pwt resume` to wait for.
  await Promise.all([io.stdout, io.stderr].map((stream) => new Promise((done) => stream.write('', done))));
  process.exit();
}
