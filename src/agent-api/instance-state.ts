/**
 * - `starting`: the process was just started;
 * - `running`: it has registered, or, without the agent API, has stayed up through its start period;
 * - `backing-off`: it exited and restarts after a delay;
 * - `failed`: it could not be started (no such program); retried after a delay;
 * - `stopping`: SIGTERM was sent, SIGKILL follows at the deadline;
 * - `stopped`: no process, and none is desired.
 */
export type InstanceState = (typeof instanceStates)[number];

export const instanceStates = ["starting", "running", "backing-off", "stopping", "stopped", "failed"] as const;
