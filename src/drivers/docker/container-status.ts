import type { ContainerInspectInfo } from "dockerode";
import type { InstanceState } from "../../agent-api/instance-state.ts";
import type { InstanceStatus } from "../../agent-api/status.ts";
import { labelKeys } from "../../names.ts";

type Container = Pick<ContainerInspectInfo, "RestartCount" | "State"> & {
  readonly Config: Pick<ContainerInspectInfo["Config"], "Labels">;
};

/** What docker gives for a time that has not come. */
const never = "0001-01-01T00:00:00Z";

/** A container as an instance, as far as the docker daemon knows it. */
export function containerStatus({ State, RestartCount, Config }: Container): InstanceStatus {
  const reason = reasonOf(State);
  return {
    id: Config.Labels[labelKeys.instance] ?? "",
    state: stateOf(State),
    restarts: RestartCount,
    // Of the daemon's machine, which need not be this one.
    ...(State.Pid > 0 && { pid: State.Pid }),
    ...(State.StartedAt !== never && { startedAt: new Date(State.StartedAt).toISOString() }),
    ...(reason !== undefined && { reason }),
  };
}

function stateOf({ Status, Health }: Container["State"]): InstanceState {
  switch (Status) {
    case "created":
      return "starting";
    case "running":
      return Health?.Status === "starting" ? "starting" : "running";
    case "restarting":
      return "backing-off";
    case "removing":
      return "stopping";
    case "paused":
    case "exited":
      return "stopped";
    default:
      return "failed";
  }
}

/** Why it does not run. */
function reasonOf({ Status, Error: problem, OOMKilled, ExitCode }: Container["State"]): string | undefined {
  if (Status === "running" || Status === "created") return problem || undefined;
  if (Status === "paused") return "paused";
  if (problem !== "") return problem;
  if (OOMKilled) return "ended by signal 9: it was out of memory";
  return ExitCode > 128 ? `ended by signal ${ExitCode - 128}` : `ended with exit code ${ExitCode}`;
}
