/** Custom resources are waited for only with this annotation; two minutes, as an update waits for a newer transition. */
export const readiness = { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "120" } as const;
