import { loopbackExempt } from "./loopback.ts";
import { splitNodeOptions } from "./node-options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Rule {
  readonly names: RegExp;
  /** What it would do to the engine, to its plugins or to our own processes. */
  readonly why: string;
  /** `always`: also for the engine's command line that the user calls; `ours`: it stays there, as the user speaks to the engine. */
  readonly goes: "always" | "ours";
}

/** The variables that a child of ours does not get. All others stay: credential helpers, certificates and proxies need theirs. */
const rules: readonly Rule[] = [
  { names: /^NODE_V8_COVERAGE$/, why: "each process would write the caller's coverage", goes: "always" },
  {
    names: /^NODE_(?:DEBUG|DEBUG_NATIVE|PENDING_DEPRECATION)$/,
    why: "prints into the output of plugins",
    goes: "always",
  },
  { names: /^NODE_PRESERVE_SYMLINKS(?:_MAIN)?$/, why: "modules of linked packages are not found", goes: "ours" },
  {
    names: /^NODE_(?:TEST_CONTEXT|UNIQUE_ID|CHANNEL_FD|CHANNEL_SERIALIZATION_MODE)$/,
    why: "belongs to the caller's own child process",
    goes: "always",
  },
  {
    names: /^(?:VSCODE_INSPECTOR_OPTIONS|NODE_INSPECT_RESUME_ON_START)$/,
    why: "attaches the caller's debugger",
    goes: "always",
  },
  {
    names: /^GRPC_(?:VERBOSITY|TRACE|NODE_VERBOSITY|NODE_TRACE|GO_LOG_VERBOSITY_LEVEL|GO_LOG_SEVERITY_LEVEL)$/,
    why: "prints the messages between engine and plugins",
    goes: "always",
  },
  { names: /^PULUMI_OPTION_/, why: "changes the options of each command of the engine", goes: "ours" },
  {
    names: /^PULUMI_(?:RUN_PROGRAM|CONTINUE_ON_ERROR|SKIP_CHECKPOINTS|PARALLEL)$/,
    why: "changes what an update does",
    goes: "ours",
  },
  {
    names:
      /^PULUMI_(?:DISABLE_PROVIDER_PREVIEW|DISABLE_RESOURCE_REFERENCES|DISABLE_OUTPUT_VALUES|DISABLE_VALIDATION|ERROR_OUTPUT_STRING|ENABLE_LEGACY_[A-Z_]+)$/,
    why: "changes what the engine sends to plugins and programs",
    goes: "ours",
  },
  { names: /^PULUMI_IGNORE_AMBIENT_PLUGINS$/, why: "hides the plugins on PATH", goes: "always" },
  {
    names: /^PULUMI_(?:DEBUG_PROVIDERS|DEBUG_LANGUAGES)$/,
    why: "waits for a plugin that a debugger runs",
    goes: "ours",
  },
  {
    names: /^PULUMI_(?:NODEJS_[A-Z_]+|CONFIG|CONFIG_SECRET_KEYS|PROJECT|DRY_RUN|ROOT_DIRECTORY)$/,
    why: "belongs to the program that started this process",
    goes: "ours",
  },
];

export interface ChildOptions {
  /** The engine's command line with the user's arguments: what the user tells the engine by variables stays. */
  readonly isCommandLine?: boolean;
  /** In a Pulumi project of the user, whose program may need a loader: NODE_OPTIONS stay as they are. */
  readonly isUsersProject?: boolean;
}

/** The environment of a child process: that of this one without what breaks engine, plugins and workers, and loopback without a proxy. */
export function childEnvironment(env: Environment, options: ChildOptions = {}): Record<string, string> {
  const stays = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && ruleOf(entry[0], options.isCommandLine) === undefined,
  );
  const child = { ...Object.fromEntries(stays), ...loopbackExempt(env) };
  if (options.isUsersProject || child.NODE_OPTIONS === undefined) return child;
  const { NODE_OPTIONS: text, ...rest } = child;
  const { kept } = splitNodeOptions(text);
  return kept === undefined ? rest : { ...rest, NODE_OPTIONS: kept };
}

/** A variable, or a part of it, that children do not get. */
export interface Removed {
  readonly name: string;
  readonly why: string;
}

/** What `childEnvironment` takes out, for `swarmctl doctor`. */
export function removedFrom(env: Environment): readonly Removed[] {
  const options = splitNodeOptions(env.NODE_OPTIONS ?? "").removed;
  const variables = Object.keys(env).flatMap((name) => {
    const rule = env[name] === undefined ? undefined : ruleOf(name);
    return rule === undefined ? [] : [{ name, why: rule.why }];
  });
  if (options.length === 0) return variables;
  return [{ name: `NODE_OPTIONS ${options.join(" ")}`, why: "would run in each plugin and worker" }, ...variables];
}

function ruleOf(name: string, isCommandLine = false): Rule | undefined {
  return rules.find(({ names, goes }) => names.test(name) && !(isCommandLine && goes === "ours"));
}
