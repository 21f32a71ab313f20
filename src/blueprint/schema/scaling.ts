import { scalingMetrics, scalingOwners } from "../model.ts";
import { list } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { choice, text } from "../shape/scalars.ts";
import { optional, required } from "../shape/shape.ts";
import { duration, threshold } from "./values.ts";

const up = "Scale up when the signal is over this (idle_agents: under this).";
const down = "Scale down when the signal is under this (idle_agents: over this).";
const query = "The Prometheus query of metric expression.";

const signalFields = {
  metric: required(choice(scalingMetrics), "What is measured."),
  expression: optional(text({ what: "a Prometheus query" }), query),
  target: optional(threshold, "Another word for scale_up_threshold."),
  scale_up_threshold: optional(threshold, up, "by the metric: 5 tasks, 80 %, 5 seconds"),
  scale_down_threshold: optional(threshold, down, "by the metric: 0 tasks, 20 %, 1 second, 50 % idle"),
};

const signal = object(signalFields, { name: "the signal" });

const scalingFields = {
  metric: optional(
    choice(scalingMetrics),
    "What is measured; with its thresholds the shorthand of one signal.",
    "task_queue_length",
  ),
  expression: optional(text({ what: "a Prometheus query" }), query),
  scale_up_threshold: optional(threshold, up, "by the metric: 5 tasks, 80 %, 5 seconds"),
  scale_down_threshold: optional(threshold, down, "by the metric: 0 tasks, 20 %, 1 second, 50 % idle"),
  cooldown: optional(duration, "Time between two changes.", "60 seconds"),
  owner: optional(
    choice(scalingOwners),
    "Who changes the counts: our service, or a controller of Kubernetes.",
    "swarmstack",
  ),
  signals: optional(list(signal, { filled: "the list of signals" }), "Several signals; the largest result applies."),
};

export const scaling = object(scalingFields, { name: "scaling" });
