/**
 * Attacks on a cluster, from outside, by its agents and by its files. Beside this suite: tokens (test/agents/tokens.test.ts), limits of
 * bodies, connections and calls (test/agents/limits.test.ts), hostile YAML (test/blueprint/fuzz.test.ts), control characters
 * (src/platform/printable.test.ts), Markdown (src/cli/plan/markdown.test.ts), home folders (bad-input.test.ts).
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { parseCron } from "../../src/blueprint/notation/cron.ts";
import { parseDuration } from "../../src/blueprint/notation/duration.ts";
import { parseEgress } from "../../src/blueprint/notation/egress.ts";
import { parseImage } from "../../src/blueprint/notation/image.ts";
import { parseBytes, parseCpu } from "../../src/blueprint/notation/quantity.ts";
import { parseRange } from "../../src/blueprint/notation/range.ts";
import { parseRedis } from "../../src/blueprint/notation/redis.ts";
import { parseTimeZone } from "../../src/blueprint/notation/time-zone.ts";
import { parseVersion } from "../../src/blueprint/notation/version.ts";
import { parseCondition } from "../../src/cli/wait/condition.ts";
import { printable } from "../../src/platform/printable.ts";
import { parsePayload } from "../../src/tasks/payload.ts";
import { parseSelector } from "../../src/tasks/selector.ts";
import { registered, startServer, type TestServer } from "../agents/support/agent-server.ts";
import { team } from "../support/blueprints.ts";
import { up } from "../support/cluster.ts";
import { Sandbox } from "../support/sandbox.ts";

const sandbox = new Sandbox();
afterAll(() => sandbox.dispose());

/** Sends bytes as they are; the status of the answer, or undefined when the connection is closed without one. */
function send(server: TestServer, ...parts: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      socket.end();
    });
    // The server may close before it has read everything.
    socket.on("error", () => {});
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      resolve(status === undefined ? undefined : Number(status));
    });
    for (const part of parts) socket.write(Buffer.from(part, "latin1"));
  });
}

const beat = "POST /agent/v1/heartbeat HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

test("bodies of 100 MB, floods of headers and broken requests are refused, and others are served meanwhile", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const bearer = `authorization: Bearer ${caller.token}\r\n`;
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const attacks = {
    "100 MB announced": [beat, bearer, "content-length: 104857600\r\n\r\n"],
    "endless chunks": [beat, bearer, "transfer-encoding: chunked\r\n\r\n", ...Array(20).fill(chunk)],
    "10,000 headers": [beat, ...Array(10_000).fill("x-a: b\r\n"), "\r\n"],
    "a header of 1 MB": [beat, `x-a: ${"b".repeat(1_048_576)}\r\n\r\n`],
    "two lengths": [beat, bearer, "content-length: 2\r\ncontent-length: 3\r\n\r\n{}"],
    "length and chunks": [beat, bearer, "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    "a broken chunk": [beat, bearer, "transfer-encoding: chunked\r\n\r\nzz\r\n"],
    "a line break in a header": [beat, "x-a: b\nauthorization: c\r\r\n\r\n"],
    "no HTTP": ["\x00\xff\xfe\r\n\r\n"],
    "another version": ["GET / HTTP/9.9\r\n\r\n"],
    "a path of 100 kB": [`GET /agent/v1/${"a".repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
  };
  for (const [name, parts] of Object.entries(attacks)) {
    const status = await send(server, ...parts);
    expect([400, 401, 404, 413, 414, 422, 431, 505, undefined], name).toContain(status);
    expect((await caller.post("/heartbeat", { state: "idle" })).status, name).toBe(200);
  }
  expect(await send(server, ...attacks["100 MB announced"])).toBe(413);
});

test("names and bodies that mean something to JavaScript, files or C are data or refused; nothing changes but what was named", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const before = readdirSync(server.folder).sort();
  const strange = [
    "__proto__",
    "constructor",
    "../../token",
    "..\\token",
    "a\0b",
    "\u202e",
    "\ud800",
    "%00",
    "%2e%2e%2f",
    "é\u0301",
  ];
  for (const name of strange) {
    // A lone surrogate cannot be in a URL.
    const path = encodeURIComponent(name.toWellFormed());
    const calls = [
      caller.put(`/memory/${path}`, { value: { [name]: 1 }, version: 0 }),
      caller.get(`/memory/${path}`),
      caller.get(`/checkpoints/${path}`),
      caller.put(`/checkpoints/${path}`, new Uint8Array(3)),
      caller.post(`/tasks/${path}/ack`, { attempt: 1, result: { [name]: name } }),
      caller.register({ capabilities: [name], versions: { [name]: name } }),
      caller.register({ instance: name }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.status, JSON.stringify(name)).toBeLessThan(500);
  }
  const texts = [
    '{"__proto__": {"polluted": true}, "epoch": 1}',
    '{"constructor": {"prototype": {"polluted": true}}}',
    "\xff\xfe{}",
  ];
  for (const text of texts) {
    const head = `${beat}authorization: Bearer ${caller.token}\r\ncontent-length: ${text.length}\r\n\r\n`;
    expect(await send(server, head, text), text).toBe(422);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(readdirSync(server.folder).sort()).toEqual([...new Set([...before, "refused.log"])].sort());
  expect(readdirSync(join(server.folder, "checkpoints")).filter((name) => name !== caller.instance)).toEqual([]);
  await caller.register();
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
});

test("200 slow clients: others are served", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished, { limits: { headersTimeoutMs: 500 } });
  const slow = Array.from({ length: 200 }, () => send(server, beat.slice(0, 20)));
  const caller = await registered(server);
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
  // The server ends them.
  for (const status of await Promise.all(slow)) expect([408, undefined]).toContain(status);
});

/** With a pattern that backtracks, one of them would run for years: the test would time out. */
test("texts of 100 kB that patterns backtrack on are read in linear time", async () => {
  const repeated = [
    "a",
    " ",
    "0",
    "1 ",
    "a-",
    "a.",
    "*/",
    "1,",
    "::",
    "//",
    "\\",
    "\n",
    "\t ",
    "1e",
    "aA0_",
    "{[",
    "\x1b[",
  ];
  const readers = [
    ...[parseCron, parseDuration, parseEgress, parseImage, parseBytes, parseCpu, parseRange, parseRedis],
    ...[parseTimeZone, parseVersion, parseCondition, parsePayload, parseSelector, printable],
  ] as ((text: string) => unknown)[];
  for (const read of readers) {
    for (const part of repeated) {
      const text = part.repeat(100_000 / part.length);
      for (const hostile of [text, `${text}!`, `1${text}\0`]) {
        try {
          read(hostile);
        } catch {
          // Refused.
        }
      }
    }
    await turn();
  }
});

test("a secret is in no arguments, output, events, log or state, only in files of its user; exec passes arguments on as they are", async () => {
  const secret = "planted-4c1f7e9a";
  const blueprint = team({ id: "hostile", workers: "1" }).replace("    drain:", "    secrets: [API_KEY]\n    drain:");
  const file = sandbox.write("hostile.yaml", `${blueprint}secrets: { API_KEY: { env: PLANTED } }\n`);
  sandbox.env.PLANTED = secret;
  const told: string[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) told.push(argumentsOf(pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await up(sandbox, [file]);
  isOver = true;
  await watching;
  delete sandbox.env.PLANTED;

  const shown = await sandbox.run(["exec", "worker-0", "sh", "-c", 'printf %s "$API_KEY"']);
  expect(shown.stdout).toBe(secret);
  const literal = "$(id) `id` ; id | id > x & '\"\\ * ~ \n --help";
  expect((await sandbox.run(["exec", "worker-0", "printf", "%s|", literal, "-n"])).stdout).toBe(`${literal}|-n|`);

  const commands = [["status"], ["agents"], ["describe"], ["events"], ["ops", "list"], ["task", "list"], ["doctor"]];
  for (const command of commands) {
    const { stdout, stderr } = await sandbox.run([...command, "--json"]);
    told.push(stdout, stderr);
  }
  told.push((await sandbox.run(["plan", file], { PLANTED: secret })).stdout);
  expect(told.filter((text) => text.includes(secret))).toEqual([]);
  const found = filesIn(sandbox.home).filter((path) => readFileSync(path).includes(secret));
  // The supervisor needs it to start the instance again.
  expect(found.map((path) => path.slice(sandbox.home.length))).toEqual([
    expect.stringMatching(/^\/\.swarmstack\/clusters\/[^/]+\/pools\/worker\.json$/),
  ]);
  for (const path of found) expect(statSync(path).mode & 0o077).toBe(0);
});

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
