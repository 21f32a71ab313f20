import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { call } from "./control/http.ts";
import { DialAgent, type Dialled, type DialStreams, NotDialled } from "./dial.ts";
import { remoteServer } from "./remote-server.ts";

type Run = (streams: DialStreams) => Promise<Dialled>;

/** A server that answers with the path, and connections to it that are pipes, as those of a command elsewhere. */
async function dialled(): Promise<{ agent: DialAgent; dials: () => number; run: Run }> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(request.url));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  let dials = 0;
  const run: Run = async ({ stdin, stdout }) => {
    dials++;
    const socket = connect(port, "127.0.0.1").setNoDelay();
    stdin.pipe(socket);
    socket.pipe(stdout, { end: false });
    const ended = new Promise((closed) => socket.once("close", closed));
    return { ended, drop: () => socket.destroy() };
  };
  const agent = new DialAgent(run);
  onTestFinished(() => {
    agent.destroy();
    server.close();
    server.closeAllConnections();
  });
  return { agent, dials: () => dials, run };
}

test("more calls at once than connections are kept: each is answered, and the next ones use what is there", async () => {
  const { agent, dials } = await dialled();
  const paths = Array.from({ length: 12 }, (_, index) => `/${index}`);
  const ask = (path: string) => call({ name: "the server", agent }, { method: "GET", path, timeoutMs: 20_000 });
  expect(await Promise.all(paths.map(ask))).toEqual(paths);
  const first = dials();
  for (let round = 0; round < 5; round++) expect(await Promise.all(paths.map(ask))).toEqual(paths);
  expect(dials()).toBe(first);
});

test("a connection that never comes: the call ends in its time", async () => {
  const agent = new DialAgent(() => new Promise(() => {}));
  const answer = call({ name: "the server", agent }, { method: "GET", path: "/", timeoutMs: 50 });
  await expect(answer).rejects.toMatchObject({ code: "SW704" });
});

test("what a daemon says that cannot start the command is why nobody answers, and no answer", async () => {
  const agent = new DialAgent(async ({ stdout }) => {
    stdout.write("OCI runtime exec failed: no memory\r\n");
    return { ended: new Promise(() => {}), drop: () => {} };
  });
  const answer = call({ name: "the server", agent }, { method: "GET", path: "/", timeoutMs: 20_000 });
  await expect(answer).rejects.toMatchObject({
    code: "SW704",
    cause: expect.objectContaining({ message: "OCI runtime exec failed: no memory" }),
  });
  await expect(answer).rejects.toHaveProperty("cause", expect.any(NotDialled));
});

test("a command that cannot be started is started again, as nothing was asked", async () => {
  const { run } = await dialled();
  let refusals = 2;
  const server = remoteServer("team", (streams) => {
    if (refusals-- === 0) return run(streams);
    streams.stdout.write("cannot start it now");
    return Promise.resolve({ ended: new Promise(() => {}), drop: () => {} });
  });
  onTestFinished(() => server.close());
  expect(await server.ask({ method: "GET", path: "/a" })).toBe("/a");
});
