import { expect, test } from "vitest";
import { parseBlueprint } from "../../blueprint/parse.ts";
import { compile } from "../../plan/compile.ts";
import { pushedStreams } from "./pushed-streams.ts";

const text = (redis: string) => `metadata: { id: shop, name: Shop, version: 1.0.0 }
cluster:
  type: standard
  target: { kind: docker${redis} }
  scaling: { metric: task_queue_length }
agents:
  - { role: supervisor, name: Manager, capabilities: [planning] }
  - role: worker
    name: Clerk
    count: 0-3
    capabilities: [orders]
    reports_to: supervisor
    queue: { stream: "shop:jobs" }
`;

function planOf(redis: string) {
  const { blueprint, diagnostics } = parseBlueprint(text(redis), { file: "shop.yaml", hasRedis: true });
  if (blueprint === undefined) throw new Error(JSON.stringify(diagnostics));
  return compile(blueprint, { cluster: "shop" });
}

const record = { uid: "u", site: undefined };
const url = "redis://127.0.0.1:6379";

test("work for a scaled agent is pushed to its stream, and to those of its role and capabilities", () => {
  const pushed = pushedStreams(record, planOf(', redis: "redis://redis:6379"'), { REDIS_URL: url });
  expect(pushed).toEqual({
    url,
    streams: [
      ...["shop:jobs:high", "shop:jobs", "shop:jobs:low"],
      ...["u:role:worker:jobs:high", "u:role:worker:jobs", "u:role:worker:jobs:low"],
      ...["u:capability:orders:jobs:high", "u:capability:orders:jobs", "u:capability:orders:jobs:low"],
    ],
  });
});

test("without an address of Redis for this process there is nothing to listen to", () => {
  expect(pushedStreams(record, planOf(', redis: "redis://redis:6379"'), {})).toBeUndefined();
});
