/**
 * Configuration keys by which git, or a program that git starts, runs a command or is led to one.
 *
 * From git's documentation: all keys that `git help --config` lists (git 2.39 to 2.55) and those that stand in
 * gitattributes(5), githooks(5), git-interpret-trailers(1) and git-archive(1) were gone through. `*` stands for
 * any subsection (`filter.*.clean`: every driver), and at the end of a line for every key of the section.
 *
 * The list says what a change in a configuration can do. pwt ignores a changed configuration whether or not its keys
 * are on the list: see `trusted-config.ts`.
 */
export const executableConfigKeys: readonly string[] = [
  // Commands that run on content: gitattributes(5) chooses the driver, the configuration says what it is.
  'filter.*.clean',
  'filter.*.smudge',
  'filter.*.process',
  'diff.*.command',
  'diff.*.textconv',
  'diff.external',
  'merge.*.driver',
  // Hooks: a directory of them, or (since git 2.54) one by name.
  'core.hooksPath',
  'hook.*.command',
  'core.fsmonitor',
  'gc.recentObjectsHook',
  'uploadpack.packObjectsHook',
  'core.alternateRefsCommand',
  // How a remote is reached, also for objects that a partial clone fetches when they are needed.
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'credential.helper',
  'credential.*.helper',
  'remote.*.uploadpack',
  'remote.*.receivepack',
  'remote.*.vcs',
  'remote.*.url',
  'remote.*.pushurl',
  'url.*.insteadOf',
  'url.*.pushInsteadOf',
  'protocol.allow',
  'protocol.*.allow',
  'extensions.partialClone',
  'imap.tunnel',
  // Programs for people.
  'core.editor',
  'sequence.editor',
  'core.pager',
  'pager.*',
  'interactive.diffFilter',
  'difftool.*.cmd',
  'difftool.*.path',
  'mergetool.*.cmd',
  'mergetool.*.path',
  'guitool.*.cmd',
  'browser.*.cmd',
  'browser.*.path',
  'man.*.cmd',
  'man.*.path',
  'web.browser',
  'help.browser',
  'instaweb.browser',
  'instaweb.httpd',
  'alias.*',
  'alias.*.command',
  // Signatures.
  'gpg.program',
  'gpg.*.program',
  'gpg.ssh.defaultKeyCommand',
  // Others.
  'submodule.*.update',
  'trailer.*.command',
  'trailer.*.cmd',
  'tar.*.command',
  'init.templateDir',
  'sendemail.smtpServer',
  'sendemail.sendmailCmd',
  'sendemail.toCmd',
  'sendemail.ccCmd',
  'sendemail.headerCmd',
  'sendemail.*.smtpServer',
  'sendemail.*.sendmailCmd',
  'sendemail.*.toCmd',
  'sendemail.*.ccCmd',
  'sendemail.*.headerCmd',
  // More configuration, in which all of the above can stand.
  'include.path',
  'includeIf.*.path',
  // Extensions of git that keep commands of their own in git's configuration.
  'lfs.customtransfer.*.path',
  'lfs.extension.*.clean',
  'lfs.extension.*.smudge',
  'annex.*',
];

const patterns: readonly RegExp[] = executableConfigKeys.map(
  (key) =>
    new RegExp(
      `^${key
        .split('*')
        .map((part) => part.replace(/[.]/g, '\\.').toLowerCase())
        .join('.+')}$`,
      's',
    ),
);

/** True for a key that can run a command. Section and name may be in any case, as in git's own files. */
export function isExecutableConfigKey(key: string): boolean {
  const lower = key.toLowerCase();
  return patterns.some((pattern) => pattern.test(lower));
}
