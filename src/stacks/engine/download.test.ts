import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { SwarmError } from "../../errors.ts";
import { type FakeMachine, fakeMachine, fakePulumi, serveHttp } from "./fakes.fixture.ts";
import { findEngine } from "./find-engine.ts";
import { findLanguageHost } from "./find-language-host.ts";
import type { Engine } from "./model.ts";

async function vendor(answer: RequestListener): Promise<string> {
  return `http://${await serveHttp(answer)}/install.sh`;
}

/** Takes the arguments that the vendor's script takes. */
function installScript(version: string): string {
  return `#!/bin/sh
while [ "$1" != --install-root ]; do shift; done
[ "$3 $4" = "--version 3.259.0" ] || { echo "unknown version" >&2; exit 1; }
mkdir -p "$2/bin"
printf '%s\\n' '#!/bin/sh' '${fakePulumi(version)}' > "$2/bin/pulumi"
cp "$2/bin/pulumi" "$2/bin/pulumi-language-nodejs"
chmod 755 "$2"/bin/*`;
}

function find(machine: FakeMachine, installer: string): Promise<Engine> {
  return findEngine({ env: machine.env, sources: ["cache", "download"] }, { goFolders: [], installer, reachMs: 500 });
}

async function reason(found: Promise<Engine>): Promise<string> {
  const thrown = await found.catch((error: unknown) => error);
  return thrown instanceof SwarmError && thrown.code === "SW501" ? thrown.message : `not refused: ${String(thrown)}`;
}

test("installs by the vendor's script into the cache, with the language host beside the engine", async () => {
  const machine = await fakeMachine();
  const installer = await vendor((_request, response) => response.end(installScript("3.259.0")));
  const engine = await find(machine, installer);
  expect(engine).toMatchObject({ origin: "download", version: "3.259.0" });
  expect(await find(machine, installer)).toMatchObject({ path: engine.path, origin: "cache" });
  const host = await findLanguageHost(engine, { env: machine.env });
  expect(host).toMatchObject({ origin: "engine", path: `${engine.path}-language-nodejs` });
});

test.each<[string, RequestListener, RegExp]>([
  ["never answers", () => undefined, /no answer from 127\.0\.0\.1:\d+ within 0\.5 s/],
  ["refuses", (_request, response) => response.writeHead(403).end(), /127\.0\.0\.1:\d+ cannot be reached: HTTP 403/],
  ["sends half and stops", (_request, response) => response.write("#!/bin"), /no answer from .+ within 0\.5 s/],
  [
    "sends a failing script",
    (_request, response) => response.end("echo disk full; exit 1"),
    /script failed: disk full/,
  ],
  [
    "sends an old engine",
    (_request, response) => response.end(installScript("3.1.0")),
    /the downloaded CLI v3\.1\.0 is older/,
  ],
])("a vendor that %s is a reason, soon", async (_name, answer, expected) => {
  const machine = await fakeMachine();
  const started = performance.now();
  expect(await reason(find(machine, await vendor(answer)))).toMatch(expected);
  expect(performance.now() - started).toBeLessThan(5000);
});
