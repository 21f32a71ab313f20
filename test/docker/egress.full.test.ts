import { afterAll, beforeAll, expect, test } from "vitest";
import { images } from "../../src/plan/images.ts";
import { up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";
import { ourImages } from "../support/servers/docker-images.ts";

const docker = useDocker({}, ourImages);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = new Sandbox({ DOCKER_HOST: docker().url });
  const file = sandbox.write(
    "team.yaml",
    `metadata: { id: team, name: Team, version: 1.0.0 }
cluster:
  type: standard
  min_workers: 1
  max_workers: 2
  target: docker
  network: { egress: ["allowed.test:8080"] }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
`,
  );
  await up(sandbox, [file]);
  // The simulated outside: two names for one server.
  const server =
    'require("http").createServer((_, answer) => answer.end("reached")).listen(8080).on("error", console.error);';
  const outside = await docker().client.createContainer({
    name: "outside",
    Image: images.agent,
    Entrypoint: ["node", "-e", `${server}${server.replace("8080", "9090")}`],
    NetworkingConfig: { EndpointsConfig: { "team--outside": { Aliases: ["allowed.test", "refused.test"] } } },
    HostConfig: { NetworkMode: "team--outside" },
  });
  await outside.start();
  await until("the proxy and the server answer", async () =>
    (await fetchInside("http://allowed.test:8080/")).includes("reached"),
  );
});
afterAll(async () => {
  await docker()
    .client.getContainer("outside")
    .remove({ force: true })
    .catch(() => {});
  await sandbox?.run(["down", "team", "--yes"]);
  await sandbox?.dispose();
});

/** The response that an agent gets through its proxy. */
function fetchInside(url: string): Promise<string> {
  return inInstance(`
const { hostname: host, port } = new URL(process.env.HTTP_PROXY);
require("http").get({ host, port, path: "${url}", headers: { host: new URL("${url}").host } }, (answer) => {
  let text = "";
  answer.on("data", (bytes) => (text += bytes)).on("end", () => console.log(answer.statusCode, text.slice(0, 20)));
});`);
}

async function inInstance(script: string): Promise<string> {
  const { stdout, stderr } = await sandbox.run(["exec", "boss-0", "node", "-e", script]);
  return (stdout + stderr).trim();
}

const connect = (target: string) => `
const { hostname: host, port } = new URL(process.env.HTTPS_PROXY);
const request = require("http").request({ host, port, method: "CONNECT", path: "${target}" });
request.on("connect", ({ statusCode }) => { console.log(statusCode); process.exit(); }).end();`;

test("through the proxy: only the host and the port that the blueprint lists, also for encrypted connections", async () => {
  expect(await fetchInside("http://allowed.test:8080/")).toBe("200 reached");
  for (const url of ["http://allowed.test:9090/", "http://refused.test:8080/"]) {
    expect(await fetchInside(url), url).toMatch(/^403 /);
  }
  expect(await inInstance(connect("allowed.test:8080"))).toBe("200");
  expect(await inInstance(connect("refused.test:8080"))).toBe("403");
});

test("without the proxy: no outside address is reachable, and no outside name resolves", async () => {
  const { NetworkSettings } = await docker().client.getContainer("outside").inspect();
  const address = NetworkSettings.Networks["team--outside"]?.IPAddress ?? "";
  const dial = `require("net").connect({ host: "${address}", port: 8080, timeout: 5000 })
    .on("connect", () => console.log("connected")).on("timeout", () => process.exit(console.log("nothing")))
    .on("error", ({ code }) => console.log(code));`;
  expect(await inInstance(dial)).toMatch(/^(ENETUNREACH|EHOSTUNREACH|nothing)$/);
  const resolve = 'require("dns").lookup("example.com", (error) => console.log(error ? "unknown" : "known"));';
  expect(await inInstance(resolve)).toBe("unknown");
  expect(await inInstance('fetch(process.env.SWARM_API + "/healthz").then(({ status }) => console.log(status))')).toBe(
    "200",
  );
});
