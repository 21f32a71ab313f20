import { statSync } from "node:fs";
import { userInfo } from "node:os";

/** Permission bits of the group and others. */
const permissions = { write: 0o022, any: 0o077 } as const;

export interface Owned {
  readonly uid: number;
  readonly mode: number;
}

/** Why another user could have put in what this user would trust. */
export interface Foreign {
  readonly reason: string;
  /** Commands or short instructions that mend it. */
  readonly hints: readonly string[];
  readonly owner: number;
  /** As `chmod` takes it. */
  readonly mode: string;
}

/**
 * Judges a file or folder as ssh does: it must belong to this user or to root, and others must not have permissions on it.
 *
 * @param forbidden what the group and others must not do: write, or anything at all
 * @param found undefined for a missing folder, which is not foreign
 */
export function foreignTo(
  path: string,
  forbidden: keyof typeof permissions,
  found: Owned | undefined,
  user: { readonly uid: number; readonly username: string },
): Foreign | undefined {
  if (found === undefined) return undefined;
  const mode = (found.mode & 0o7777).toString(8).padStart(4, "0");
  const seen = { owner: found.uid, mode };
  if (found.uid !== user.uid && found.uid !== 0) {
    const reason = `${path} belongs to user ${found.uid} (mode ${mode}), not to ${user.username}`;
    return { ...seen, reason, hints: [`look into it, and if it is yours: sudo chown -R ${user.username} ${path}`] };
  }
  if ((found.mode & permissions[forbidden]) === 0) return undefined;
  const can = forbidden === "write" ? "can be written" : "can be read or written";
  const mend = forbidden === "write" ? `chmod go-w ${path}` : `chmod 600 ${path}`;
  return { ...seen, reason: `${path} of user ${found.uid} has mode ${mode}: it ${can} by others`, hints: [mend] };
}

/** The same for the present folder; also undefined on systems without user ids. */
export function whyForeign(path: string, forbidden: keyof typeof permissions): Foreign | undefined {
  if (process.getuid === undefined) return undefined;
  return foreignTo(path, forbidden, ownerOf(path), thisUser(process.getuid()));
}

/** Undefined also where this user cannot look, which the first write will say. */
function ownerOf(path: string): Owned | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function thisUser(uid: number): { readonly uid: number; readonly username: string } {
  try {
    return { uid, username: userInfo().username };
  } catch {
    // No account has this id, as in some containers.
    return { uid, username: String(uid) };
  }
}
