import { expect, test } from "vitest";
import { foreignTo } from "./own-folder.ts";

const me = { uid: 1000, username: "me" };

test.each([
  { name: "not there", forbidden: "write", found: undefined, hint: undefined },
  { name: "of this user alone", forbidden: "write", found: { uid: 1000, mode: 0o40700 }, hint: undefined },
  { name: "readable by others", forbidden: "write", found: { uid: 1000, mode: 0o40755 }, hint: undefined },
  { name: "of root", forbidden: "write", found: { uid: 0, mode: 0o40755 }, hint: undefined },
  { name: "writable by the group", forbidden: "write", found: { uid: 1000, mode: 0o40775 }, hint: "chmod go-w /home" },
  { name: "writable by others", forbidden: "write", found: { uid: 1000, mode: 0o40777 }, hint: "chmod go-w /home" },
  {
    name: "of root, writable by others",
    forbidden: "write",
    found: { uid: 0, mode: 0o41777 },
    hint: "chmod go-w /home",
  },
  {
    name: "of another user",
    forbidden: "write",
    found: { uid: 1001, mode: 0o40700 },
    hint: "look into it, and if it is yours: sudo chown -R me /home",
  },
  { name: "a secret of this user alone", forbidden: "any", found: { uid: 1000, mode: 0o100600 }, hint: undefined },
  {
    name: "a secret that others read",
    forbidden: "any",
    found: { uid: 1000, mode: 0o100640 },
    hint: "chmod 600 /home",
  },
] as const)("$name: $hint", ({ forbidden, found, hint }) => {
  const foreign = foreignTo("/home", forbidden, found, me);
  expect(foreign?.hints[0]).toBe(hint);
  if (found === undefined || foreign === undefined) return;
  expect(foreign).toMatchObject({ owner: found.uid, mode: (found.mode & 0o7777).toString(8).padStart(4, "0") });
  expect(foreign.reason).toContain("/home");
});
