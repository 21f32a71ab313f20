import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AuditEntry } from "../../agent-api/audit.ts";
import { memoryRoutes } from "../../agent-api/control/routes/memory.ts";
import { parseError } from "../../agent-api/control/wire.ts";
import { openAgentDatabase } from "../../agent-api/database/database.ts";
import { EventRing } from "../../agent-api/events/ring.ts";
import { answerFaults } from "../../agent-api/http/faults.ts";
import { createLimitedServer } from "../../agent-api/http/limits.ts";
import type { Control } from "./control.ts";
import { deleteMemory, listMemory, showMemory } from "./memory-calls.ts";

const clock = { now: () => 1_000, after: () => () => {} };
const writer = { instance: "writer-0", agent: "writer" };

function server(onFinished: (clean: () => void) => void) {
  const folder = mkdtempSync(join(tmpdir(), "swarm-memory-"));
  onFinished(() => rmSync(folder, { recursive: true }));
  const { memory, writeFence } = openAgentDatabase(join(folder, "agents.db"), clock);
  const audited: AuditEntry[] = [];
  const app = createLimitedServer();
  answerFaults(app);
  const events = new EventRing("s", clock.now);
  memoryRoutes(app, { memory, writeFence, audit: { append: (entry) => audited.push(entry) }, events, clock });
  const control: Control = {
    async ask({ method, path }) {
      const { statusCode, body } = await app.inject({ method, url: path });
      if (statusCode === 200) return JSON.parse(body);
      throw parseError(body);
    },
  };
  return { control, memory, audited, events };
}

test("an operator lists, reads and deletes keys of the shared memory; a deletion is audited", async ({
  onTestFinished,
}) => {
  const { control, memory, audited, events } = server(onTestFinished);
  const key = "a key/with ünusual? letters";
  await memory.put(key, { value: { n: [1] }, expected: 0, writer });
  await memory.put("other", { value: 1, expected: 0, writer });
  expect((await listMemory(control)).items).toMatchObject([
    { key, version: 1, instance: "writer-0" },
    { key: "other" },
  ]);
  expect(await listMemory(control, { prefix: "o" })).toEqual({
    items: [{ key: "other", version: 2, bytes: 6, instance: "writer-0" }],
  });
  const first = await listMemory(control, { limit: 1 });
  expect((await listMemory(control, { after: first.next })).items).toMatchObject([{ key: "other" }]);
  expect(await showMemory(control, key)).toMatchObject({ key, value: { n: [1] }, version: 1 });
  await expect(deleteMemory(control, key, 7)).rejects.toMatchObject({ code: "SW710" });
  expect(await deleteMemory(control, key, 1)).toBe(1);
  await expect(showMemory(control, key)).rejects.toMatchObject({ code: "SW705" });
  await expect(deleteMemory(control, key)).rejects.toMatchObject({ code: "SW705" });
  expect(audited).toMatchObject([{ actor: "operator", action: "memory.delete", detail: { key, version: 1 } }]);
  expect(events.after(0, undefined, 9).events).toMatchObject([{ kind: "memory.deleted", key }]);
});
