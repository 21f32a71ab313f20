import { dirname } from "node:path";
import { expect, test } from "vitest";
import type { Cluster } from "../../store/clusters.ts";
import { refuseOtherFolder } from "./refuse-other-folder.ts";

const row = { name: "team", status: "ACTIVE", blueprintFile: "/a/team.yaml", blueprintText: "one" } as Cluster;
const there =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file) ? dirname(file) : undefined;
const both = there("/a/team.yaml", "/a/next.yaml", "/b/team.yaml");

/** An edited blueprint of the same id in another folder; both files exist. */
const other = { row, file: "/b/team.yaml", text: "two", folders: both };

test.each([
  { ...other, name: "another folder", refused: true },
  { ...other, name: "a failed cluster", row: { ...row, status: "FAILED" as const }, refused: true },
  { ...other, name: "another file of the folder", file: "/a/next.yaml", refused: false },
  { ...other, name: "an edit", file: "/a/team.yaml", refused: false },
  { ...other, name: "a copy", text: "one", refused: false },
  { ...other, name: "a folder that was moved", folders: there("/b/team.yaml"), refused: false },
  { ...other, name: "a pipe", file: "/dev/fd/63", refused: false },
  { ...other, name: "a destroyed cluster", row: { ...row, status: "DESTROYED" as const }, refused: false },
  { ...other, name: "a cluster without a file", row: { ...row, blueprintFile: null }, refused: false },
])("$name is refused: $refused", ({ row: cluster, file, text, folders, refused }) => {
  const check = () => refuseOtherFolder(cluster, { file, text }, folders);
  if (!refused) expect(check).not.toThrow();
  else
    expect(check).toThrow(expect.objectContaining({ code: "SW607", message: expect.stringContaining("/a/team.yaml") }));
});
