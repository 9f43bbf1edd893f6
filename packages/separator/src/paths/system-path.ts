const SYSTEM_ROOT =
  /^\/(?:etc|usr|var|home|tmp|opt|root|bin|sbin|dev|proc|sys|mnt|srv|lib|Users|private|Library)\//;

/** True for an absolute path below a folder that operating systems have, such as `/etc/hosts`. */
export function isSystemPath(path: string): boolean {
  return SYSTEM_ROOT.test(path);
}
