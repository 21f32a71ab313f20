import * as pulumi from "@pulumi/pulumi";
import { AgentCluster } from "swarmstack";
import { TextFile } from "./text-file.ts";

const team = new AgentCluster("support", { blueprint: "./team.yaml" });

// Made after the team, as it uses its outputs.
const sheet = new TextFile("sheet", {
  path: "team.json",
  content: pulumi.jsonStringify({ cluster: team.cluster, counts: team.counts }),
});

export const cluster = team.cluster;
export const counts = team.counts;
export const file = sheet.id;
