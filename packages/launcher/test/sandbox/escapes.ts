/**
 * Ways out of a sandbox, as shell scripts that an agent runs in its worktree.
 *
 * Each tries to leave `ESCAPED` somewhere outside, or does damage that the scene sees: a file, a ref, a setting, a process, a
 * message. Variables: `REPO` (the user's checkout), `COMMON` (its git directory), `SIBLING` (another task's worktree),
 * `OUT` (a folder of the user's, beside the worktree), `VICTIM` (a process of the user's, which is in `OUT`), `SOCKET` (one
 * that the user's session listens on), `STATE` (pwt's folder of the attempt).
 */
export interface Escape {
  readonly name: string;
  readonly script: string;
  /** Not tried without a sandbox: it would change the machine, or end the test. */
  readonly onlyConfined?: true;
}

const send = (path: string) =>
  `node -e 'const c=require("net").connect(process.argv[1],()=>{c.end("ESCAPED");setTimeout(()=>process.exit(),50)});c.on("error",()=>{})' "${path}"`;

export const escapes: readonly Escape[] = [
  { name: 'an absolute path', script: 'echo ESCAPED >"$OUT/absolute"' },
  { name: 'a path with ..', script: 'echo ESCAPED >../outside/dotdot' },
  { name: 'a symbolic link to a file', script: 'ln -s "$OUT/kept" link-a && echo ESCAPED >>link-a' },
  { name: 'a symbolic link to a folder', script: 'ln -s ../outside link-b && echo ESCAPED >link-b/through' },
  { name: 'a hard link', script: 'ln "$OUT/kept" hard && echo ESCAPED >>hard' },
  { name: 'a file that is moved out', script: 'echo ESCAPED >f1 && mv f1 "$OUT/moved"' },
  { name: 'a file that is moved in', script: 'mv "$OUT/movable" stolen' },
  { name: 'rights of a file', script: 'chmod 777 "$OUT/kept"' },
  { name: 'the root of another process', script: 'echo ESCAPED >"/proc/$VICTIM/root$OUT/by-root"' },
  { name: 'the folder of another process', script: 'echo ESCAPED >"/proc/$VICTIM/cwd/by-cwd"' },
  { name: 'the root of process 1', script: 'echo ESCAPED >"/proc/1/root$OUT/by-init"', onlyConfined: true },
  { name: 'its own root', script: 'echo ESCAPED >"/proc/self/root$OUT/by-self"' },
  { name: 'another process', script: 'kill -9 "$VICTIM"' },
  { name: "a sibling's files", script: 'echo ESCAPED >>"$SIBLING/a.txt"' },
  { name: "a sibling's commit", script: 'git -C "$SIBLING" commit -q --allow-empty -m ESCAPED' },
  {
    name: "a sibling's branch",
    script: 'git update-ref refs/heads/feature/us-021 "$(git commit-tree -m ESCAPED "HEAD^{tree}")"',
  },
  { name: "a sibling's entry", script: 'echo ESCAPED >>"$COMMON/worktrees/wt21/HEAD"' },
  { name: "a sibling's worktree, removed by git", script: 'git worktree remove --force "$SIBLING"' },
  { name: "the user's checkout", script: 'echo ESCAPED >>"$REPO/a.txt"' },
  { name: "the user's checkout, by git", script: 'git -C "$REPO" checkout -q -b ESCAPED' },
  { name: "the user's index", script: 'git --git-dir="$COMMON" --work-tree="$REPO" rm -q --cached a.txt' },
  {
    name: 'the target branch',
    script: 'git update-ref refs/heads/main "$(git commit-tree -m ESCAPED "HEAD^{tree}")"',
  },
  {
    name: 'the target branch, by its file',
    script: 'git commit-tree -m ESCAPED "HEAD^{tree}" >"$COMMON/refs/heads/main"',
  },
  { name: 'packed refs', script: 'echo ESCAPED >>"$COMMON/packed-refs"' },
  { name: 'a branch of its own making', script: 'git branch ESCAPED-branch' },
  { name: 'a tag', script: 'git tag ESCAPED-tag' },
  {
    name: 'the shared stash',
    script: 'echo x >>a.txt && git stash push -q -m ESCAPED; git checkout -q -- .',
  },
  {
    name: 'a hook',
    script: 'mkdir -p "$COMMON/hooks"; printf "#!/bin/sh\\necho ESCAPED\\n" >"$COMMON/hooks/post-checkout"',
  },
  { name: 'the configuration', script: 'git config core.fsmonitor "echo ESCAPED"' },
  {
    name: 'the configuration, by its file',
    script: 'printf "[core]\\n\\thooksPath = /ESCAPED\\n" >>"$COMMON/config"',
  },
  {
    name: 'its own configuration',
    script: 'printf "[core]\\n\\tfsmonitor = ESCAPED\\n" >"$COMMON/worktrees/wt20/config.worktree"',
  },
  { name: 'where its entry leads', script: 'echo /ESCAPED >"$COMMON/worktrees/wt20/commondir"' },
  { name: 'where its entry is', script: 'echo /ESCAPED/.git >"$COMMON/worktrees/wt20/gitdir"' },
  { name: 'its .git, written', script: 'echo "gitdir: /ESCAPED" >.git' },
  {
    name: 'its .git, replaced',
    script: 'echo "gitdir: /ESCAPED" >new-git && mv -f new-git .git',
    onlyConfined: true,
  },
  { name: 'its .git, removed', script: 'rm -f .git', onlyConfined: true },
  {
    name: 'alternates',
    script: 'mkdir -p "$COMMON/objects/info"; echo /ESCAPED >"$COMMON/objects/info/alternates"',
  },
  { name: 'excluded files', script: 'mkdir -p "$COMMON/info"; echo ESCAPED >>"$COMMON/info/exclude"' },
  { name: "pwt's state", script: 'echo ESCAPED >>"$STATE/claims.json"' },
  {
    name: "pwt's record of the agent",
    script: 'echo ESCAPED >"$STATE/exit"; echo ESCAPED >>"$STATE/lease"',
    onlyConfined: true,
  },
  { name: 'the journal of a run', script: 'echo ESCAPED >>"$COMMON/pwt/runs/r1/journal.jsonl"' },
  { name: 'a shell profile', script: 'echo ESCAPED >>"$HOME/.bashrc"' },
  { name: 'keys', script: 'mkdir -p "$HOME/.ssh"; echo ESCAPED >>"$HOME/.ssh/authorized_keys"' },
  { name: "the agent's settings", script: 'echo ESCAPED >"$HOME/.agent/settings.json"' },
  {
    name: "the agent's commands",
    script: 'mkdir -p "$HOME/.agent/commands" && echo ESCAPED >"$HOME/.agent/commands/x.md"',
  },
  {
    name: "the user's programs",
    script: 'mkdir -p "$HOME/.cargo/bin"; echo ESCAPED >"$HOME/.cargo/bin/cargo"',
  },
  { name: 'the shared folder for temporary files', script: 'echo ESCAPED >"/tmp/$TOKEN"' },
  { name: 'a socket that others listen on', script: send('$SOCKET') },
  { name: 'a socket that others listen on, beside the worktree', script: send('../outside/socket') },
  {
    name: 'a process that stays',
    script: 'setsid env -i /bin/sh -c "cd $OUT; exec sleep 600" </dev/null >/dev/null 2>&1 & sleep 0.1',
  },
  {
    name: 'a mount namespace of its own',
    script:
      'unshare -Urm sh -c \'umount "$OUT"; mount -o remount,rw,bind / ; mount -o remount,rw,bind "$OUT"; echo ESCAPED >"$OUT/by-mount"\'',
  },
  {
    name: 'a clean-up of objects',
    script: 'git reflog expire --expire=now --all; git gc -q --prune=now; git prune --expire=now',
    onlyConfined: true,
  },
  {
    name: "the kernel's settings",
    script: 'f=/proc/sys/kernel/core_pattern; cat "$f" >"$f" && echo ESCAPED >found-device',
    onlyConfined: true,
  },
  { name: 'a control group', script: 'mkdir "/sys/fs/cgroup/$TOKEN"', onlyConfined: true },
  {
    name: 'a device',
    script: 'mknod disk b 254 0 && dd if=/dev/zero of=disk bs=1 count=0',
    onlyConfined: true,
  },
  {
    name: 'the disk',
    script:
      'for d in /dev/vda /dev/sda /dev/nvme0n1 /dev/mem; do [ -e "$d" ] && echo "ESCAPED $d" >found-device; done',
    onlyConfined: true,
  },
];
