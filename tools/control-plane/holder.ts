import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { removeByHand, writeByHand } from "./by-hand.ts";
import { isAvailable, startControlPlane } from "./control-plane.ts";
import { readNodePools } from "./node-pools.ts";

const { values } = parseArgs({ options: { pools: { type: "string" }, audit: { type: "boolean", default: false } } });
const pools = values.pools === undefined ? [] : readNodePools(readFileSync(values.pools, "utf8"));

let told = 0;
const plane = await startControlPlane({
  pools,
  audit: values.audit,
  onProgress({ message, elapsedMs }) {
    if (elapsedMs - told < 15_000) return;
    told = elapsedMs;
    process.stderr.write(`${message} (${Math.round(elapsedMs / 1000)} s)\n`);
  },
});
if (!isAvailable(plane)) {
  process.stderr.write(`${plane.unavailable}\n`);
  process.exit(1);
}

const { folder, url, kubeconfig, kubectl } = plane;
writeByHand({ pid: process.pid, folder, url, kubeconfig, kubectl });
const awake = setInterval(() => {}, 2 ** 30);

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    removeByHand();
    await plane.stop();
    clearInterval(awake);
  });
}
