import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { readSettings } from "../../stacks/settings.ts";
import { withRecords } from "./with-records.ts";

function settingsHere() {
  const home = mkdtempSync(join(tmpdir(), "swarm-records-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return readSettings({ HOME: home, SWARM_BACKEND: pathToFileURL(join(home, "backend")).href });
}

test("transactions of concurrent users in one process do not wait for each other in vain", async () => {
  const settings = settingsHere();
  const write = (actor: string) =>
    withRecords(settings, async (store) => {
      for (let n = 0; n < 20; n++) {
        await store.transaction(async ({ audit }) => {
          await audit.append({ actor, action: "first" });
          // Others run between the statements of a transaction.
          await new Promise((resolve) => setImmediate(resolve));
          await audit.append({ actor, action: "second" });
        });
      }
    });
  await Promise.all([write("ana"), write("ben"), write("cleo")]);
  const { items } = await withRecords(settings, (store) => store.audit.list({ limit: 1_000 }));
  expect(items).toHaveLength(120);
});

test("a store that cannot be opened is an error of each user, and is opened again by the next one", async () => {
  const settings = { ...settingsHere(), env: { DATABASE_URL: "mysql://nowhere" } };
  await expect(withRecords(settings, async () => 1)).rejects.toMatchObject({ code: "SW603" });
  await expect(withRecords({ ...settings, env: {} }, async () => 1)).resolves.toBe(1);
});
