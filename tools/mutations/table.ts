import type { Fence } from "./fence.ts";

const gpu = { project: "unit", tests: ["src/plan/devices.test.ts"] } as const;
const components = { project: "promises", tests: ["test/components/rules.test.ts"] } as const;
const writeFence = { project: "promises", tests: ["test/agents/write-fence.test.ts"] } as const;
const carry = { project: "promises", tests: ["test/agents/carry.test.ts"] } as const;
const store = { project: "promises", tests: ["test/store/store.test.ts"] } as const;
const tasks = { project: "promises", tests: ["test/tasks/conformance.test.ts"] } as const;
const redis = { project: "targets", tests: ["test/tasks/conformance.targets.test.ts"] } as const;
const desiredState = { project: "unit", tests: ["src/plan/desired-state.test.ts"] } as const;
const activity = { project: "unit", tests: ["src/lifecycle/reconcile/activity.test.ts"] } as const;
const decide = { project: "unit", tests: ["src/lifecycle/reconcile/decide.test.ts"] } as const;
const fastCount = {
  project: "promises",
  tests: ["src/supervisor/fast-count.process.test.ts"],
  needsBuild: true,
} as const;
const scaling = { project: "unit", tests: ["src/scaling/decide/decide.test.ts"] } as const;
const scaleMark = { project: "unit", tests: ["src/control-plane/scale-mark.test.ts"] } as const;
const keepFast = { project: "unit", tests: ["src/supervisor/keep-fast.test.ts"] } as const;
const deletionCost = { project: "unit", tests: ["src/control-plane/deletion-cost.test.ts"] } as const;
const objectLists = { project: "unit", tests: ["src/providers/kubernetes/cluster/objects.test.ts"] } as const;
const waits = { project: "unit", tests: ["src/providers/kubernetes/wait/waits.test.ts"] } as const;
const childEnvironment = { project: "unit", tests: ["src/platform/environment/child-environment.test.ts"] } as const;
const entryPoints = { project: "promises", tests: ["test/pulumi/entry-points.test.ts"], needsBuild: true } as const;
const stackLocks = { project: "unit", tests: ["src/stacks/locks.test.ts"] } as const;
const preconditions = { project: "unit", tests: ["src/lifecycle/migration/preconditions.test.ts"] } as const;

const startup = { project: "unit", tests: ["src/agent-api/health/startup.test.ts"] } as const;
const ownFolder = { project: "unit", tests: ["src/platform/own-folder.test.ts"] } as const;
const scaledIn = { project: "promises", tests: ["src/supervisor/pools.process.test.ts"], needsBuild: true } as const;
const autoscaler = { project: "unit", tests: ["src/scaling/autoscaler/cluster-scaler.test.ts"] } as const;
const clusterScaler = "src/scaling/autoscaler/cluster-scaler.ts";
const startupSource = "src/agent-api/health/startup.ts";

const objectListsSource = "src/providers/kubernetes/cluster/object-lists.ts";
const devices = "src/plan/devices.ts";
const dockerScope = "src/components/docker/scope.ts";
const dockerInstances = "src/components/docker/instances.ts";
const dockerSecrets = "src/components/docker/secrets.ts";
const writeFenceSource = "src/agent-api/database/write-fence.ts";
const registrations = "src/agent-api/database/registrations.ts";
const moveRoutes = "src/agent-api/control/routes/move.ts";
const taskFences = "src/tasks/fences.ts";
const luaFences = "src/tasks/redis/lua/fences.ts";
const desiredStateSource = "src/plan/desired-state.ts";
const operations = "src/store/operations.ts";

/** Every fence and guard that tests must notice the absence of. */
export const fences: readonly Fence[] = [
  {
    name: "sources: an empty result is not zero",
    file: "src/scaling/sources/expression/prometheus.ts",
    find: 'if (only === undefined) return unknown("the query has no result");',
    replace: 'if (only === undefined) return { kind: "value", value: 0 };',
    project: "unit",
    tests: ["src/scaling/sources/expression/prometheus.test.ts"],
  },
  {
    name: "sources: a lag that the server does not know is not zero",
    file: "src/scaling/sources/expression/stream.ts",
    find: "if (length === 0 || delivered === lastId)",
    replace: "if (length >= 0 || delivered === lastId)",
    project: "unit",
    tests: ["src/scaling/sources/expression/stream.test.ts"],
  },
  {
    name: "sources: a load without some of the instances does not lower",
    file: "src/scaling/sources/instances/load.ts",
    find: "measured === instances && ageMs <= freshMs",
    replace: "ageMs <= freshMs",
    project: "unit",
    tests: ["src/scaling/sources/instances/metrics.test.ts"],
  },
  {
    name: "sources: an instance that says nothing of itself may be working",
    file: "src/scaling/sources/instances/live.ts",
    find: 'return state === "starting" ? "starting" : "busy";',
    replace: 'return state === "starting" ? "starting" : "idle";',
    project: "unit",
    tests: ["src/scaling/sources/instances/live.test.ts"],
  },
  {
    name: "sources: a queue that is gone is not an empty one",
    file: "src/scaling/sources/queue/redis-queue.ts",
    find: "if (wasThere && !exists)",
    replace: "if (wasThere && !exists && selectors.length === 0)",
    project: "targets",
    tests: ["test/scaling/faults.targets.test.ts"],
  },
  {
    name: "autoscaler: only the holder of the lease records",
    file: clusterScaler,
    find: "return store.fenced(lease.lease, work);",
    replace: "return store.transaction(work);",
    ...autoscaler,
  },
  {
    name: "autoscaler: a lease that may be over writes no count",
    file: clusterScaler,
    find: "if (!lease.isCurrent())",
    replace: "if (false)",
    ...autoscaler,
  },
  {
    name: "autoscaler: an operation has the counts to itself",
    file: clusterScaler,
    find: "if (operation !== undefined)",
    replace: "if (false)",
    ...autoscaler,
  },
  {
    name: "autoscaler: a take-over fences the previous holder at the target",
    file: clusterScaler,
    find: "this.#mustFence = options.lease.isTakeOver;",
    replace: "this.#mustFence = false;",
    ...autoscaler,
  },
  {
    name: "autoscaler: a restart lowers nothing within a window",
    file: "src/scaling/autoscaler/stored-memory.ts",
    find: "return { since: now, agents };",
    replace: "return { since: 0, agents };",
    ...autoscaler,
  },
  {
    name: "autoscaler: another process that scales the cluster is left alone",
    file: "src/scaling/autoscaler/lease.ts",
    find: "if (!acquired.ok) return { ok: false, holder: acquired.holder };",
    replace:
      "if (!acquired.ok) return { ok: true, held: renewing(store, { name, holder: acquired.holder, token: 1, expiresAt: acquired.expiresAt }, ttlMs, false) };",
    project: "unit",
    tests: ["src/scaling/autoscaler/lease.test.ts"],
  },
  {
    name: "tasks: a purge leaves a task at work, store",
    file: "src/tasks/store/admin.ts",
    find: 'if (state === undefined || state === "leased") return state;',
    replace: "if (state === undefined) return state;",
    ...tasks,
  },
  {
    name: "tasks: a purge leaves a task at work, Redis",
    file: "src/tasks/redis/lua/admin.ts",
    find: "if state == 'leased' then return state end",
    replace: "",
    ...redis,
  },
  {
    name: "autostop: a time before the last reactivation",
    file: "src/lifecycle/reconcile/decide.ts",
    find: "stopAt > condition.since",
    replace: "stopAt > 0",
    ...decide,
  },
  {
    name: "checkpoints: the chosen state is kept",
    file: "src/agent-api/checkpoints/folder-store.ts",
    find: "[manifest, before, chosen]",
    replace: "[manifest, before]",
    ...{ project: "unit", tests: ["src/agent-api/checkpoints/folder-store.test.ts"] },
  },
  {
    name: "checkpoints: a saved state is frozen until its instance is resumed",
    file: "src/agent-api/database/directives.ts",
    find: 'return this.#drained.has(instance) || this.#given(agent, instance)?.kind === "hold";',
    replace: "return false;",
    ...{ project: "promises", tests: ["test/agents/checkpoints.test.ts"] },
  },
  {
    name: "checkpoints: the next process of a drained instance is not told to save again",
    file: "src/agent-api/database/directives.ts",
    find: "if (found !== undefined && !found.isBack)",
    replace: "if (found === null)",
    ...{ project: "promises", tests: ["test/agents/checkpoints.test.ts"] },
  },
  {
    name: "home: a folder that others can write to",
    file: "src/platform/own-folder.ts",
    find: "if ((found.mode & permissions[forbidden]) === 0) return undefined;",
    replace: "if (found.mode >= 0) return undefined;",
    ...ownFolder,
  },
  {
    name: "home: a folder of another user",
    file: "src/platform/own-folder.ts",
    find: "if (found.uid !== user.uid && found.uid !== 0) {",
    replace: "if (found.uid < 0) {",
    ...ownFolder,
  },
  {
    name: "supervisor: the log of an instance that was scaled in",
    file: "src/supervisor/supervisor.ts",
    find: "{ removesLog: !returns }",
    replace: "{ removesLog: false }",
    ...scaledIn,
  },
  {
    name: "supervisor: a daemon without the environment of its instance",
    file: "src/platform/processes/marked.ts",
    find: "?? writtenBy(pid, environment, logs)",
    replace: "",
    ...scaledIn,
  },
  {
    name: "supervisor: logs take no more than their limit",
    file: "src/supervisor/log-pipe.ts",
    find: "size > 0 && size + bytes.length > limits.maxBytes",
    replace: "size > 1e12",
    ...{ project: "unit", tests: ["src/supervisor/log-pipe.test.ts"] },
  },
  {
    name: "supervisor: the token of an instance that was scaled in",
    file: "src/supervisor/supervisor.ts",
    find: "removeToken(this.#context.pad, instance);",
    replace: "",
    ...scaledIn,
  },
  {
    name: "audit: refusals are apart from what was done",
    file: "src/agent-api/refusals.ts",
    find: 'return action.endsWith(".refused");',
    replace: 'return action === "";',
    ...{ project: "unit", tests: ["src/agent-api/refusals.test.ts"] },
  },
  {
    name: "audit: a flood of refusals is counted instead of written",
    file: "src/agent-api/refusals.ts",
    find: "return ++this.#seen <= this.#limit;",
    replace: "return ++this.#seen > 0;",
    ...{ project: "unit", tests: ["src/agent-api/refusals.test.ts"] },
  },
  {
    name: "audit: a call of the control API without its token",
    file: "src/supervisor/server.ts",
    find: 'audit.append({ at: clock.now(), actor: "unknown", action: "operator.refused", detail });',
    replace: "",
    ...{ project: "promises", tests: ["src/supervisor/server.process.test.ts"], needsBuild: true },
  },
  {
    name: "tasks: capabilities that only the instance names",
    file: "src/agent-api/roster.ts",
    find: "composed(capabilities).filter((one) => offered.has(one))",
    replace: "[...offered]",
    ...{ project: "unit", tests: ["src/agent-api/roster.test.ts"] },
  },
  {
    name: "tasks: one that no agent takes",
    file: "src/agent-api/task-takers.ts",
    find: "if (known.has(selectorWord(selector))) return;",
    replace: "if (known.size >= 0) return;",
    ...{ project: "unit", tests: ["src/agent-api/task-takers.test.ts"] },
  },
  {
    name: "idle: a waiting task that no agent takes",
    file: "src/lifecycle/reconcile/activity.ts",
    find: "total.waiting - untaken",
    replace: "total.waiting - 0 * untaken",
    ...activity,
  },
  {
    name: "blueprint: a schedule that never fires",
    file: "src/blueprint/notation/cron.ts",
    find: 'createSchedule(expression, "UTC").nextRun(anyTime) !== null',
    replace: 'createSchedule(expression, "UTC").nextRun(anyTime) !== undefined',
    ...{ project: "unit", tests: ["src/blueprint/notation/cron.test.ts"] },
  },
  {
    name: "blueprint: a number that JSON changes",
    file: "src/platform/exact-number.ts",
    find: "if (isInteger) return Number.isSafeInteger(value) ? undefined : tooLong;",
    replace: "if (isInteger) return undefined;",
    ...{ project: "unit", tests: ["src/platform/exact-number.test.ts"] },
  },
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

  // What a user's environment does to engine and plugins.
  {
    name: "environment: loopback through a proxy",
    file: "src/platform/environment/child-environment.ts",
    find: "...Object.fromEntries(stays), ...loopbackExempt(env) };",
    replace: "...Object.fromEntries(stays) };",
    ...entryPoints,
  },
  {
    name: "environment: preloads in workers and plugins",
    file: "src/platform/environment/child-environment.ts",
    find: "const { kept } = splitNodeOptions(text);",
    replace: "const kept = text;",
    ...childEnvironment,
  },

  {
    name: "engine: a mirror's archive of another hash",
    file: "src/stacks/engine/mirror.ts",
    find: "if (hash !== mirror.sha256) {",
    replace: "if (hash === undefined) {",
    project: "unit",
    tests: ["src/stacks/engine/mirror.test.ts"],
  },

  // What a power loss leaves, and whose folder it is.
  {
    name: "locks: one that is damaged is held for ever",
    file: "src/stacks/locks.ts",
    find: "if (holder === undefined) return nowMs - writtenAtMs > writtenWithinMs;",
    replace: "if (holder === undefined) return false;",
    ...stackLocks,
  },
  {
    name: "locks: one of another host is broken",
    file: "src/stacks/locks.ts",
    find: "if (holder.hostname !== host) return false;",
    replace: "",
    ...stackLocks,
  },
  {
    name: "passphrase: an empty one is taken",
    file: "src/stacks/passphrase.ts",
    find: 'if (text.trim() !== "" || mayBeEmpty) return',
    replace: "if (text !== undefined) return",
    project: "unit",
    tests: ["src/stacks/passphrase.test.ts"],
  },
  {
    name: "backend: blamed for any permission denied",
    file: "src/stacks/backend-failures.ts",
    find: "path.startsWith(backend.dir)",
    replace: "true",
    project: "unit",
    tests: ["src/stacks/backend-failures.test.ts"],
  },

  // What a container may do to its host, and who reads its secrets.
  {
    name: "docker: capabilities",
    file: dockerScope,
    find: 'capabilities: { drops: ["ALL"] },',
    replace: "",
    ...components,
  },
  {
    name: "docker: new privileges",
    file: dockerScope,
    find: 'securityOpts: ["no-new-privileges:true"],',
    replace: "",
    ...components,
  },
  { name: "docker: privileged", file: dockerScope, find: "init: true,", replace: "privileged: true,", ...components },
  { name: "docker: disk can be written", file: dockerScope, find: "readOnly: true,", replace: "", ...components },
  {
    name: "docker: root",
    file: dockerScope,
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
    file: "src/components/docker/data-seed.ts",
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
    file: desiredStateSource,
    find: "refuseOtherOperations(old.operation, proposal.operation);",
    replace: "",
    ...desiredState,
  },
  {
    name: "operation: destroyed by hand in its middle",
    file: "src/stacks/pulumi-command.ts",
    find: "refuseOtherOperations(facts.operation, env.SWARM_OPERATION_ID);",
    replace: "",
    project: "promises",
    tests: ["test/lifecycle/kill/kill.test.ts"],
    needsBuild: true,
  },
  {
    name: "operation: refuses nobody",
    file: desiredStateSource,
    find: "if (open === undefined || open.id === operation) return;",
    replace: "return;",
    ...desiredState,
  },
  {
    name: "operation: autoscalers write in its middle",
    file: desiredStateSource,
    find: " || operation !== undefined;",
    replace: ";",
    ...desiredState,
  },
  {
    name: "hibernation: counts of a cluster that sleeps",
    file: desiredStateSource,
    find: "if (!isAsleep({ power })) return counts;",
    replace: "return counts;",
    ...desiredState,
  },
  {
    name: "idle: silence taken for it",
    file: "src/lifecycle/reconcile/activity.ts",
    find: "if (silent.length > 0)",
    replace: "if (false)",
    ...activity,
  },
  {
    name: "idle: what cannot be asked taken for it",
    file: "src/lifecycle/reconcile/decide.ts",
    find: 'case "unknown":',
    replace:
      'case "unknown":\n      return { action: "hibernate", reason: "", ifIdle: true };\n    case undefined as never:',
    ...decide,
  },
  {
    name: "lists: Secrets listed",
    file: objectListsSource,
    find: "if (isSecret(reference) || refused.has(key))",
    replace: "if (refused.has(key))",
    ...objectLists,
  },
  {
    name: "lists: a refused list tried again",
    file: objectListsSource,
    find: "if (isSecret(reference) || refused.has(key))",
    replace: "if (isSecret(reference))",
    ...objectLists,
  },
  {
    name: "lists: an own write hidden by an older list",
    file: objectListsSource,
    find: "if (known.touched.has(reference.name)) return undefined;",
    replace: "",
    ...objectLists,
  },
  {
    name: "lists: absence taken for deletion",
    file: "src/providers/kubernetes/cluster/objects.ts",
    find: "(await lists.find(reference, signal)) ?? (await get(reference, signal))",
    replace: "(await lists.find(reference, signal)) ?? Promise.reject(new ApiFailure(404, undefined))",
    ...objectLists,
  },
  {
    name: "lists: a stale list used",
    file: objectListsSource,
    find: "known.listing === undefined || at - known.startedMs > maxAgeMs",
    replace: "known.listing === undefined",
    ...objectLists,
  },
  {
    name: "waits: a watch that fails ends the wait",
    file: "src/control-plane/follow.ts",
    find: "if (isRefused(error)) watchable = false;",
    replace: "throw error;",
    ...waits,
  },
  {
    name: "waits: another object of the name waited for",
    file: "src/providers/kubernetes/wait/wait-until-gone.ts",
    find: "if (uid !== undefined && uidOf(object) !== uid) return gone;",
    replace: "",
    ...waits,
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
    name: "write fence: not asked by agents",
    file: "src/agent-api/plugin.ts",
    find: "addWriteFenceHook(scope, parts.writeFence, { passes: isHeardAnyway, onWait });",
    replace: "void [onWait, isHeardAnyway];",
    ...writeFence,
  },
  {
    name: "write fence: not asked by those who add tasks",
    file: "src/agent-api/control/routes/tasks.ts",
    find: 'method === "GET"',
    replace: "true",
    ...carry,
  },
  {
    name: "write fence: not waiting for those inside",
    file: writeFenceSource,
    find: "this.#inside === 0 || undefined",
    replace: "true",
    ...writeFence,
  },
  {
    name: "write fence: forgotten by a restart",
    file: writeFenceSource,
    find: 'state === "shut")?.operation;',
    replace: "false)?.operation;",
    ...writeFence,
  },
  {
    name: "write fence: shut over another operation",
    file: writeFenceSource,
    find: "deadlineMs }: FenceOptions): Promise<void> {",
    replace: "deadlineMs }: FenceOptions): Promise<void> {\n    this.#fencedFor = undefined;",
    ...writeFence,
  },
  {
    name: "write fence: opened by another operation",
    file: writeFenceSource,
    find: "lift(operation: string): void {",
    replace: "lift(operation: string): void {\n    this.#fencedFor = undefined;",
    ...writeFence,
  },
  {
    name: "write fence: state read while it is open",
    file: writeFenceSource,
    find: "requireFenced(): string {",
    replace: 'requireFenced(): string {\n    if (this.#fencedFor === undefined) return "";',
    ...carry,
  },
  {
    name: "write fence: leases of heartbeats",
    file: "src/agent-api/instance-registry.ts",
    find: "if (writeFence.fencedFor !== undefined) return [];",
    replace: "",
    ...writeFence,
  },
  {
    name: "arrival: open before the state is there",
    file: "src/agent-api/backend.ts",
    find: "database.writeFence.raiseForArrival(options.arrival);",
    replace: "{}",
    ...writeFence,
  },
  {
    name: "arrival: shut again after it was opened",
    file: writeFenceSource,
    find: "if (!this.#rows().some((row) => row.operation === operation)) ",
    replace: "",
    ...writeFence,
  },
  {
    name: "epochs: not carried",
    file: moveRoutes,
    find: "registrations.continueAt(instance, epoch);",
    replace: "void [instance, epoch];",
    ...carry,
  },
  {
    name: "epochs: the same one twice",
    file: registrations,
    find: "registration === undefined ? epoch : epoch + 1",
    replace: "epoch",
    ...carry,
  },
  {
    name: "tasks: carried as held",
    file: "src/tasks/imported-task.ts",
    find: 'if (task.state !== "leased") return task;',
    replace: "return task;",
    ...tasks,
  },
  { name: "format: another one", file: moveRoutes, find: "refuseOtherFormat(exported.format);", replace: "", ...carry },
  {
    name: "format: a server of another version",
    file: "src/lifecycle/migration/preconditions.ts",
    find: " && format === moveFormat) return;",
    replace: ") return;",
    ...preconditions,
  },
  {
    name: "format: a server that does not wait",
    file: "src/lifecycle/migration/preconditions.ts",
    find: "if (fencedFor === operation && ",
    replace: "if (",
    ...preconditions,
  },
  {
    name: "state: not read back",
    file: "src/agent-api/checkpoints/folder-store.ts",
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
    file: "src/drivers/control/checkpoint-calls.ts",
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
    file: desiredStateSource,
    find: "refuseMoved(old.moved, proposal.operation);",
    replace: "",
    ...desiredState,
  },
  {
    name: "tombstone: refuses nobody",
    file: desiredStateSource,
    find: "if (moved === undefined || moved.operation === operation) return;",
    replace: "return;",
    ...desiredState,
  },
  {
    name: "tombstone: forgotten by the next update",
    file: desiredStateSource,
    find: "movedBy(proposal) ?? old.moved;",
    replace: "movedBy(proposal);",
    ...desiredState,
  },

  // A command succeeds when its instances have started.
  {
    name: "start: a process counts as started at once",
    file: startupSource,
    find: "signs.ranForMs >= signs.startPeriodMs",
    replace: "signs.ranForMs >= 0",
    ...startup,
  },
  {
    name: "start: an agent that must register has started without",
    file: startupSource,
    find: "!signs.mustRegister && ",
    replace: "",
    ...startup,
  },

  // What is refused changes nothing.
  {
    name: "up: the blueprint of another folder",
    file: "src/lifecycle/operations/refuse-other-folder.ts",
    find: "|| folders[0] === folders[1]",
    replace: "|| folders.length > 0",
    project: "unit",
    tests: ["src/lifecycle/operations/refuse-other-folder.test.ts"],
  },
  {
    name: "up: missing inputs",
    file: "src/program/require-inputs.ts",
    find: "if (missing.length === 0) return;",
    replace: "if (missing.length >= 0) return;",
    project: "unit",
    tests: ["src/program/require-inputs.test.ts"],
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
  {
    name: "scaling: unknown never lowers",
    file: "src/scaling/decide/decide-agent.ts",
    find: "if (unsure.length > 0 && wants < desired) {",
    replace: "if (unsure.length < 0 && wants < desired) {",
    ...scaling,
  },
  {
    name: "scaling: busy instances stay",
    file: "src/scaling/decide/decide-agent.ts",
    find: "Math.min(desired, Math.max(inWindow.count, busy))",
    replace: "Math.min(desired, inWindow.count)",
    ...scaling,
  },
  {
    name: "scaling: cool-down",
    file: "src/scaling/decide/decide-agent.ts",
    find: "now - changedAt < cooldownMs",
    replace: "now - changedAt < 0",
    ...scaling,
  },
  {
    name: "scaling: no decrease within a window of the start",
    file: "src/scaling/decide/decide-agent.ts",
    find: "if (now - since < watchesMs) {",
    replace: "if (now - since < 0) {",
    ...scaling,
  },
  {
    name: "scaling: a clock that is set back stops no decrease for ever",
    file: "src/scaling/decide/decide.ts",
    find: "const past = untilNow(memory, now);",
    replace: "const past = memory;",
    ...scaling,
  },
  {
    name: "scaling: an unknown limit raises nothing",
    file: "src/scaling/decide/limits.ts",
    find: "if (limit === undefined) {",
    replace: "if (false) {",
    ...scaling,
  },
  {
    name: "scaling: what is not known fills its pool",
    file: "src/scaling/decide/decide.ts",
    find: "const count = live?.desired ?? max;",
    replace: "const count = live?.desired ?? scaling.min;",
    ...scaling,
  },
  {
    name: "scaling: a count of a person is not written",
    file: "src/scaling/decide/decide.ts",
    find: "return [pause, pin].find((one) => isInForce(one, now));",
    replace: "return undefined;",
    ...scaling,
  },
  {
    name: "scaling: generation of a fast count",
    file: "src/supervisor/refuse-fast.ts",
    find: "if (spec.generation !== generation)",
    replace: "if (spec.generation < 0)",
    ...fastCount,
  },
  {
    name: "scaling: cluster of a fast count",
    file: "src/supervisor/refuse-fast.ts",
    find: "if (spec.owner.uid !== uid)",
    replace: "if (spec.owner.uid === undefined)",
    ...fastCount,
  },
  {
    name: "scaling: a fast count outside a declared range stays",
    file: "src/supervisor/keep-fast.ts",
    find: "if (range !== undefined && (fast.count < range.min || fast.count > range.max)) return undefined;",
    replace: "",
    ...keepFast,
  },
  {
    name: "scaling: a fast count outlives a count that a person sets",
    file: "src/supervisor/keep-fast.ts",
    find: "return isNewPin ? undefined : fast;",
    replace: "return isNewPin ? fast : fast;",
    ...keepFast,
  },
  {
    name: "scale: generation of a fast count",
    file: "src/control-plane/scale-mark.ts",
    find: "if (mark.generation > generation)",
    replace: "if (mark.generation < 0)",
    ...scaleMark,
  },
  {
    name: "scale: cluster of a fast count",
    file: "src/control-plane/scale-mark.ts",
    find: "if (mark === undefined || mark.uid !== uid) return movedOn",
    replace: "if (mark === undefined) return movedOn",
    ...scaleMark,
  },
  {
    name: "scale: an earlier fast count over a later one",
    file: "src/control-plane/scale-mark.ts",
    find: "if (mark.seq !== undefined && mark.seq >= seq)",
    replace: "if (mark.generation < 0)",
    ...scaleMark,
  },
  {
    name: "scale: a fast count over that of a person",
    file: "src/control-plane/scale-mark.ts",
    find: "if (mark.pin !== undefined && (mark.pin.untilMs",
    replace: "if (mark.pin === null && (mark.pin?.untilMs",
    ...scaleMark,
  },
  {
    name: "scaling: an instance that holds a task stops",
    file: "src/supervisor/instance.ts",
    find: "while (this.#retiringSinceMs === sinceMs && !this.#context.idle(this.id, sinceMs)) {",
    replace: "while (false) {",
    ...fastCount,
  },
];
