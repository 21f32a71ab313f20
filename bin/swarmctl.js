#!/usr/bin/env node
// Starts swarmctl on a Node that can run it: this one, or that of the npm package `node` where it is installed.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { isSupported, packagedNode, refusal } from "./node-version.js";

if (isSupported(process.versions.node)) {
  endEarly();
  // An older Node has none, and would not load this file.
  const { enableCompileCache } = await import("node:module");
  const { cacheFolder } = await import("../dist/stacks/engine/cache.js");
  try {
    enableCompileCache(join(cacheFolder(process.env), "node"));
  } catch {
    // Without a home folder; a command that needs one says so.
  }
  await import("../dist/cli/main.js");
} else {
  const node = packagedNode();
  if (node === undefined) refuse();
  else startOn(node);
}

function startOn(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  passOn(child);
  child.on("close", (status, signal) => {
    process.exitCode = signal === null ? (status ?? 1) : 130;
  });
}

function refuse() {
  process.stderr.write(refusal(process.versions.node, process.execPath));
  process.exitCode = 1;
}

/** A terminal sends Ctrl-C and its hang-up to both processes; others send a signal to this one only. */
function passOn(child) {
  const onTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => onTerminal || child.kill(signal));
}

/**
 * The first process of a container is asked to end in vain until it listens, which the command itself does after a second
 * of loading.
 */
function endEarly() {
  const end = () => process.exit(143);
  process.on("SIGTERM", end);
  process.on("newListener", function replaced(event) {
    if (event !== "SIGTERM") return;
    process.off("newListener", replaced);
    // Not before the other one listens: without any the signal is let go.
    queueMicrotask(() => process.off("SIGTERM", end));
  });
}
