import { readFileSync } from "node:fs";
import type { ContainerInspectInfo } from "dockerode";
import type { CallContext } from "../../base/resource.ts";
import { changing, type Daemon } from "../daemon.ts";
import type { ContainerInputs } from "./inputs.ts";
import { type TarFile, tarOf } from "./tar.ts";
import { waitUntilHealthy } from "./wait-until-healthy.ts";

const paths = { read: 0o644, execute: 0o744 };

/**
 * Completes an existing container: joins networks, uploads files, starts it, and waits for health where requested. Skips steps
 * that are done, so it can resume after a killed run.
 *
 * @throws SwarmError SW738 where the daemon refuses a step, or the container does not start
 */
export async function completeContainer(
  id: string,
  inputs: ContainerInputs,
  context: Pick<CallContext, "log" | "signal">,
  daemon: Daemon,
): Promise<void> {
  const container = await daemon.ask((client) => client.getContainer(id).inspect());
  await joinNetworks(container, inputs, daemon);
  // A container that has run may have changed these files.
  if (container.State.Status === "created") await uploadFiles(id, inputs, daemon);
  if (inputs.start === false) return;
  if (!container.State.Running && inputs.mustRun !== false) await start(id, inputs, daemon);
  if (inputs.wait === true) await waitUntilHealthy(id, inputs, context, daemon);
}

async function joinNetworks(
  { Id, NetworkSettings }: ContainerInspectInfo,
  { name, networksAdvanced = [] }: ContainerInputs,
  daemon: Daemon,
): Promise<void> {
  if (networksAdvanced.length === 0) return;
  const joined = NetworkSettings.Networks ?? {};
  const isJoined = (network: string) =>
    network in joined || Object.values(joined).some(({ NetworkID }) => NetworkID === network);
  if ("bridge" in joined && !networksAdvanced.some((network) => network.name === "bridge")) {
    await changing(
      `container ${name} cannot leave the network bridge`,
      daemon.ask((client) => client.getNetwork("bridge").disconnect({ Container: Id, Force: false })),
    );
  }
  for (const network of networksAdvanced) {
    if (isJoined(network.name)) continue;
    await changing(
      `container ${name} cannot join the network ${network.name}`,
      daemon.ask((client) =>
        client.getNetwork(network.name).connect({ Container: Id, EndpointConfig: endpointOf(network) }),
      ),
    );
  }
}

type Network = NonNullable<ContainerInputs["networksAdvanced"]>[number];

function endpointOf({ aliases, ipv4Address, ipv6Address, linkLocalIps, macAddress, driverOpts }: Network) {
  return {
    Aliases: aliases ?? [],
    IPAMConfig: {
      ...(ipv4Address !== undefined && { IPv4Address: ipv4Address }),
      ...(ipv6Address !== undefined && { IPv6Address: ipv6Address }),
      ...(linkLocalIps !== undefined && { LinkLocalIPs: linkLocalIps }),
    },
    ...(macAddress !== undefined && { MacAddress: macAddress }),
    ...(driverOpts !== undefined && {
      DriverOpts: Object.fromEntries(
        driverOpts.map((option) => [option.split("=")[0] ?? "", option.replace(/^[^=]*=?/, "")]),
      ),
    }),
  };
}

async function uploadFiles(id: string, { name, uploads = [] }: ContainerInputs, daemon: Daemon): Promise<void> {
  if (uploads.length === 0) return;
  const archive = tarOf(uploads.map(fileOf));
  await changing(
    `files cannot be brought into container ${name}`,
    daemon.ask((client) => client.getContainer(id).putArchive(archive, { path: "/" })),
  );
}

type Upload = NonNullable<ContainerInputs["uploads"]>[number];

function fileOf({ file, content, contentBase64, source, permissions, executable }: Upload): TarFile {
  const mode = executable ? paths.execute : paths.read;
  return {
    path: file.replace(/^\/+/, ""),
    mode: permissions === undefined ? mode : Number.parseInt(permissions, 8),
    content:
      source === undefined
        ? Buffer.from(content ?? contentBase64 ?? "", content === undefined ? "base64" : "utf8")
        : readFileSync(source),
  };
}

async function start(id: string, { name }: ContainerInputs, daemon: Daemon): Promise<void> {
  await changing(
    `container ${name} cannot be started`,
    daemon
      .ask((client) => client.getContainer(id).start())
      .catch((error: unknown) => {
        // 304: already running.
        if (!(error instanceof Error && "status" in error && error.status === 304)) throw error;
      }),
  );
}
