import { Command } from "commander";
import { packageVersion } from "../version.ts";
import { agentServerCommand } from "./commands/agent-server.ts";
import { agentsCommand } from "./commands/agents.ts";
import { blueprintCommand } from "./commands/blueprint.ts";
import { completionCommand } from "./commands/completion.ts";
import { destroyCommand, downCommand } from "./commands/destroy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { envCommand } from "./commands/env.ts";
import { eventsCommand } from "./commands/events.ts";
import { execCommand } from "./commands/exec.ts";
import { gcCommand } from "./commands/gc.ts";
import { hibernateCommand, reactivateCommand } from "./commands/hibernate.ts";
import { imagesCommand } from "./commands/images.ts";
import { initCommand } from "./commands/init.ts";
import { logsCommand } from "./commands/logs.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { opsCommand } from "./commands/ops.ts";
import { planCommand } from "./commands/plan.ts";
import { pulumiCommand } from "./commands/pulumi.ts";
import { quickstartCommand } from "./commands/quickstart.ts";
import { scaleCommand } from "./commands/scale.ts";
import { shellenvCommand } from "./commands/shellenv.ts";
import { statusCommand } from "./commands/status.ts";
import { taskCommand } from "./commands/task.ts";
import { upCommand } from "./commands/up.ts";
import { versionCommand } from "./commands/version.ts";
import { watchCommand } from "./commands/watch.ts";

const epilog = `
Exit statuses: 0 success, or no change; 1 failed; 2 changes pending (plan, env plan, gc --dry-run); 4 busy, retry later; 130 interrupted.
Environment: SWARM_HOME (~/.swarmstack), SWARM_BACKEND (file:///...), SWARM_CACHE, SWARM_BLUEPRINT, SWARM_ENGINE, NO_COLOR.`;

/** Creates the `swarmctl` command with all its subcommands. */
export function createProgram(): Command {
  const program = new Command("swarmctl")
    .description("Agent clusters as code: one YAML blueprint becomes running agents through the Pulumi engine.")
    .version(packageVersion(), "-V, --version")
    .option("--json", "print JSON for scripts")
    .enablePositionalOptions()
    .showSuggestionAfterError(true)
    .addHelpText("after", epilog);
  const commands = [
    quickstartCommand(),
    upCommand(),
    planCommand(),
    statusCommand(),
    agentsCommand(),
    logsCommand(),
    taskCommand(),
    execCommand(),
    eventsCommand(),
    scaleCommand(),
    hibernateCommand(),
    reactivateCommand(),
    migrateCommand(),
    gcCommand(),
    watchCommand(),
    envCommand(),
    opsCommand(),
    destroyCommand(),
    downCommand(),
    blueprintCommand(),
    agentServerCommand(),
    imagesCommand(),
    doctorCommand(),
    initCommand(),
    pulumiCommand(),
    shellenvCommand(),
    versionCommand(),
  ];
  for (const command of commands) {
    // `swarmctl status --json` equals `swarmctl --json status`.
    const own = ["pulumi", "exec"].includes(command.name()) || command.commands.length > 0;
    if (!own) command.option("--json", "print JSON for scripts");
    program.addCommand(command);
  }
  program.addCommand(completionCommand(program));
  return program;
}
