import { scalingMetrics, scalingModes, scalingOwners } from "../model.ts";
import { list } from "../shape/collections.ts";
import { object } from "../shape/object.ts";
import { choice, number } from "../shape/scalars.ts";
import { optional, required } from "../shape/shape.ts";
import { duration, expression, threshold } from "./values.ts";

const up = "Scale up when the signal is over this (idle_agents: under this).";
const down = "Scale down when the signal is under this (idle_agents: over this).";
const query =
  "Source of the metric expression: a Prometheus query, https://HOST/PATH#/POINTER, or redis:STREAM?group=GROUP.";

const signalFields = {
  metric: required(choice(scalingMetrics), "Metric of the signal."),
  expression: optional(expression, query),
  target: optional(threshold, "Alias of scale_up_threshold."),
  scale_up_threshold: optional(threshold, up, "by the metric: 5 tasks, 80 %, 5 seconds"),
  scale_down_threshold: optional(threshold, down, "by the metric: 0 tasks, 20 %, 1 second, 50 % idle"),
};

const signal = object(signalFields, { name: "the signal" });

const scalingFields = {
  metric: optional(
    choice(scalingMetrics),
    "Metric; with its thresholds, the short form of one signal.",
    "task_queue_length",
  ),
  expression: optional(expression, query),
  scale_up_threshold: optional(threshold, up, "by the metric: 5 tasks, 80 %, 5 seconds"),
  scale_down_threshold: optional(threshold, down, "by the metric: 0 tasks, 20 %, 1 second, 50 % idle"),
  cooldown: optional(duration, "Minimum time between two changes.", "60 seconds"),
  owner: optional(
    choice(scalingOwners),
    "What changes the counts: the autoscaler of swarmstack, or a Kubernetes controller.",
    "swarmstack",
  ),
  window: optional(
    duration,
    "A scale-in goes no lower than the largest count recommended within this time.",
    "5 minutes",
  ),
  tolerance: optional(
    number({ min: 0, max: 1, expected: "a share from 0 to 1, such as 0.1" }),
    "Changes up to this share of the count are ignored.",
    "0.1",
  ),
  max_step: optional(
    number({ min: 1, integer: true, expected: "a whole number from 1" }),
    "Largest change of one decision.",
    "unlimited",
  ),
  panic: optional(
    number({ min: 1, expected: "a factor from 1, such as 2" }),
    "A rise by this factor is a burst: no scale-in during a window.",
    "2",
  ),
  fail_for: optional(duration, "Time without a known signal after which the fallback applies.", "3 minutes"),
  fallback: optional(
    number({ min: 0, integer: true, expected: "a whole number from 0" }),
    "Count while no signal is known; never lowers the count.",
    "the current count",
  ),
  mode: optional(choice(scalingModes), "Whether decisions are applied, or only shown.", "act"),
  signals: optional(
    list(signal, { filled: "the list of signals" }),
    "Several signals; the largest resulting count applies.",
  ),
};

export const scaling = object(scalingFields, { name: "scaling" });
