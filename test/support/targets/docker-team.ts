import type { InstanceStatus } from "../../../src/agent-api/status.ts";
import { findDocker } from "../../../src/docker-host/address.ts";
import { dockerDriver } from "../../../src/drivers/docker/docker-driver.ts";
import { agentApi, resourceName } from "../../../src/names.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { type CallContext, type Created, InitializationFailed } from "../../../src/providers/base/resource.ts";
import { dockerProvider } from "../../../src/providers/docker/provider.ts";
import type { DockerClient } from "../../../tools/docker/docker.ts";
import type { Recorded } from "../../components/mock-stack.ts";
import { type Target, uniqueName } from "./target.ts";
import { eventually, type Team } from "./team.ts";
import { planOf, resourcesOf, takeTurn } from "./team-plan.ts";

/** For a busy machine with two processors. */
const startSeconds = 120;
const startEachSeconds = 5;

/** Containers of a compiled blueprint, created by the plugin's resources without the engine. */
export function dockerTeam(docker: () => DockerClient): Target["team"] {
  return async (onFinished, options = {}) => {
    const done = await takeTurn();
    const cluster = uniqueName("team");
    const { count = 1 } = options;
    const place = { target: "docker", max: count === 0 ? 50 : count + 2, memory: "128Mi" } as const;
    const stack = await openStack(docker(), planOf(cluster, place, options));
    const address = findDocker(docker().url, {});
    const driver = await dockerDriver({ address, resource: resourceName([cluster]) });
    onFinished(async () => {
      driver.close();
      await stack.apply(undefined);
      done();
    });
    const team = teamOf(docker(), cluster, driver, stack);
    await team.scale(count);
    await eventually(async () => (await driver.status())?.api);
    return team;
  };
}

/** The resources of a plan on a daemon, without the engine. */
interface Stack {
  /** Creates missing resources for a number of instances, then removes surplus ones; removes everything for 0. */
  apply(count: number | undefined): Promise<void>;
}

interface Made extends Created {
  readonly resource: Recorded;
}

async function openStack(docker: DockerClient, plan: Plan): Promise<Stack> {
  const provider = dockerProvider({});
  await provider.configure?.({ host: docker.url }, { id: plan.cluster });
  const made = new Map<string, Made>();

  const context = ({ type, name }: Recorded): CallContext => ({
    ...{ type, urn: `urn:pulumi:${plan.cluster}::test::${type}::${name}`, timeoutMs: undefined },
    signal: AbortSignal.timeout(300_000),
    log: { progress() {}, info() {}, warning() {} },
  });
  const handlerOf = ({ type }: Recorded) => {
    const { resources } = provider;
    const handler = typeof resources === "function" ? resources(type) : resources[type];
    if (handler === undefined) throw new Error(`the plugin has no ${type}`);
    return handler;
  };

  /** @param together number of concurrent creations */
  async function create(resource: Recorded, together = 1): Promise<void> {
    const asked = context(resource);
    const { wait } = resource.inputs;
    const waitTimeout = startSeconds + together * startEachSeconds;
    const inputs = { ...resource.inputs, ...imageOf(resource), ...(wait === true && { waitTimeout }) };
    const handler = handlerOf(resource);
    const seed = new Uint8Array(32);
    const checked = await handler.check({ ...asked, olds: undefined, news: inputs, seed, autonaming: undefined });
    if (checked.failures?.length) throw new Error(JSON.stringify(checked.failures));
    const created = await handler.create({ ...asked, inputs: checked.inputs, preview: false }).catch(keepHalfMade);
    made.set(resource.name, { ...created, resource });

    /** A resource that failed to start exists and must be removed. */
    function keepHalfMade(error: unknown): never {
      if (error instanceof InitializationFailed) made.set(resource.name, { ...error, resource });
      throw error;
    }
  }

  async function remove({ resource, id, outputs }: Made): Promise<void> {
    await handlerOf(resource).delete({ ...context(resource), id, olds: outputs, oldInputs: resource.inputs });
    made.delete(resource.name);
  }

  return {
    async apply(count) {
      const wanted = count === undefined ? [] : await resourcesFor(plan, count);
      for (const resource of wanted) {
        const there = made.get(resource.name);
        if (there !== undefined && JSON.stringify(there.resource.inputs) === JSON.stringify(resource.inputs)) continue;
        if (there !== undefined) await remove(there);
        if (!isInstance(resource)) await create(resource);
      }
      const missing = wanted.filter((one) => isInstance(one) && !made.has(one.name));
      await Promise.all(missing.map((one) => create(one, missing.length)));
      const names = new Set(wanted.map(({ name }) => name));
      const surplus = [...made.values()].filter(({ resource }) => !names.has(resource.name)).reverse();
      await Promise.all(surplus.filter(({ resource }) => isInstance(resource)).map(remove));
      for (const one of surplus.filter(({ resource }) => !isInstance(resource))) await remove(one);
    },
  };
}

/** The agent server exists even without instances. */
async function resourcesFor(plan: Plan, count: number): Promise<readonly Recorded[]> {
  const resources = await resourcesOf(plan, { counts: { writer: Math.max(1, count) } });
  return resources
    .filter(({ type }) => type.startsWith("docker:index/") && !type.endsWith(":RemoteImage"))
    .filter((resource) => count > 0 || !isInstance(resource))
    .sort((a, b) => rank(a) - rank(b));
}

/** Order of creation: volumes and networks, data seed containers, which never start, then the agent server. */
function rank(resource: Recorded): number {
  if (!resource.type.endsWith(":Container")) return 0;
  return resource.inputs.start === false ? 1 : isInstance(resource) ? 3 : 2;
}

function isInstance({ inputs: { labels } }: Recorded): boolean {
  return Array.isArray(labels) && labels.some(({ label }) => label === "swarmstack.dev/instance");
}

/** Image name from the id that the mocks produce. */
function imageOf({ inputs: { image } }: Recorded): { readonly image?: string } {
  return typeof image === "string" ? { image: image.replace(/^sha256:/, "") } : {};
}

/** Whether a container has run: with many containers that a test kills, one is always restarting. */
function hasBegun({ state, restarts }: InstanceStatus): boolean {
  return state === "running" || restarts > 0;
}

function teamOf({ client }: DockerClient, cluster: string, driver: Team["driver"], stack: Stack): Team {
  /** Kills all processes of a container but its init with -9; the init exits and Docker restarts the container. */
  async function killAll(name: string): Promise<void> {
    const container = client.getContainer(name);
    const before = await container.inspect();
    if (!before.State.Running) return;
    const exec = await container.exec({ Cmd: ["kill", "-9", "-1"], AttachStdout: true });
    (await exec.start({})).resume();
    await eventually(async () => {
      const { State } = await container.inspect();
      return !State.Running || State.StartedAt !== before.State.StartedAt || undefined;
    });
  }

  const nameOf = (instance: string) => `${resourceName([cluster])}-${instance}`;
  return {
    driver,
    async scale(count) {
      await stack.apply(count);
      await eventually(async () => {
        const instances = (await driver.status())?.agents.flatMap((agent) => agent.instances) ?? [];
        return (instances.length === count && instances.every(hasBegun)) || undefined;
      });
    },
    kill: (instance) => killAll(nameOf(instance)),
    async killWithApi(instance) {
      await killAll(`${resourceName([cluster])}--${agentApi.part}`);
      await killAll(nameOf(instance));
      await eventually(async () => (await driver.status())?.api);
    },
  };
}
