import { readFile, realpath } from "node:fs/promises";
import { findProgram } from "../services/program.ts";
import type { Unavailable } from "../services/service.ts";

/** A busybox that needs no libraries, so that it runs in any image. */
export async function staticBusybox(): Promise<string | Unavailable> {
  const found = await findProgram("busybox", "busybox-static");
  if (found === undefined) return { unavailable: "no busybox here (Debian: apt-get install busybox-static)" };
  const path = await realpath(found);
  // The loader's path is in the first bytes of whatever needs one.
  if (!(await readFile(path)).subarray(0, 4_096).includes("/ld-linux")) return path;
  return { unavailable: "busybox needs libraries here (Debian: apt-get install busybox-static)" };
}
