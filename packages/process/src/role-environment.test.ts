import { describe, expect, it } from 'vitest';
import { roleEnvironment, withheldSecrets } from './role-environment.js';
import { looksLikeSecret } from './secret-names.js';

const env = {
  PATH: '/bin',
  GIT_SSH_COMMAND: 'ssh -i k',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'x.y',
  GIT_CONFIG_VALUE_0: 'z',
  GIT_AUTHOR_NAME: 'Me',
  GIT_LFS_SKIP_SMUDGE: '1',
  GIT_DIR: '/elsewhere/.git',
  GIT_TRACE: '1',
  NPM_TOKEN: 's',
  UNSET: undefined,
};

describe('roleEnvironment', () => {
  it("keeps the user's git variables, and none that leads to another repository", () => {
    const made = roleEnvironment({ env, identity: { name: 'I', email: 'i@x' }, add: { PWT_RUN_ID: 'r' } });
    expect(made).toEqual({
      PATH: '/bin',
      GIT_SSH_COMMAND: 'ssh -i k',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'x.y',
      GIT_CONFIG_VALUE_0: 'z',
      GIT_AUTHOR_NAME: 'Me',
      GIT_AUTHOR_EMAIL: 'i@x',
      GIT_COMMITTER_NAME: 'I',
      GIT_COMMITTER_EMAIL: 'i@x',
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_TERMINAL_PROMPT: '0',
      GIT_EDITOR: 'true',
      GIT_SEQUENCE_EDITOR: 'true',
      NPM_TOKEN: 's',
      PWT_RUN_ID: 'r',
    });
  });

  it('withholds secrets except those that are passed, and passes nothing that turns git elsewhere', () => {
    const all = { ...env, API_KEY: 'k' };
    const withhold = { env: all, withholdSecrets: true, add: {} };
    expect(roleEnvironment(withhold)).not.toHaveProperty('NPM_TOKEN');
    const role = { pass: ['NPM_*', 'GIT_*'], set: { API_KEY: 'mine', PWT_X: 'no' } };
    const made = roleEnvironment({ ...withhold, role, add: { PWT_X: 'pwt' } });
    expect(made).toMatchObject({ NPM_TOKEN: 's', API_KEY: 'mine', GIT_TRACE: '1', PWT_X: 'pwt' });
    expect(made).not.toHaveProperty('GIT_DIR');
  });

  it('names what is withheld', () => {
    const all = { ...env, API_KEY: 'k', UNSET_TOKEN: undefined };
    expect(withheldSecrets(all)).toEqual(['API_KEY', 'NPM_TOKEN']);
    expect(withheldSecrets(all, { pass: ['API_KEY'], set: { NPM_TOKEN: 'x' } })).toEqual([]);
  });
});

describe('looksLikeSecret', () => {
  it.each([
    ...['GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'OPENAI_API_KEY', 'PGPASSWORD', 'MYSQL_PWD', 'DB_PASS'],
    ...['GOOGLE_APPLICATION_CREDENTIALS', 'npm_config__authToken', 'SSH_PRIVATE_KEY', 'GH_PAT', 'token'],
  ])('%s does', (name) => expect(looksLikeSecret(name)).toBe(true));

  it.each([
    ...['PWD', 'OLDPWD', 'SSH_AUTH_SOCK', 'GIT_CONFIG_KEY_0', 'TOKENIZERS_PARALLELISM', 'SSH_PUBLIC_KEY'],
    ...[
      'MAX_OUTPUT_TOKENS',
      'KEYBOARD',
      'PATH',
      'COMPASS_HOME',
      'PASSWORD_STORE_DIR',
      'MONKEY',
      'GIT_ASKPASS',
    ],
  ])('%s does not', (name) => expect(looksLikeSecret(name)).toBe(false));
});
