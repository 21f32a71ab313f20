import { z } from "zod";
import type { Client } from "./client.ts";

const reviewSchema = z.object({
  status: z
    .object({
      authenticated: z.boolean().default(false),
      audiences: z.array(z.string()).default([]),
      user: z
        .object({ username: z.string().default(""), extra: z.record(z.string(), z.array(z.string())).default({}) })
        .prefault({}),
    })
    .prefault({}),
});

/** Identifies the owner of a token (TokenReview of authentication.k8s.io/v1). */
export async function reviewToken({ api }: Client, token: string, audience: string) {
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token, audiences: [audience] },
  };
  const reply = await api.request({ method: "POST", path: "/apis/authentication.k8s.io/v1/tokenreviews", body });
  return reviewSchema.parse(reply.body).status;
}
