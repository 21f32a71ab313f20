import { agentHealth } from "../instance-env.ts";

const periodSeconds = 10;

/** Probes of the built-in agent by HTTP: no process starts in the container, and the kubelet connects from its own node. */
export function healthProbes() {
  const probe = { httpGet: { ...agentHealth }, timeoutSeconds: 5 };
  return {
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe, periodSeconds },
    livenessProbe: { ...probe, periodSeconds, failureThreshold: 6 },
  };
}
