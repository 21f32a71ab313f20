import type { Fence } from "./fence.ts";

const gpu = { project: "unit", tests: ["src/plan/devices.test.ts"] } as const;
const components = { project: "promises", tests: ["test/components/rules.test.ts"] } as const;
const gate = { project: "promises", tests: ["test/agents/gate.test.ts"] } as const;
const carry = { project: "promises", tests: ["test/agents/carry.test.ts"] } as const;
const store = { project: "promises", tests: ["test/store/store.test.ts"] } as const;
const tasks = { project: "promises", tests: ["test/tasks/conformance.test.ts"] } as const;
const redis = { project: "targets", tests: ["test/tasks/conformance.targets.test.ts"] } as const;
const wish = { project: "unit", tests: ["src/plan/wish.test.ts"] } as const;
const activity = { project: "unit", tests: ["src/lifecycle/lifetime/activity.test.ts"] } as const;
const decide = { project: "unit", tests: ["src/lifecycle/lifetime/decide.test.ts"] } as const;
const scaleMark = { project: "unit", tests: ["src/control-plane/scale-mark.test.ts"] } as const;
const deletionCost = { project: "unit", tests: ["src/control-plane/deletion-cost.test.ts"] } as const;
const stranger = { project: "unit", tests: ["src/lifecycle/migration/refuse-stranger.test.ts"] } as const;

const devices = "src/plan/devices.ts";
const dockerHost = "src/components/docker/host.ts";
const dockerInstances = "src/components/docker/instances.ts";
const dockerSecrets = "src/components/docker/secrets.ts";
const gateSource = "src/runtime/ledger/gate.ts";
const lives = "src/runtime/ledger/lives.ts";
const moveRoutes = "src/runtime/control/routes/move.ts";
const taskFences = "src/runtime/tasks/fences.ts";
const luaFences = "src/runtime/tasks/redis/lua/fences.ts";
const wishSource = "src/plan/wish.ts";
const operations = "src/store/operations.ts";

/** Every fence and guard that tests must notice the absence of. */
export const fences: readonly Fence[] = [
  // No GPU is shared on a docker host.
  { name: "gpu: more than a pool has", file: devices, find: "refuseTooMany(users, pool);", replace: "", ...gpu },
  { name: "gpu: shared by instances", file: devices, find: "String(next++)", replace: "String(next)", ...gpu },
  { name: "gpu: shared by pools", file: devices, find: "first += pool.gpusPerNode;", replace: "", ...gpu },
  {
    name: "gpu: containers given those of the first instance",
    file: dockerInstances,
    find: "gpu?.devices[ordinal]",
    replace: "gpu?.devices[0]",
    ...components,
  },

  // What a container may do to its host, and who reads its secrets.
  {
    name: "docker: capabilities",
    file: dockerHost,
    find: 'capabilities: { drops: ["ALL"] },',
    replace: "",
    ...components,
  },
  {
    name: "docker: new privileges",
    file: dockerHost,
    find: 'securityOpts: ["no-new-privileges:true"],',
    replace: "",
    ...components,
  },
  { name: "docker: privileged", file: dockerHost, find: "init: true,", replace: "privileged: true,", ...components },
  { name: "docker: disk can be written", file: dockerHost, find: "readOnly: true,", replace: "", ...components },
  {
    name: "docker: root",
    file: dockerHost,
    find: "user: `$" + "{user}:$" + "{user}`,",
    replace: 'user: "0:0",',
    ...components,
  },
  {
    name: "docker: mount of the host",
    file: dockerInstances,
    find: '{ type: "volume", source: files.name,',
    replace: '{ type: "bind", source: "/etc",',
    ...components,
  },
  {
    name: "docker: port of the host",
    file: "src/components/docker/agent-api.ts",
    find: "restart: restartPolicy,",
    replace: "restart: restartPolicy, ports: [{ internal: 80, external: 80 }],",
    ...components,
  },
  {
    name: "docker: network of what carries files",
    file: "src/components/docker/carrier.ts",
    find: 'networkMode: "none",',
    replace: "",
    ...components,
  },
  {
    name: "docker: way out past the egress proxy",
    file: "src/components/docker/docker.ts",
    find: "createNetwork(resource, confined)",
    replace: "createNetwork(resource, false)",
    ...components,
  },
  {
    name: "docker: secret in a label",
    file: dockerSecrets,
    find: "generation: container.id,",
    replace: "generation: [...values.values()][0] ?? container.id,",
    ...components,
  },
  {
    name: "docker: secret in the environment",
    file: dockerSecrets,
    find: "mounts, uploads }",
    replace: "mounts, uploads, envs: [...values.values()] }",
    ...components,
  },

  // An operation works alone on its cluster.
  {
    name: "lease: token not compared",
    file: "src/store/leases.ts",
    find: "row.token === lease.token && ",
    replace: "",
    ...store,
  },
  {
    name: "lease: not proved by who changes a cluster",
    file: "src/store/store.ts",
    find: "await records.leases.prove(inside, lease);",
    replace: "",
    ...store,
  },
  {
    name: "lease: not proved by who writes the journal",
    file: operations,
    find: "await this.#leases.prove(inside, lease);\n      const open ",
    replace: "const open ",
    ...store,
  },
  {
    name: "lease: not proved by who resumes",
    file: operations,
    find: "await this.#leases.prove(inside, lease);\n      const { numUpdatedRows }",
    replace: "const { numUpdatedRows }",
    ...store,
  },
  {
    name: "journal: written after its end",
    file: operations,
    find: "if (open === undefined) throw",
    replace: "if (false) throw",
    ...store,
  },
  {
    name: "journal: resumed after its end",
    file: operations,
    find: '.where("status", "in", ["queued", "running", "failed"])',
    replace: "",
    ...store,
  },
  {
    name: "operation: programs of others run in its middle",
    file: wishSource,
    find: "refuseOthers(old.operation, proposal.operation);",
    replace: "",
    ...wish,
  },
  {
    name: "operation: destroyed by hand in its middle",
    file: "src/stacks/pulumi-door.ts",
    find: "refuseOthers(facts.operation, env.SWARM_OPERATION_ID);",
    replace: "",
    project: "promises",
    tests: ["test/lifecycle/kill/kill.test.ts"],
    needsBuild: true,
  },
  {
    name: "operation: refuses nobody",
    file: wishSource,
    find: "if (open === undefined || open.id === operation) return;",
    replace: "return;",
    ...wish,
  },
  {
    name: "operation: autoscalers write in its middle",
    file: wishSource,
    find: " || operation !== undefined;",
    replace: ";",
    ...wish,
  },
  {
    name: "hibernation: counts of a cluster that sleeps",
    file: wishSource,
    find: "if (!isAsleep({ power })) return counts;",
    replace: "return counts;",
    ...wish,
  },
  {
    name: "idle: silence taken for it",
    file: "src/lifecycle/lifetime/activity.ts",
    find: "if (silent.length > 0)",
    replace: "if (false)",
    ...activity,
  },
  {
    name: "idle: what cannot be asked taken for it",
    file: "src/lifecycle/lifetime/decide.ts",
    find: 'case "unknown":',
    replace:
      'case "unknown":\n      return { action: "hibernate", reason: "", ifIdle: true };\n    case undefined as never:',
    ...decide,
  },
  {
    name: "scale: a newer count overwritten",
    file: "src/control-plane/scale-mark.ts",
    find: "if (!newer && asked)",
    replace: "if (asked)",
    ...scaleMark,
  },
  {
    name: "scale: pods at work as cheap as idle ones",
    file: "src/control-plane/deletion-cost.ts",
    find: " && tasks.length === 0",
    replace: "",
    ...deletionCost,
  },

  // While a cluster moves, nothing of it changes.
  {
    name: "gate: not asked by agents",
    file: "src/runtime/api/plugin.ts",
    find: "passGate(scope, parts.gate, { passes: isHeardAnyway, onWait });",
    replace: "void [onWait, isHeardAnyway];",
    ...gate,
  },
  {
    name: "gate: not asked by givers of tasks",
    file: "src/runtime/control/routes/tasks.ts",
    find: 'method === "GET"',
    replace: "true",
    ...carry,
  },
  {
    name: "gate: not waiting for those inside",
    file: gateSource,
    find: "this.#inside === 0 || undefined",
    replace: "true",
    ...gate,
  },
  {
    name: "gate: forgotten by a restart",
    file: gateSource,
    find: 'state === "shut")?.operation;',
    replace: "false)?.operation;",
    ...gate,
  },
  {
    name: "gate: shut over another operation",
    file: gateSource,
    find: "deadlineMs }: Inside): Promise<void> {",
    replace: "deadlineMs }: Inside): Promise<void> {\n    this.#shutFor = undefined;",
    ...gate,
  },
  {
    name: "gate: opened by another operation",
    file: gateSource,
    find: "open(operation: string): void {",
    replace: "open(operation: string): void {\n    this.#shutFor = undefined;",
    ...gate,
  },
  {
    name: "gate: state read while it is open",
    file: gateSource,
    find: "requireShut(): string {",
    replace: 'requireShut(): string {\n    if (this.#shutFor === undefined) return "";',
    ...carry,
  },
  {
    name: "gate: leases of heartbeats",
    file: "src/runtime/api/desk.ts",
    find: "if (gate.shutFor !== undefined) return [];",
    replace: "",
    ...gate,
  },
  {
    name: "arrival: open before the state is there",
    file: "src/runtime/api/backend.ts",
    find: "ledger.gate.arrive(options.arrival);",
    replace: "{}",
    ...gate,
  },
  {
    name: "arrival: shut again after it was opened",
    file: gateSource,
    find: "if (!this.#rows().some((row) => row.operation === operation)) ",
    replace: "",
    ...gate,
  },
  {
    name: "epochs: not carried",
    file: moveRoutes,
    find: "lives.continueAt(instance, epoch);",
    replace: "void [instance, epoch];",
    ...carry,
  },
  {
    name: "epochs: the same one twice",
    file: lives,
    find: "registration === undefined ? epoch : epoch + 1",
    replace: "epoch",
    ...carry,
  },
  {
    name: "tasks: carried as held",
    file: "src/runtime/tasks/carried.ts",
    find: 'if (task.state !== "leased") return task;',
    replace: "return task;",
    ...tasks,
  },
  { name: "format: another one", file: moveRoutes, find: "refuseOtherFormat(carried.format);", replace: "", ...carry },
  {
    name: "format: a server of another version",
    file: "src/lifecycle/migration/refuse-stranger.ts",
    find: " && format === moveFormat) return;",
    replace: ") return;",
    ...stranger,
  },
  {
    name: "format: a server that does not wait",
    file: "src/lifecycle/migration/refuse-stranger.ts",
    find: "if (shutFor === operation && ",
    replace: "if (",
    ...stranger,
  },
  {
    name: "state: not read back",
    file: "src/runtime/checkpoints/folder-store.ts",
    find: "if (bytes === undefined || sha256(bytes) !== hash)",
    replace: "if (bytes === undefined)",
    ...carry,
  },
  {
    name: "state: another one",
    file: moveRoutes,
    find: "else if (found?.root !== root)",
    replace: "else if (false)",
    ...carry,
  },
  {
    name: "state: chunks of another content",
    file: "src/runtime/control/checkpoint-calls.ts",
    find: "bytes instanceof Uint8Array && sha256(bytes) === hash",
    replace: "bytes instanceof Uint8Array",
    ...carry,
  },
  {
    name: "state: asleep without one",
    file: "src/lifecycle/instances.ts",
    find: " && !stateful.has(agent);",
    replace: ";",
    ...carry,
  },
  {
    name: "state: asleep with damaged ones",
    file: "src/lifecycle/instances.ts",
    find: "if (lacks.length === 0) return",
    replace: "return",
    ...carry,
  },
  {
    name: "commit: a third stack is active",
    file: "src/store/clusters.ts",
    find: '.where("activeStack", "=", from)',
    replace: "",
    ...store,
  },
  {
    name: "tombstone: the stack that was left runs",
    file: wishSource,
    find: "refuseMoved(old.moved, proposal.operation);",
    replace: "",
    ...wish,
  },
  {
    name: "tombstone: refuses nobody",
    file: wishSource,
    find: "if (moved === undefined || moved.operation === operation) return;",
    replace: "return;",
    ...wish,
  },
  {
    name: "tombstone: forgotten by the next update",
    file: wishSource,
    find: "movedBy(proposal) ?? old.moved;",
    replace: "movedBy(proposal);",
    ...wish,
  },

  // Each task has one accepted result.
  ...(["life", "instance", "epoch", "attempt"] as const).flatMap((name): readonly Fence[] => [
    {
      name: `task: ${name}`,
      file: taskFences,
      find: `proof.${name === "life" ? "epoch" : name} === lease.${name} }`,
      replace: "(proof === proof || lease) }",
      ...tasks,
    },
    {
      name: `redis task: ${name}`,
      file: luaFences,
      find: `  ${name}: "`,
      replace: `  ${name}: "true or `,
      ...redis,
    },
  ]),
];
