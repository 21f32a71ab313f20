import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { urns, usePlugin } from "./plugin/support/site.ts";

const site = usePlugin();
const folder = mkdtempSync(join(tmpdir(), "swarm-docker-tls-"));
let server: Server;
let host = "";

/** Creates a certificate signed by an authority of the test; without one, the authority's own. */
function certify(name: string, authority?: string): void {
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${name}-key.pem`];
  const common = ["-days", "1", "-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  const signed = authority === undefined ? [] : ["-CA", `${authority}.pem`, "-CAkey", `${authority}-key.pem`];
  openssl("req", "-x509", ...key, ...common, ...signed, "-out", `${name}.pem`);
}

/** A certificate folder in the layout of the docker command. */
function certificates(name: string, authority: string, client: string): string {
  const own = join(folder, name);
  execFileSync("mkdir", [own]);
  const files = { "ca.pem": `${authority}.pem`, "cert.pem": `${client}.pem`, "key.pem": `${client}-key.pem` };
  for (const [to, from] of Object.entries(files)) writeFileSync(join(own, to), readFileSync(join(folder, from)));
  return own;
}

beforeAll(async () => {
  for (const authority of ["ours", "others"]) certify(authority);
  for (const name of ["daemon", "client"]) certify(name, "ours");
  certify("stranger", "others");
  const [ca, cert, key] = ["ours.pem", "daemon.pem", "daemon-key.pem"].map((name) => readFileSync(join(folder, name)));
  // A TLS proxy for the daemon, whose own port is on a private network.
  const { url } = site().docker;
  server = createServer(
    { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), requestCert: true },
    (client) => {
      const daemon = connect(url.replace("unix://", ""));
      for (const [from, to] of [
        [client, daemon],
        [daemon, client],
      ] as const) {
        from.on("error", () => to.destroy()).pipe(to);
      }
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

test("§5 TLS: certificates of the provider and of DOCKER_CERT_PATH connect to the daemon; an unknown client, and a daemon of another authority, are refused with a message", async () => {
  const { start } = site();
  const own = certificates("own", "ours", "client");
  const ways = {
    provider: await start({ host, certPath: own }),
    environment: await start(
      { host: "" },
      { env: { DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: own } },
    ),
  };
  for (const [way, plugin] of Object.entries(ways)) {
    const kept = await plugin.create(urns.volume(way), { name: way });
    expect(kept.outputs.mountpoint, way).toMatch(/_data$/);
    await plugin.delete(kept);
  }
  const refused = {
    "of an unknown client": certificates("stranger-own", "ours", "stranger"),
    "another authority": certificates("other-own", "others", "client"),
  };
  for (const [what, certPath] of Object.entries(refused)) {
    const plugin = await start({ host, certPath });
    await expect(plugin.create(urns.volume("none"), { name: "none" }), what).rejects.toThrow(
      `the docker daemon on ${host} does not answer`,
    );
  }
});
