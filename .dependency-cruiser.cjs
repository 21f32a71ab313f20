/**
 * The direction of imports (see CONTRIBUTING.md, "Layout"). Each folder names what it may import; anything else is an error.
 */
const may = {
  catalog: [],
  targets: ["catalog"],
  blueprint: ["targets", "catalog"],
  plan: ["blueprint", "targets", "catalog"],
  components: ["plan", "blueprint", "targets", "catalog", "docker-host"],
  program: ["components", "plan", "blueprint", "targets", "catalog", "control-plane", "docker-host"],
  store: [],
  "control-plane": [],
  "docker-host": [],
  platform: [],
  tasks: ["store"],
  "agent-api": ["tasks", "store", "control-plane"],
  supervisor: ["agent-api", "tasks", "store"],
  drivers: ["targets", "supervisor", "agent-api", "tasks", "store", "control-plane", "docker-host"],
  agents: [],
  providers: [
    "drivers",
    "supervisor",
    "agent-api",
    "tasks",
    "store",
    "plan",
    "blueprint",
    "targets",
    "control-plane",
    "docker-host",
  ],
  images: ["stacks", "plan", "docker-host"],
  stacks: ["control-plane", "docker-host", "program", "components", "plan", "blueprint", "targets", "catalog"],
  lifecycle: [
    "stacks",
    "program",
    "components",
    "plan",
    "blueprint",
    "targets",
    "catalog",
    "drivers",
    "agent-api",
    "tasks",
    "store",
    "control-plane",
    "docker-host",
  ],
};

const everywhere = ["^src/(errors|names|optional-packages|part-name|version)\\.ts$", "^src/platform/"];

const direction = Object.entries(may).map(([folder, allowed]) => ({
  name: `direction-${folder}`,
  severity: "error",
  from: { path: `^src/${folder}(/|\\.ts$)`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^src/",
    pathNot: [`^src/${folder}/`, ...allowed.map((name) => `^src/${name}(/|\\.ts$)`), ...everywhere],
  },
}));

/** The rooms of lifecycle/: each may import those that it names, and the files beside them that name no room. */
const rooms = {
  records: [],
  executor: ["records"],
  migration: ["executor", "records"],
  operations: ["migration", "executor", "records"],
  reconcile: ["operations", "migration", "executor", "records"],
};

/** The executor falls back to the list of all operations. */
const knownRooms = { executor: ["operations"] };

/** What the rooms share, and the front, which only reconcile/ uses. */
const sharedOfLifecycle =
  "^src/lifecycle/(autoscaled|await-start|event|instances|options|rolling-restart|run|source|states)\\.ts$";
const frontOfLifecycle = "^src/lifecycle/[^/]+\\.ts$";

const directionOfRooms = Object.entries(rooms).map(([room, allowed]) => ({
  name: `direction-lifecycle-${room}`,
  severity: "error",
  from: { path: `^src/lifecycle/${room}/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^src/lifecycle/",
    pathNot: [
      room === "reconcile" ? frontOfLifecycle : sharedOfLifecycle,
      ...[room, ...allowed, ...(knownRooms[room] ?? [])].map((name) => `^src/lifecycle/${name}/`),
    ],
  },
}));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    ...direction,
    ...directionOfRooms,
    {
      name: "pure-core",
      comment: "blueprint, plan, targets and catalog know nothing of the engine",
      severity: "error",
      from: { path: "^src/(blueprint|plan|targets|catalog)/", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "components-are-resources-only",
      severity: "error",
      from: { path: "^src/components/", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules/(zod|yaml|@pulumi/pulumi/automation)/" },
    },
    {
      name: "automation-in-stacks-only",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/stacks/" },
      to: { path: "node_modules/@pulumi/pulumi/automation/" },
    },
    {
      name: "no-test-imports",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
