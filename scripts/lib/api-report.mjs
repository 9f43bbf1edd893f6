import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { ROOT, readJson } from './workspace.mjs';

/**
 * @typedef {object} ApiReport
 * @property {string} path Where it is kept: `api.md` of the package, absolute.
 * @property {string} text
 */

/**
 * @typedef {object} Entry
 * @property {import('./workspace.mjs').WorkspacePackage} pkg
 * @property {string} name What an importer writes, for example `@pwt/separator/node`.
 * @property {string} types The entry's emitted declarations, absolute.
 */

/**
 * The public names and signatures of each package, read from the declarations that the build emits for the entries in
 * `exports`: one declaration each, sorted, without private members and comments. A type that is not exported itself is
 * there too if an exported one refers to it; what comes from another package is an import of that package's.
 *
 * One TypeScript program serves all packages; the time goes to making it.
 *
 * @param {readonly import('./workspace.mjs').WorkspacePackage[]} packages built
 * @returns {ApiReport[]}
 * @throws where declarations are missing or refer to something missing
 */
export function apiReports(packages) {
  const entries = packages.flatMap(entriesOf);
  const folder = mkdtempSync(join(tmpdir(), 'pwt-api-'));
  try {
    const configs = entries.map((entry, at) =>
      extractorConfig(entry, { folder, file: `${at}.api.md`, entries }),
    );
    const [first] = configs;
    if (first === undefined) return [];
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: entries.map(({ types }) => types),
    });
    const texts = configs.map((config) => extract(config, compilerState));
    return packages.map((pkg) => ({
      path: join(pkg.directory, 'api.md'),
      text: `# Public names of ${pkg.manifest.name}\n\nWritten by \`npm run api\` from the emitted types.\n${entries
        .map((entry, at) => (entry.pkg === pkg ? `\n## ${entry.name}\n\n${texts[at]}` : ''))
        .join('')}`,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {import('./workspace.mjs').WorkspacePackage} pkg
 * @returns {Entry[]}
 */
function entriesOf(pkg) {
  const { exports = {}, name } = pkg.manifest;
  return Object.entries(exports).flatMap(([subpath, target]) =>
    typeof target === 'string' || target.types === undefined
      ? []
      : [{ pkg, name: name + subpath.slice(1), types: join(pkg.directory, target.types) }],
  );
}

/**
 * @param {Entry} entry
 * @param {{folder: string, file: string, entries: readonly Entry[]}} options
 */
function extractorConfig({ pkg, types }, { folder, file, entries }) {
  const quiet = { default: { logLevel: ExtractorLogLevel.None } };
  const { compilerOptions } = readJson(join(ROOT, 'tsconfig.base.json'));
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: pkg.directory,
      mainEntryPointFilePath: types,
      compiler: {
        overrideTsconfig: {
          compilerOptions: { ...compilerOptions, typeRoots: [join(ROOT, 'node_modules/@types')] },
          files: entries.map((entry) => entry.types),
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: file,
        reportFolder: folder,
        reportTempFolder: folder,
      },
      messages: {
        compilerMessageReporting: quiet,
        extractorMessageReporting: quiet,
        tsdocMessageReporting: quiet,
      },
      newlineKind: 'lf',
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(pkg.directory, 'package.json'),
  });
}

/** Comments that say only whether there is a docstring. */
const NO_NEWS =
  /^ *\/\/ (@public|\(undocumented\)|@public \(undocumented\)|\(No @packageDocumentation .*)\n/gm;

/**
 * @param {ExtractorConfig} config
 * @param {CompilerState} compilerState
 * @returns {string} the report's block of code, without what changes where no name and no signature does
 */
function extract(config, compilerState) {
  Extractor.invoke(config, {
    compilerState,
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true;
    },
  });
  const report = readFileSync(config.reportFilePath, 'utf8');
  return report
    .slice(report.indexOf('```ts'))
    .replaceAll(NO_NEWS, '')
    .replaceAll(/^import type /gm, 'import ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .replaceAll(/\n+```\n/g, '\n```\n')
    .replace('```ts\n\n', '```ts\n');
}
