import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { Argument, Command, Option } from "commander";
import { explain, renderExplanation } from "../../blueprint/explain.ts";
import { formatBlueprint } from "../../blueprint/format.ts";
import { initBlueprint, type Template, templates } from "../../blueprint/init.ts";
import { checkBlueprintFile, loadBlueprint, readBlueprintFile } from "../../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../../blueprint/model.ts";
import { isStream } from "../../blueprint/read-file.ts";
import { type DiagnosticFormat, diagnosticFormats, renderDiagnostics } from "../../blueprint/render/render.ts";
import { renderJsonSchema } from "../../blueprint/schema/json-schema.ts";
import { SwarmError } from "../../errors.ts";
import { slug } from "../../names.ts";
import { allocate, defaultTarget } from "../../plan/allocate.ts";
import { compile } from "../../plan/compile.ts";
import { printable, printableJson, printableLines } from "../../platform/printable.ts";
import { parseName } from "../cluster-name.ts";
import { parseCount } from "../durations.ts";
import { examples } from "../examples.ts";
import { createOutput } from "../output.ts";

/** Commands of the blueprint language; they need neither engine nor state. */
export function blueprintCommand(): Command {
  return new Command("blueprint")
    .addCommand(validateCommand())
    .addCommand(fmtCommand())
    .addCommand(initCommand())
    .addCommand(compileCommand())
    .addCommand(explainCommand())
    .addCommand(schemaCommand());
}

interface ValidateOptions {
  readonly format: DiagnosticFormat;
  readonly target?: TargetKind;
  readonly json?: boolean;
}

function validateCommand(): Command {
  return new Command("validate")
    .description("report all problems of blueprints; exit status 1 with errors, 0 with warnings only")
    .argument("<files...>", "blueprint files")
    .addOption(new Option("--format <format>", "output format").choices(diagnosticFormats).default("text"))
    .addOption(
      new Option("--target <target>", "validate for this target instead of the blueprint's own").choices(targetKinds),
    )
    .option("--json", "same as --format json")
    .addHelpText(
      "after",
      examples([
        "swarmctl blueprint validate team.yaml",
        "swarmctl blueprint validate *.yaml --format sarif > found.sarif",
      ]),
    )
    .action(async (files: string[], _options: ValidateOptions, command: Command) => {
      const { format, json, target } = command.optsWithGlobals<ValidateOptions>();
      const findings = await Promise.all(
        files.map(async (file) => ({ file, ...(await checkBlueprintFile(file, { target })) })),
      );
      const report = renderDiagnostics(findings, json ? "json" : format);
      const isJson = json || format === "json" || format === "sarif";
      if (report !== "") process.stdout.write(`${isJson ? printableJson(report) : printableLines(report)}\n`);
      const errors = findings.filter(({ blueprint }) => blueprint === undefined).length;
      const output = createOutput(json ?? false);
      const rest = findings.length - errors;
      if (format === "text") output.note(`${rest} of ${findings.length} valid`);
      process.exitCode = errors > 0 ? 1 : 0;
    });
}

interface FmtOptions {
  readonly check?: boolean;
}

function fmtCommand(): Command {
  return new Command("fmt")
    .description("rewrite blueprints in canonical form (key order, two spaces); comments are kept")
    .argument("<files...>", "blueprint files")
    .option("--check", "write nothing; exit status 1 if a file is not in canonical form")
    .addHelpText("after", examples(["swarmctl blueprint fmt team.yaml", "swarmctl blueprint fmt --check *.yaml"]))
    .action(async (files: string[], options: FmtOptions) => {
      for (const file of files) {
        const text = await readBlueprintFile(file);
        const formatted = formatBlueprint(text, file);
        if (isStream(file) && !options.check) process.stdout.write(formatted);
        if (formatted === text || (isStream(file) && !options.check)) continue;
        process.stdout.write(`${printable(file)}\n`);
        if (options.check) process.exitCode = 1;
        else await writeFile(file, formatted);
      }
    });
}

interface InitCommandOptions {
  readonly template: Template;
  readonly name?: string;
  readonly force?: boolean;
}

function initCommand(): Command {
  return new Command("init")
    .description("create a blueprint from a template")
    .argument("<file>", "the file to write, such as team.yaml")
    .addOption(new Option("--template <template>", "template").choices(templates).default("standard"))
    .option("--name <name>", "display name (default: from the file's name)")
    .option("--force", "overwrite an existing file")
    .addHelpText("after", examples(["swarmctl blueprint init team.yaml --template marketing"]))
    .action(async (file: string, options: InitCommandOptions) => {
      if (existsSync(file) && !options.force) {
        throw new SwarmError("SW801", `${file} already exists`, { hints: ["use another name, or --force"] });
      }
      const stem = basename(file).replace(/\.ya?ml$/, "");
      const text = await initBlueprint(options.template, { id: slug(stem) || "team", name: options.name ?? stem });
      await writeNew(file, text);
      createOutput(false).note(`wrote ${file}; check it: swarmctl blueprint validate ${file}`);
    });
}

interface CompileCommandOptions {
  readonly name?: string;
  readonly target?: TargetKind;
  readonly targetWorkers?: number;
}

function compileCommand(): Command {
  return new Command("compile")
    .description("print the plan of a blueprint as JSON, with the replicas of a new cluster; needs no engine")
    .argument("<file>", "blueprint file")
    .option("--name <name>", "name of the cluster (default: the blueprint's id)", parseName)
    .addOption(new Option("--target <target>", "target, instead of the blueprint's own").choices(targetKinds))
    .option("--target-workers <n>", "total number of instances", parseCount)
    .addHelpText("after", examples(["swarmctl blueprint compile team.yaml --target kubernetes | jq .agents"]))
    .action(async (file: string, { name, target, targetWorkers }: CompileCommandOptions) => {
      const blueprint = await loadBlueprint(file, { target });
      const plan = compile(blueprint, { cluster: name ?? blueprint.metadata.id, target });
      const counts = allocate(targetWorkers ?? defaultTarget(plan.bounds), plan.bounds);
      process.stdout.write(`${JSON.stringify({ ...plan, counts }, undefined, 2)}\n`);
    });
}

function explainCommand(): Command {
  return new Command("explain")
    .description("explain a key of a blueprint")
    .addArgument(new Argument("[path]", "key, such as agents.scaling.metric").default("", "the whole format"))
    .option("--json", "print JSON for scripts")
    .addHelpText("after", examples(["swarmctl blueprint explain cluster.scaling"]))
    .action((path: string, _options: object, command: Command) => {
      const explanation = explain(path);
      const { json } = command.optsWithGlobals<{ json?: boolean }>();
      createOutput(json ?? false).result(explanation, () => renderExplanation(explanation));
    });
}

function schemaCommand(): Command {
  return new Command("schema")
    .description("print the JSON Schema of blueprints, for editors")
    .option("--output <file>", "write to a file instead of standard output")
    .addHelpText("after", examples(["swarmctl blueprint schema --output blueprint.schema.json"]))
    .action(async (options: { output?: string }) => {
      if (options.output === undefined) process.stdout.write(renderJsonSchema());
      else await writeNew(options.output, renderJsonSchema());
    });
}

/** Writes a file and its folders. @throws SwarmError SW801 when the file cannot be written */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SwarmError("SW801", `${file} cannot be written: ${reason}`, { cause, values: { file } });
  }
}
