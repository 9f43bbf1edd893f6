/** The exit codes of a supervisor that has started nothing. */
export const SUPERVISOR_STATUS = {
  /** The lease is taken; nothing was started. */
  leaseTaken: 70,
  /** The state directory cannot be written; nothing was started. */
  stateUnwritable: 71,
} as const;

/**
 * The supervisor: a POSIX shell that outlives its starter and records how the command ended.
 *
 * Run as `sh -c SCRIPT name DIR BOOT_ID MARK TOKEN CWD COMMAND [ARG…]` in a session of its own and in `/`, with the
 * command's stdin, stdout and stderr as its own. The text is constant; all data are arguments. It works in dash, in
 * bash as `sh` and in busybox ash, and takes about 1 MB.
 *
 * Recovery relies on these steps and their order:
 *
 * 1. Reserves the block of its exit record, so that a full disk later cannot lose the exit status.
 * 2. Takes the lease with link(2), which fails if there is one: complete at once or not there at all.
 * 3. Records the identity of the command's process, which then becomes the command by `exec`.
 * 4. Writes the exit record and renames it into place: last, and atomically.
 *
 * What only a power cut could undo is made durable beside the command, not before it: the lease with its entry in the
 * folder (empty or missing, the command counts as not started, and what it wrote in those milliseconds is gone as well), and
 * the exit record, whose reader records it elsewhere (without it the command counts as lost). Processes that pwt or
 * a shell starts take milliseconds each, and a sync waits for the disk.
 *
 * Why the command runs in the foreground: a shell without job control starts background commands with SIGINT
 * and SIGQUIT ignored, for good (POSIX, Shell Command Language 2.9.3.1), which breaks programs that use them.
 * The price is that a signal sent to the supervisor alone is not passed on. It survives TERM, INT and HUP to
 * record the exit; a signal to its process group reaches the command too; `stop` signals every process itself.
 *
 * The subshell's EXIT trap runs only when `exec` fails. Not in bash, which drops traps before it tries: there
 * such a failure reads as an exit with 126 or 127. `resolveCommand` finds the usual causes beforehand.
 *
 * Its own files are for the user alone; the command gets the umask that it would have.
 *
 * Helpers that run beside the command are its own children, as subshells that become the helper: a shell in between
 * would make them part of the command's tree.
 *
 * Only the command is ever in its directory. That may be removed while a helper still waits for the disk; and a helper in it,
 * whose supervisor has ended, would be one of the processes that a command has left there (`findStrays`).
 *
 * Only the command carries the mark, not the supervisor's own helpers (`mv`, `sync`): a sweep that ends
 * everything with the mark cannot lose the exit record.
 */
export const SUPERVISOR_SCRIPT: string = `
_pwt_dir=$1 _pwt_boot=$2 _pwt_mark=$3 _pwt_token=$4 _pwt_cwd=$5
shift 5
exec 3>&2 2>/dev/null
trap : TERM INT HUP
_pwt_umask=$(umask)
umask 077

_pwt_tool() ( PATH=/usr/bin:/bin:$PATH; exec "$@" 3>&- )

_pwt_field_22() { shift 19; _pwt_start=$1; }

_pwt_identify() {
  if read -r _pwt_stat </proc/self/stat; then
    _pwt_pid=\${_pwt_stat%% *}
    _pwt_field_22 \${_pwt_stat##*") "}
  else
    _pwt_pid=$(exec /bin/sh -c 'echo "$PPID"')
    _pwt_start=$(LC_ALL=C TZ=UTC0 /bin/ps -o lstart= -p "$_pwt_pid")
  fi
}

_pwt_record() {
  printf '{"role":"%s","pid":%s,"startTime":"%s","bootId":"%s","mark":"%s"}\\n' \\
    "$1" "$_pwt_pid" "$_pwt_start" "$_pwt_boot" "$_pwt_mark"
}

_pwt_lease=$_pwt_dir/lease.$_pwt_token
_pwt_exit=$_pwt_dir/exit.$_pwt_token
_pwt_identify
[ -d "$_pwt_dir/lease" ] && exit ${SUPERVISOR_STATUS.stateUnwritable}
printf '%-9s %3d\\n' reserved 0 >"$_pwt_exit" || exit ${SUPERVISOR_STATUS.stateUnwritable}
_pwt_record supervisor >"$_pwt_lease" || exit ${SUPERVISOR_STATUS.stateUnwritable}
_pwt_tool ln "$_pwt_lease" "$_pwt_dir/lease"
_pwt_won=$?
if [ "$_pwt_won" -ne 0 ]; then
  _pwt_tool rm -f "$_pwt_lease" "$_pwt_exit"
  [ -e "$_pwt_dir/lease" ] && exit ${SUPERVISOR_STATUS.leaseTaken}
  exit ${SUPERVISOR_STATUS.stateUnwritable}
fi
( PATH=/usr/bin:/bin:$PATH; exec rm -f "$_pwt_lease" 3>&- ) &
( PATH=/usr/bin:/bin:$PATH; exec sync "$_pwt_dir/lease" "$_pwt_dir" 3>&- ) &

(
  _pwt_identify
  _pwt_record command >"$_pwt_dir/command"
  PWT_MARK=\${PWT_MARK:+$PWT_MARK,}$_pwt_mark
  export PWT_MARK
  trap ': >"$_pwt_dir/unstarted"' EXIT
  umask "$_pwt_umask"
  exec 2>&3 3>&-
  cd -P "$_pwt_cwd" || exit 1
  unset OLDPWD
  exec "$@"
)
_pwt_status=$?

trap '' TERM INT HUP
_pwt_kind=exited
[ -e "$_pwt_dir/unstarted" ] && _pwt_kind=unstarted
printf '%-9s %3d\\n' "$_pwt_kind" "$_pwt_status" 1<>"$_pwt_exit"
_pwt_tool mv -f "$_pwt_exit" "$_pwt_dir/exit"
( PATH=/usr/bin:/bin:$PATH; exec sync "$_pwt_dir/exit" "$_pwt_dir" 3>&- ) &
exit 0
`;
