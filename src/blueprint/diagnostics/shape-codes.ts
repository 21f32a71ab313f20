import { define, either } from "./entry.ts";

/** SW2xx: a key or a value that the format does not have. */
export const shapeCodes = {
  SW201: define<{ key: string; where: string }>({
    title: "Unknown key",
    explanation:
      "The format does not have this key here. Top-level keys that begin with x- are ignored; use them for anchors.",
    example: "cluster:\n  min_worker: 3",
    say: ({ key, where }) => `unknown key "${key}" in ${where}`,
  }),
  SW202: define<{ key: string; where: string }>({
    title: "Key is missing",
    explanation: "This key is required.",
    example: "agents:\n  - role: worker # no name",
    say: ({ key, where }) => `${where} has no "${key}"`,
  }),
  SW203: define<{ expected: string; found: string }>({
    title: "Wrong type",
    explanation: "The value does not have the type of the key. Text that looks like a number needs quotes.",
    example: "agents:\n  role: worker",
    say: ({ expected, found }) => `expected ${expected}, found ${found}`,
  }),
  SW204: define<{ value: string; allowed: readonly string[] }>({
    title: "Unknown value",
    explanation: "The key accepts one of a fixed list of values.",
    example: "cluster:\n  type: departement",
    say: ({ value, allowed }) => `"${value}" is not ${either(allowed)}`,
  }),
  SW205: define<{ value: number; expected: string }>({
    title: "Number is out of range",
    explanation: "The number is too small, too large, or not whole.",
    example: "cluster:\n  min_workers: -1",
    say: ({ value, expected }) => `${value} is not ${expected}`,
  }),
  SW206: define<{ value: string; expected: string }>({
    title: "Invalid format",
    explanation: "The text does not have the format of this key.",
    example: "metadata:\n  id: Marketing V1",
    say: ({ value, expected }) => `"${value}" is not ${expected}`,
  }),
  SW207: define<{ value: string }>({
    title: "Version is not semver",
    explanation:
      "Versions are semantic versions (semver.org): MAJOR.MINOR.PATCH, with an optional -pre.release and +build.",
    example: 'metadata:\n  version: "1.0"',
    say: ({ value }) => `version "${value}" is not of the form MAJOR.MINOR.PATCH`,
  }),
  SW208: define<{ value: string; why: string }>({
    title: "Invalid range",
    explanation: "A count is a whole number (3) or a range (0-5).",
    example: "count: 0..5",
    say: ({ value, why }) => `"${value}" is not a count: ${why}`,
  }),
  SW209: define<{ value: string; why: string }>({
    title: "Invalid duration",
    explanation:
      'A duration is a number with a unit: "30 seconds", "2 minutes", "1 hour", "7 days", "250 milliseconds".',
    example: "ttl: 4",
    say: ({ value, why }) => `"${value}" is not a duration: ${why}`,
  }),
  SW210: define<{ value: string; why: string }>({
    title: "Invalid quantity",
    explanation: "CPU is in cores (2, 0.5) or thousandths (500m); memory and sizes need a unit (512Mi, 2Gi, 10G).",
    example: "resources: { memory: 512 }",
    say: ({ value, why }) => `"${value}" is not a quantity: ${why}`,
  }),
  SW211: define<{ value: string; why: string }>({
    title: "Invalid cron expression",
    explanation:
      "Five fields: minute, hour, day of month, month, day of week. Lists, ranges, steps and names (MON, JAN) are supported.",
    example: 'hibernation: { sleep: "0 25 * * *" }',
    say: ({ value, why }) => `"${value}" is not a cron expression: ${why}`,
  }),
  SW212: define<{ value: string }>({
    title: "Unknown time zone",
    explanation: "Time zones are named as in the IANA database.",
    example: "hibernation: { time_zone: Europe/Berlim }",
    say: ({ value }) => `there is no time zone "${value}"`,
  }),
  SW213: define<{ value: string; why: string }>({
    title: "Invalid image reference",
    explanation: "An image is [registry/]name[:tag][@sha256:digest], with the name in lower case.",
    example: "image: Registry.example/Agent:1.4",
    say: ({ value, why }) => `"${value}" is not an image reference: ${why}`,
  }),
  SW214: define<{ value: string; why: string }>({
    title: "Invalid egress rule",
    explanation:
      "A rule is a CIDR with an optional port (10.0.0.0/8, 10.0.0.0/8:5432) or a host name with its port (api.openai.com:443).",
    example: "network: { egress: [https://api.openai.com] }",
    say: ({ value, why }) => `"${value}" is not an egress rule: ${why}`,
  }),
  SW215: define<{ kinds: readonly string[] }>({
    title: "Secret without exactly one source",
    explanation: "A secret has exactly one source: env, file, config or kubernetes.",
    example: "secrets:\n  TOKEN: { env: TOKEN, file: ./token }",
    say: ({ kinds }) =>
      kinds.length === 0 ? "the secret has no source" : `the secret has ${kinds.length} sources: ${kinds.join(", ")}`,
  }),
  SW216: define<{ what: string }>({
    title: "Empty",
    explanation: "The list or text must not be empty.",
    example: "agents: []",
    say: ({ what }) => `${what} is empty`,
  }),
  SW217: define<{ count: number; limit: number }>({
    title: "Too many entries",
    explanation:
      "A blueprint has at most 10,000 agents and 100 GPU pools. Use a range (count: 0-500) for many instances of one agent.",
    example: "agents: [ ... 10,001 of them ]",
    say: ({ count, limit }) => `${count} entries; the limit is ${limit}`,
  }),
  SW218: define<{ key: string }>({
    title: "Key without a value",
    explanation: "The key has no value after the colon. Omit the key to use its default.",
    example: "cluster:\n  min_workers:",
    say: ({ key }) => `"${key}" has no value`,
  }),
  SW219: define<{ value: string; first: string }>({
    title: "Duplicate entry",
    explanation: "Entries of this list must be unique.",
    example: "capabilities: [strategy, strategy]",
    say: ({ value, first }) => `"${value}" is already listed (${first})`,
  }),
  SW220: define<{ value: string; why: string }>({
    title: "Number exceeds JSON's precision",
    explanation:
      "JSON numbers have a precision of 53 bits, about 15 digits, and no infinity. A longer id or amount would be changed. Put it in quotes to pass it unchanged as text.",
    example: "config: { account: 123456789012345678 }",
    say: ({ value, why }) => `${value} cannot be kept: ${why}`,
  }),
  SW221: define<{ why: string }>({
    title: "Text cannot be passed to a process",
    explanation:
      "Processes do not accept NUL characters, or arguments and variables over 128 KiB; names, paths and queries must not contain control characters. Put large values into a file: cluster.shared.knowledge.",
    example: 'env: { BANNER: "a\\0b" }',
    say: ({ why }) => `the text cannot be passed to a process: ${why}`,
  }),
  SW222: define<{ value: string; why: string }>({
    title: "Invalid Redis address",
    explanation:
      "The address of a Redis is redis://host:port/database, or rediss:// for TLS, without a password. Set a URL with a password as REDIS_URL in the environment of swarmctl.",
    example: "target: { kind: docker, redis: redis://cache:port }",
    say: ({ why }) => `the address of Redis cannot be used: ${why}`,
  }),
  SW223: define<{ why: string }>({
    title: "Expression cannot be read",
    explanation:
      "An expression is a query of Prometheus, the URL of a JSON document with a JSON pointer to a number (https://shop.example/stats#/orders/open), or a Redis stream with a consumer group (redis:orders?group=billing). A URL has no password: a blueprint is no place for a secret.",
    example: 'expression: "https://shop.example/stats#orders"',
    say: ({ why }) => `the expression cannot be read: ${why}`,
  }),
} as const;
