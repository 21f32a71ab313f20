/**
 * The direction of imports (see CONTRIBUTING.md, "Layout"). Each folder names what it may import; anything else is an error.
 */
const may = {
  catalog: [],
  blueprint: ["catalog"],
  plan: ["blueprint", "catalog"],
  components: ["plan", "blueprint", "catalog", "docker-host"],
  program: ["components", "plan", "blueprint", "catalog", "control-plane", "docker-host"],
  store: [],
  "control-plane": [],
  "docker-host": [],
  runtime: ["store", "control-plane", "docker-host"],
  providers: ["runtime", "store", "plan", "blueprint", "control-plane", "docker-host"],
  images: ["stacks", "plan", "docker-host"],
  stacks: ["control-plane", "docker-host", "program", "components", "plan", "blueprint", "catalog"],
  lifecycle: [
    "stacks",
    "program",
    "components",
    "plan",
    "blueprint",
    "catalog",
    "runtime",
    "store",
    "control-plane",
    "docker-host",
  ],
};

const everywhere = ["^src/(errors|names|optional-packages|part-name|version)\\.ts$"];

const direction = Object.entries(may).map(([folder, allowed]) => ({
  name: `direction-${folder}`,
  severity: "error",
  from: { path: `^src/${folder}(/|\\.ts$)`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^src/",
    pathNot: [`^src/${folder}/`, ...allowed.map((name) => `^src/${name}(/|\\.ts$)`), ...everywhere],
  },
}));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    ...direction,
    {
      name: "pure-core",
      comment: "blueprint, plan and catalog know nothing of the engine",
      severity: "error",
      from: { path: "^src/(blueprint|plan|catalog)/", pathNot: "\\.test\\.ts$" },
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
