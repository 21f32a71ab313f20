import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { test } from "vitest";

const agent = fileURLToPath(new URL("../../dist/agents/reference.js", import.meta.url));

test("an agent takes tasks after the reply to its first heartbeat resumes it", async ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-test-"));
  const [token, config] = [join(folder, "token"), join(folder, "config.json")];
  writeFileSync(token, "any");
  writeFileSync(config, "{}");
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // On hold at registration, and resumed by the first heartbeat only.
  const leased = new Promise<void>((resolve) => {
    server.on("request", (request, response) => {
      const isLease = request.url?.endsWith("/tasks/lease") ?? false;
      if (isLease) text(request).then((body) => !body.includes("held") && resolve());
      const hold = request.url?.endsWith("/register") ?? false;
      const reply = { epoch: 1, heartbeatIntervalMs: 60_000, parent: null, checkpoint: null, lostTasks: [], tasks: [] };
      response.setHeader("content-type", "application/json");
      // A lease without a task waits.
      if (!isLease) response.end(JSON.stringify({ ...reply, hold, drain: null }));
    });
  });
  const child = spawn(process.execPath, [agent], {
    env: {
      SWARM_API: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ SWARM_TOKEN_FILE: token, SWARM_CONFIG: config, SWARM_STATE_DIR: folder },
      ...{ SWARM_INSTANCE: "writer-0", SWARM_AGENT: "writer", SWARM_CLUSTER: "team" },
    },
    stdio: "ignore",
  });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await leased;
});
