/** Method, path under /agent/v1, body. */
export type AgentCall = readonly [string, string, object?];

/** All routes of the agent API, and an unknown path. */
export const agentCalls: readonly AgentCall[] = [
  ["POST", "/register", { instance: "writer-0", agent: "writer" }],
  ["POST", "/heartbeat", { epoch: 1, state: "idle" }],
  ["POST", "/tasks/lease", { epoch: 1 }],
  ["POST", "/tasks/t/ack", { epoch: 1, attempt: 1, result: 1 }],
  ["POST", "/tasks/t/fail", { epoch: 1, attempt: 1, error: "x" }],
  ["POST", "/tasks/t/hand-back", { epoch: 1, attempt: 1 }],
  ["PUT", `/checkpoints/${"0".repeat(64)}`, { chunks: [], root: "0".repeat(64), seq: 1, epoch: 1 }],
  ["GET", `/checkpoints/${"0".repeat(64)}?epoch=1`],
  ["GET", "/memory/k?epoch=1"],
  ["PUT", "/memory/k", { epoch: 1, value: 1, version: 0 }],
  ["DELETE", "/memory/k?epoch=1&version=1"],
  ["POST", "/token", {}],
  ["GET", "/nothing"],
];
