import { PwtError } from '@pwt/core';

/** Each part is a name of a run, a task, a worker or an object: nothing in it means something to git, a shell or a file system. */
const OWN = /^refs\/pwt(?:\/[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?=[A-Za-z0-9_-])){0,99})+$/;

/** @throws PwtError `PWT_BAD_REF_NAME` for all but the full name of a ref below `refs/pwt/` */
export function requireOwnRef(ref: string): void {
  if (ref.length <= 500 && OWN.test(ref) && !/\.lock(?:\/|$)/i.test(ref)) return;
  throw new PwtError('PWT_BAD_REF_NAME', `Not a ref of pwt's: ${JSON.stringify(ref.slice(0, 500))}`, {
    hint: 'Refs that travel are below refs/pwt/.',
    data: { ref: ref.slice(0, 500) },
  });
}
