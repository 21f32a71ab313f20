import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type Dockerode from "dockerode";
import { z } from "zod";
import { labelKeys } from "../../../src/names.ts";
import type { Stop, Stops } from "./target.ts";

const eventSchema = z.object({
  timeNano: z.number(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
});

/** Collects SIGTERM events of instance containers from now on; `label` selects the cluster. */
export async function watchStops(client: Dockerode, label: string): Promise<Stops> {
  const stops: Stop[] = [];
  const filters = { type: ["container" as const], event: ["kill"], label: [label, labelKeys.instance] };
  const events = new Readable().wrap(await client.getEvents({ filters }));
  const lines = createInterface({ input: events }).on("line", (line) => {
    const { timeNano, Actor } = eventSchema.parse(JSON.parse(line));
    const { signal, [labelKeys.instance]: instance } = Actor.Attributes;
    if (signal === "15" && instance !== undefined) stops.push({ instance, at: timeNano / 1e6 });
  });
  return {
    async end() {
      lines.close();
      events.destroy();
      return stops;
    },
  };
}
