/** A command for the tests of a project, if this file is there and, where it is given, has this in it. */
export type TestCommand = readonly [file: string, command: string, contains?: RegExp];

/** A package manager or build tool, by the files in the root of a project that show it. */
export interface Tool {
  /** Its lockfile; absent if it has none. */
  readonly lock?: string;
  /** Something that the lockfile has in it; absent if any will do. */
  readonly contains?: RegExp;
  /** Installs exactly what the lockfile says, without a question. */
  readonly setup?: string;
  /** The first one that fits counts. */
  readonly tests: readonly TestCommand[];
}

const npmScript = /"test"\s*:\s*"(?!echo \\"Error: no test specified)/;
const nodeTests = (command: string): Tool['tests'] => [['package.json', command, npmScript]];

const pythonTests = (run: string): Tool['tests'] => [
  ['pyproject.toml', `${run}pytest`, /pytest/],
  ['pytest.ini', `${run}pytest`],
  ['requirements.txt', `${run}pytest`, /^pytest\b/im],
];

/**
 * The tools of each language, the likeliest first: of several lockfiles, the first one counts. By what the documentation of
 * each tool gives for continuous integration.
 */
export const languages: Readonly<Record<string, readonly Tool[]>> = {
  node: [
    { lock: 'pnpm-lock.yaml', setup: 'pnpm install --frozen-lockfile', tests: nodeTests('pnpm test') },
    { lock: 'bun.lock', setup: 'bun install --frozen-lockfile', tests: nodeTests('bun run test') },
    { lock: 'bun.lockb', setup: 'bun install --frozen-lockfile', tests: nodeTests('bun run test') },
    {
      ...{ lock: 'yarn.lock', contains: /^# yarn lockfile v1$/m },
      ...{ setup: 'yarn install --frozen-lockfile', tests: nodeTests('yarn test') },
    },
    { lock: 'yarn.lock', setup: 'yarn install --immutable', tests: nodeTests('yarn test') },
    { lock: 'package-lock.json', setup: 'npm ci', tests: nodeTests('npm test') },
    { lock: 'npm-shrinkwrap.json', setup: 'npm ci', tests: nodeTests('npm test') },
    { tests: nodeTests('npm test') },
  ],
  deno: [
    { lock: 'deno.lock', setup: 'deno install --frozen', tests: [['deno.json', 'deno test']] },
    { tests: [['deno.json', 'deno test']] },
  ],
  python: [
    { lock: 'uv.lock', setup: 'uv sync --frozen', tests: pythonTests('uv run ') },
    { lock: 'poetry.lock', setup: 'poetry install --no-interaction', tests: pythonTests('poetry run ') },
    { lock: 'pdm.lock', setup: 'pdm sync', tests: pythonTests('pdm run ') },
    { lock: 'Pipfile.lock', setup: 'pipenv sync --dev', tests: pythonTests('pipenv run ') },
    {
      lock: 'requirements.txt',
      setup: 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
      tests: pythonTests('.venv/bin/python -m '),
    },
    { tests: pythonTests('python3 -m ') },
  ],
  rust: [
    { lock: 'Cargo.lock', setup: 'cargo fetch --locked', tests: [['Cargo.toml', 'cargo test']] },
    { tests: [['Cargo.toml', 'cargo test']] },
  ],
  go: [
    { lock: 'go.sum', setup: 'go mod download', tests: [['go.mod', 'go test ./...']] },
    { tests: [['go.mod', 'go test ./...']] },
  ],
  ruby: [
    {
      ...{ lock: 'Gemfile.lock', setup: 'bundle install' },
      tests: [
        ['.rspec', 'bundle exec rspec'],
        ['Rakefile', 'bundle exec rake test', /test/i],
      ],
    },
  ],
  php: [
    {
      ...{ lock: 'composer.lock', setup: 'composer install --no-interaction' },
      tests: [
        ['composer.json', 'composer test', /"test"\s*:/],
        ['phpunit.xml', 'vendor/bin/phpunit'],
        ['phpunit.xml.dist', 'vendor/bin/phpunit'],
      ],
    },
  ],
  elixir: [{ lock: 'mix.lock', setup: 'mix deps.get', tests: [['mix.exs', 'mix test']] }],
  dart: [
    {
      ...{ lock: 'pubspec.lock', contains: /\bflutter\b/, setup: 'flutter pub get' },
      tests: [['pubspec.yaml', 'flutter test']],
    },
    { lock: 'pubspec.lock', setup: 'dart pub get', tests: [['pubspec.yaml', 'dart test']] },
  ],
  swift: [
    {
      ...{ lock: 'Package.resolved', setup: 'swift package resolve' },
      tests: [['Package.swift', 'swift test']],
    },
    { tests: [['Package.swift', 'swift test']] },
  ],
  jvm: [
    {
      tests: [
        ['gradlew', './gradlew test'],
        ['mvnw', './mvnw --batch-mode test'],
        ['pom.xml', 'mvn --batch-mode test'],
        ['build.gradle', 'gradle test'],
        ['build.gradle.kts', 'gradle test'],
      ],
    },
  ],
  other: [
    {
      tests: [
        ['justfile', 'just test', /^test\b/m],
        ['Makefile', 'make test', /^test\s*:/m],
      ],
    },
  ],
};
