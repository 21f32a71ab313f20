import { spawnSync } from "node:child_process";
import { findByHand, startByHand, stopByHand } from "./by-hand.ts";

const usage = `usage: npm run control-plane -- start [--pools FILE] [--audit]
       npm run control-plane -- stop | status
       npm run control-plane -- kubectl ARGUMENTS
`;

const [verb, ...rest] = process.argv.slice(2);
const running = findByHand();

switch (verb) {
  case "start": {
    const status = running === undefined ? await startByHand(rest) : 0;
    if (status === 0) tell();
    else process.exitCode = status;
    break;
  }
  case "stop": {
    if (running !== undefined) await stopByHand(running);
    break;
  }
  case "status":
    tell();
    break;
  case "kubectl": {
    if (running === undefined) {
      tell();
      break;
    }
    const env = { ...process.env, KUBECONFIG: running.kubeconfig };
    process.exitCode = spawnSync(running.kubectl, rest, { stdio: "inherit", env }).status ?? 1;
    break;
  }
  default:
    process.stderr.write(usage);
    process.exitCode = 2;
}

function tell(): void {
  const found = findByHand();
  if (found === undefined) {
    process.stdout.write("no control plane\n");
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`${found.url}\nexport KUBECONFIG=${found.kubeconfig}\n`);
}
