import { Command } from "commander";
import type { RuntimeEvent } from "../../agent-api/events/ring.ts";
import { followEvents, readEvents } from "../../drivers/control/event-calls.ts";
import { printable } from "../../platform/printable.ts";
import { type ClusterOptions, namedCluster, withCluster } from "../cluster-option.ts";
import { withDriver } from "../clusters.ts";
import { createReadingContext } from "../context.ts";
import { examples } from "../examples.ts";

interface EventsOptions extends ClusterOptions {
  readonly follow?: boolean;
}

export function eventsCommand(): Command {
  return withCluster(new Command("events"), { operand: true, embedded: true })
    .option("-f, --follow", "follow new events until Ctrl-C")
    .addHelpText("after", examples(["swarmctl events --follow", "swarmctl events marketing-v1 --json"]))
    .action(async (_cluster: string | undefined, _options: EventsOptions, command: Command) => {
      const options = command.optsWithGlobals<EventsOptions>();
      const context = createReadingContext(options);
      const { output, signal } = context;
      const show = (event: RuntimeEvent) => (output.json ? output.event(event) : output.line(eventLine(event)));
      await withDriver(context, namedCluster(command), async (driver) => {
        if (options.follow) for await (const event of followEvents(driver, signal)) show(event);
        else for (const event of (await readEvents(driver)).events) show(event);
      });
    });
}

/** Formats an event as one line of text. */
export function eventLine({ at, kind, offset: _offset, ...details }: RuntimeEvent): string {
  const shown = Object.entries(details).map(
    ([name, value]) => `${name}=${printable(typeof value === "string" ? value : JSON.stringify(value))}`,
  );
  return [new Date(at).toISOString(), printable(kind).padEnd(20), ...shown].join(" ");
}
