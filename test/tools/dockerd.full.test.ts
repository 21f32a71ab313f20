import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type Dockerode from "dockerode";
import { expect, test } from "vitest";
import { importBusybox } from "../../tools/docker/busybox.ts";
import { isDocker, startDocker } from "../../tools/docker/docker.ts";
import { until } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";
import { processesOf, startedBy } from "./started-by.ts";

const run = promisify(execFile);
const image = "busybox:1";
const docker = useDocker({ registry: true }, async (started) => {
  await importBusybox(started, image);
  return undefined;
});

/** A container that serves its name over HTTP. */
async function server(name: string, options: Dockerode.ContainerCreateOptions): Promise<Dockerode.Container> {
  const Cmd = ["sh", "-c", `mkdir -p /www && echo ${name} >/www/index.html && httpd -f -p 80 -h /www`];
  const container = await docker().client.createContainer({
    name,
    Image: image,
    Cmd,
    StopSignal: "SIGKILL",
    ...options,
  });
  await container.start();
  return container;
}

/** The output of a command in a new container. */
async function output(command: string, options: Dockerode.ContainerCreateOptions = {}): Promise<string> {
  const Cmd = ["sh", "-c", command];
  const container = await docker().client.createContainer({ Image: image, Cmd, Tty: true, ...options });
  await container.start();
  await container.wait();
  const text = (await container.logs({ stdout: true, stderr: true })).toString();
  await container.remove();
  return text.trim();
}

test("containers reach each other by name, and from an internal network no other address", async () => {
  const { client } = docker();
  await client.createNetwork({ Name: "open" });
  await client.createNetwork({ Name: "closed", Internal: true });
  await server("in-open", { HostConfig: { NetworkMode: "open" } });
  const both = await server("in-both", { HostConfig: { NetworkMode: "open" } });
  await client.getNetwork("closed").connect({ Container: both.id, EndpointConfig: { Aliases: ["way-out"] } });
  const { NetworkSettings } = await client.getContainer("in-open").inspect();
  const address = NetworkSettings.Networks.open?.IPAddress;
  const closed = { HostConfig: { NetworkMode: "closed" } };
  expect(await output("wget -qO- http://in-open", { HostConfig: { NetworkMode: "open" } })).toBe("in-open");
  expect(await output("wget -qO- http://way-out", closed)).toBe("in-both");
  expect(await output(`wget -T 1 -qO- http://${address} || echo unreachable`, closed)).toContain("unreachable");
});

test("a published port is on its network, and not on this machine's", async () => {
  await server("published", {
    ExposedPorts: { "80/tcp": {} },
    HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "18080" }] } },
  });
  const [enter = "", ...words] = docker().onNetwork;
  const ask = ["busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:18080"];
  const answer = await until("an answer", () => run(enter, [...words, ...ask]).catch(() => undefined));
  expect(answer.stdout.trim()).toBe("published");
  await expect(run("busybox", ask.slice(1))).rejects.toThrow("refused");
});

test("limits hold", async () => {
  const options = { HostConfig: { Memory: 32 * 1024 ** 2, PidsLimit: 10, ReadonlyRootfs: true, CapDrop: ["ALL"] } };
  const inside = await output("id -u; touch /file; dd if=/dev/zero of=/dev/null bs=64M count=1; echo status $?", {
    User: "10001:10001",
    ...options,
  });
  expect(inside).toContain("10001");
  expect(inside).toContain("Read-only file system");
  expect(inside).not.toContain("status 0");
});

test("an image is pushed to the registry and pulled by its digest", async () => {
  const { client, registry } = docker();
  const repository = `${registry}/tools/busybox`;
  await client.getImage(image).tag({ repo: repository, tag: "1" });
  await finished(await client.getImage(`${repository}:1`).push({ authconfig: {} }));
  const { RepoDigests } = await client.getImage(`${repository}:1`).inspect();
  const digest = RepoDigests.find((one) => one.startsWith(repository));
  await client.getImage(`${repository}:1`).remove();
  await finished(await client.pull(digest ?? ""));
  expect((await client.getImage(digest ?? "").inspect()).RepoDigests).toContain(digest);
});

test("a restart of the daemon restarts containers with a restart policy; a kill only those with `always`", async () => {
  const policies = ["always", "unless-stopped", "no"] as const;
  const containers = await Promise.all(
    policies.map((Name) => server(`restart-${Name}`, { HostConfig: { RestartPolicy: { Name } } })),
  );
  const runs = (running: readonly boolean[]) => async () => {
    const states = await Promise.all(containers.map(async (container) => (await container.inspect()).State.Running));
    return states.join() === running.join();
  };
  await docker().restart();
  await until("all but the last run again", runs([true, true, false]));
  await docker().kill();
  await expect(docker().client.ping()).rejects.toThrow();
  await docker().restart();
  await until("only the first runs again", runs([true, false, false]));
});

test("a second dockerd runs in parallel, on a disk of limited size, and leaves nothing", async () => {
  const second = await startDocker({ diskMegabytes: 16 });
  if (!isDocker(second)) throw new Error(second.unavailable);
  try {
    await importBusybox(second, image);
    const Cmd = ["dd", "if=/dev/zero", "of=/file", "bs=1M", "count=32"];
    const container = await second.client.createContainer({ Image: image, Cmd });
    await container.start();
    expect((await container.wait()).StatusCode).toBe(1);
  } finally {
    await second.stop();
  }
  expect(remains(second.folder)).toEqual([]);
});

test("nothing is left when the starter is killed with -9", async () => {
  const { starter, folder } = await startedBy("dockerd-starter.ts");
  expect(processesOf(folder).length).toBeGreaterThanOrEqual(4);
  starter.kill("SIGKILL");
  await until("all is gone", () => remains(folder).length === 0);
});

function remains(folder: string): readonly string[] {
  return [...(existsSync(folder) ? [folder] : []), ...processesOf(folder)];
}

function finished(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) =>
    docker().client.modem.followProgress(stream, (error) => (error === null ? resolve() : reject(error))),
  );
}
