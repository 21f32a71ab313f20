import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** The folder of Pulumi.yaml. Older language hosts do not pass it; they start the program in the folder of its main file. */
export function projectRoot(): string {
  const named = pulumi.getRootDirectory();
  if (isAbsolute(named)) return named;
  let folder = process.cwd();
  while (!existsSync(join(folder, "Pulumi.yaml")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
