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

test.each([
  { name: "another folder", row, file: "/b/team.yaml", text: "two", folders: both, refused: true },
  {
    name: "a failed cluster",
    row: { ...row, status: "FAILED" as const },
    file: "/b/team.yaml",
    text: "two",
    folders: both,
    refused: true,
  },
  { name: "another file of the folder", row, file: "/a/next.yaml", text: "two", folders: both, refused: false },
  { name: "an edit", row, file: "/a/team.yaml", text: "two", folders: both, refused: false },
  { name: "a copy", row, file: "/b/team.yaml", text: "one", folders: both, refused: false },
  {
    name: "a folder that was moved",
    row,
    file: "/b/team.yaml",
    text: "two",
    folders: there("/b/team.yaml"),
    refused: false,
  },
  { name: "a pipe", row, file: "/dev/fd/63", text: "two", folders: both, refused: false },
  {
    name: "a destroyed cluster",
    row: { ...row, status: "DESTROYED" as const },
    file: "/b/team.yaml",
    text: "two",
    folders: both,
    refused: false,
  },
  {
    name: "a cluster without a file",
    row: { ...row, blueprintFile: null },
    file: "/b/team.yaml",
    text: "two",
    folders: both,
    refused: false,
  },
])("$name is refused: $refused", ({ row: cluster, file, text, folders, refused }) => {
  const check = () => refuseOtherFolder(cluster, { file, text }, folders);
  if (!refused) expect(check).not.toThrow();
  else
    expect(check).toThrow(expect.objectContaining({ code: "SW607", message: expect.stringContaining("/a/team.yaml") }));
});
