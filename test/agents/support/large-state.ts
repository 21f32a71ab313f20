/**
 * An agent whose state has three chunks. Its first process saves a whole checkpoint; each process then starts another
 * one, and stops after its first chunk, to be killed there.
 */
export const largeStateAgent = `
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const { SWARM_API, SWARM_INSTANCE: instance, SWARM_AGENT: agent, SWARM_TOKEN_FILE } = process.env;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const rootOf = (chunks) => sha256(chunks.map((hash) => hash + "\\n").join(""));

async function call(method, path, body) {
  const bytes = body instanceof Uint8Array;
  const response = await fetch(SWARM_API + "/agent/v1" + path, {
    method,
    headers: {
      authorization: "Bearer " + readFileSync(SWARM_TOKEN_FILE, "utf8"),
      ...(body && { "content-type": bytes ? "application/octet-stream" : "application/json" }),
    },
    body: bytes ? body : body && JSON.stringify(body),
  });
  const content = new Uint8Array(await response.arrayBuffer());
  if (!response.ok) throw new Error(Buffer.from(content).toString());
  return response.headers.get("content-type").startsWith("application/json") ? JSON.parse(Buffer.from(content)) : content;
}

const { epoch, checkpoint } = await call("POST", "/register", { instance, agent });
const say = (text) => console.log("life " + epoch + ": " + text);
say("process " + process.pid);
const chunksFor = (seed) => [1, 2, 3].map((part) => new Uint8Array(1024 * 1024).fill((seed * 7 + part) % 256));

if (checkpoint) {
  const parts = [];
  for (const hash of checkpoint.chunks) {
    const part = await call("GET", "/checkpoints/" + hash + "?epoch=" + epoch);
    if (sha256(part) !== hash) throw new Error("damaged");
    parts.push(part);
  }
  if (rootOf(parts.map(sha256)) !== checkpoint.root) throw new Error("another state");
  say("restored " + checkpoint.root);
} else {
  const chunks = chunksFor(0);
  for (const chunk of chunks) await call("PUT", "/checkpoints/" + sha256(chunk) + "?epoch=" + epoch, chunk);
  const hashes = chunks.map(sha256);
  const root = rootOf(hashes);
  await call("PUT", "/checkpoints/" + root, { chunks: hashes, root, seq: 1, epoch });
}
const [next] = chunksFor(epoch);
await call("PUT", "/checkpoints/" + sha256(next) + "?epoch=" + epoch, next);
say("first chunk of the next checkpoint is there");
setInterval(() => {}, 1000);
`;
