import { scalingMetrics, scalingModes, scalingOwners } from "../model.ts";
import { list } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { choice, number } from "../shape/scalars.ts";
import { optional, required } from "../shape/shape.ts";
import { duration, expression, threshold } from "./values.ts";

const up = "Scale up when the signal is over this (idle_agents: under this).";
const down = "Scale down when the signal is under this (idle_agents: over this).";
const query = "What metric expression asks: Prometheus, https://HOST/PATH#/POINTER, or redis:STREAM?group=GROUP.";

const signalFields = {
  metric: required(choice(scalingMetrics), "What is measured."),
  expression: optional(expression, query),
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
  expression: optional(expression, query),
  scale_up_threshold: optional(threshold, up, "by the metric: 5 tasks, 80 %, 5 seconds"),
  scale_down_threshold: optional(threshold, down, "by the metric: 0 tasks, 20 %, 1 second, 50 % idle"),
  cooldown: optional(duration, "Time between two changes.", "60 seconds"),
  owner: optional(
    choice(scalingOwners),
    "Who changes the counts: our service, or a controller of Kubernetes.",
    "swarmstack",
  ),
  window: optional(duration, "The count falls to the largest one wanted within this time.", "5 minutes"),
  tolerance: optional(
    number({ min: 0, max: 1, expected: "a share from 0 to 1, such as 0.1" }),
    "A change of at most this share of the count is none.",
    "0.1",
  ),
  max_step: optional(
    number({ min: 1, integer: true, expected: "a whole number from 1" }),
    "Largest change of one decision.",
    "unlimited",
  ),
  panic: optional(
    number({ min: 1, expected: "a factor from 1, such as 2" }),
    "A count that rises by this factor is a burst: it does not fall for a window.",
    "2",
  ),
  fail_for: optional(duration, "Time without any known signal after which the fallback applies.", "3 minutes"),
  fallback: optional(
    number({ min: 0, integer: true, expected: "a whole number from 0" }),
    "Count while no signal is known; it never lowers.",
    "the current count",
  ),
  mode: optional(choice(scalingModes), "Whether decisions are applied, or only shown.", "act"),
  signals: optional(list(signal, { filled: "the list of signals" }), "Several signals; the largest result applies."),
};

export const scaling = object(scalingFields, { name: "scaling" });
