import { expect, test } from "vitest";
import { configMap } from "./support/objects.ts";
import { urnOf } from "./support/plugin.ts";
import { usePlugin } from "./support/site.ts";

const site = usePlugin();

test("§3 retried errors, §10 kind unknown: retried for a minute, then the server's message", async () => {
  const { plugin } = site();
  const thing = urnOf("no.such/v1:Thing", "t");
  const inside = urnOf("core/v1:ConfigMap", "inside");
  const [kind, namespace] = await Promise.allSettled([
    plugin.create(thing, { metadata: { name: "t" } }),
    plugin.create(inside, configMap("inside", {}, { namespace: "none" })),
  ]);
  expect(kind).toMatchObject({
    reason: {
      message:
        `creation of resource "${thing}" with kind no.such/v1/Thing failed because the Kubernetes API server reported that ` +
        "the apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for " +
        'kind "Thing" in version "no.such/v1"',
    },
  });
  expect(namespace).toMatchObject({
    reason: {
      message: `resource "${inside}" was not successfully created by the Kubernetes API server: namespaces "none" not found`,
    },
  });
  expect(plugin.messages(thing)).toHaveLength(6);
});
