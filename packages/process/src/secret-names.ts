/**
 * Words by which people name secrets, as whole words between underscores (`NPM_TOKEN`, `AWS_SECRET_ACCESS_KEY`), and
 * a few that are written together (`PGPASSWORD`, `npm_config__authToken`).
 */
const SECRET =
  /(^|_)(TOKEN|SECRET|SECRETS|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIAL|CREDENTIALS|CREDS|KEY|APIKEY|PAT|AUTH)(_|$)|PASSWORD|AUTHTOKEN|ACCESSKEY|SECRETKEY|PRIVATEKEY/;

/**
 * Names with such a word in them that hold no secret: places (`PWD`), sockets and helper programs that ask
 * (`SSH_AUTH_SOCK`), public halves of keys, amounts of tokens, and git's numbered configuration.
 */
const FALSE_FRIENDS =
  /^(OLD|INIT_)?PWD$|^SSH_AUTH_SOCK$|^XAUTHORITY$|^GIT_|PUBLIC_?KEY|^PASSWORD_STORE_|_(TOKEN|KEY)_(LIMIT|COUNT|BUDGET|LENGTH|SIZE|TYPE)$|^(MAX|MIN)_TOKEN_|KEY_?(BOARD|MAP|BINDING)|^XKB_/;

/** True for the name of a variable that by custom holds a secret. Only the name is looked at. */
export function looksLikeSecret(name: string): boolean {
  const upper = name.toUpperCase();
  return SECRET.test(upper) && !FALSE_FRIENDS.test(upper);
}
