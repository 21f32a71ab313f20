import { AgentCluster, type BlueprintDocument } from "swarmstack";

/** How many instances the writers have in all; a change shows in `pulumi preview`. */
const size = Number(process.env.WRITERS ?? "3");

const writers = new AgentCluster("writers", { blueprint: "./writers.yaml", targetWorkers: size });

const review: BlueprintDocument = {
  metadata: { id: "review", name: "Review", version: "1.0.0" },
  cluster: { type: "standard", target: "local" },
  agents: [{ role: "worker", name: "Reviewer", count: "1-2", capabilities: ["reviewing"] }],
};

// A name of its own: the same in every stack.
const reviewers = new AgentCluster("review", { blueprint: review, cluster: "reviewers" });

export const clusters = [writers.cluster, reviewers.cluster];
export const counts = { writers: writers.counts, reviewers: reviewers.counts };
