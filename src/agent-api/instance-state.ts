/**
 * - `starting`: the process was just started;
 * - `running`: it has registered, or, knowing nothing of the agent API, has lived through its first moments;
 * - `backing-off`: it ended and is started again after a delay;
 * - `failed`: it could not be started at all (no such program); tried again after a delay;
 * - `stopping`: SIGTERM was sent, SIGKILL follows at the deadline;
 * - `stopped`: no process, and none is wanted.
 */
export type InstanceState = (typeof instanceStates)[number];

export const instanceStates = ["starting", "running", "backing-off", "stopping", "stopped", "failed"] as const;
