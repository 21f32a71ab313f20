import { define, either } from "./entry.ts";

/** SW2xx: a key or a value that the format does not have. */
export const shapeCodes = {
  SW201: define<{ key: string; where: string }>({
    title: "Unknown key",
    explanation:
      "The format has no such key here. Top-level keys that begin with x- are free, for anchors of your own.",
    example: "cluster:\n  min_worker: 3",
    say: ({ key, where }) => `unknown key "${key}" in ${where}`,
  }),
  SW202: define<{ key: string; where: string }>({
    title: "Key is missing",
    explanation: "This key has no default.",
    example: "agents:\n  - role: worker # no name",
    say: ({ key, where }) => `${where} has no "${key}"`,
  }),
  SW203: define<{ expected: string; found: string }>({
    title: "Wrong type",
    explanation: "The value is of another type than the key takes. Text that looks like a number needs quotes.",
    example: "agents:\n  role: worker",
    say: ({ expected, found }) => `expected ${expected}, found ${found}`,
  }),
  SW204: define<{ value: string; allowed: readonly string[] }>({
    title: "Not one of the values",
    explanation: "The key takes one of a fixed list of words.",
    example: "cluster:\n  type: departement",
    say: ({ value, allowed }) => `"${value}" is none of ${either(allowed)}`,
  }),
  SW205: define<{ value: number; expected: string }>({
    title: "Number is out of range",
    explanation: "The number is too small, too large, or not whole.",
    example: "cluster:\n  min_workers: -1",
    say: ({ value, expected }) => `${value} is not ${expected}`,
  }),
  SW206: define<{ value: string; expected: string }>({
    title: "Text of the wrong form",
    explanation: "The text does not have the form that this key takes.",
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
    title: "Range cannot be read",
    explanation: "A count is a whole number (3) or a range of two (0-5).",
    example: "count: 0..5",
    say: ({ value, why }) => `"${value}" is not a count: ${why}`,
  }),
  SW209: define<{ value: string; why: string }>({
    title: "Duration cannot be read",
    explanation:
      'A duration is a number with a unit: "30 seconds", "2 minutes", "1 hour", "7 days", "250 milliseconds".',
    example: "ttl: 4",
    say: ({ value, why }) => `"${value}" is not a duration: ${why}`,
  }),
  SW210: define<{ value: string; why: string }>({
    title: "Quantity cannot be read",
    explanation: "CPU is in cores (2, 0.5) or thousandths (500m); memory and sizes carry a unit (512Mi, 2Gi, 10G).",
    example: "resources: { memory: 512 }",
    say: ({ value, why }) => `"${value}" is not a quantity: ${why}`,
  }),
  SW211: define<{ value: string; why: string }>({
    title: "Cron expression cannot be read",
    explanation:
      "Five fields: minute, hour, day of month, month, day of week. Lists, ranges, steps and names (MON, JAN) work.",
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
    title: "Image cannot be read",
    explanation: "An image is [registry/]name[:tag][@sha256:digest], the name in lower case.",
    example: "image: Registry.example/Agent:1.4",
    say: ({ value, why }) => `"${value}" is not an image reference: ${why}`,
  }),
  SW214: define<{ value: string; why: string }>({
    title: "Egress rule cannot be read",
    explanation:
      "A rule is a CIDR with an optional port (10.0.0.0/8, 10.0.0.0/8:5432) or a host name with its port (api.openai.com:443).",
    example: "network: { egress: [https://api.openai.com] }",
    say: ({ value, why }) => `"${value}" is not an egress rule: ${why}`,
  }),
  SW215: define<{ kinds: readonly string[] }>({
    title: "Secret names no single place",
    explanation: "A secret is found in exactly one place: env, file, config or kubernetes.",
    example: "secrets:\n  TOKEN: { env: TOKEN, file: ./token }",
    say: ({ kinds }) =>
      kinds.length === 0
        ? "the secret names no place to find it"
        : `the secret names ${kinds.length} places: ${kinds.join(", ")}`,
  }),
  SW216: define<{ what: string }>({
    title: "Empty",
    explanation: "The list or text needs content.",
    example: "agents: []",
    say: ({ what }) => `${what} is empty`,
  }),
  SW217: define<{ count: number; limit: number }>({
    title: "Too many entries",
    explanation:
      "A blueprint has at most 10,000 agents and 100 GPU pools. A range (count: 0-500) gives many instances of one agent.",
    example: "agents: [ ... 10,001 of them ]",
    say: ({ count, limit }) => `${count} entries; at most ${limit} are read`,
  }),
  SW218: define<{ key: string }>({
    title: "Key without a value",
    explanation: "Nothing stands behind the colon. Leave the key out to get its default.",
    example: "cluster:\n  min_workers:",
    say: ({ key }) => `"${key}" has no value`,
  }),
  SW219: define<{ value: string; first: string }>({
    title: "Entry appears twice",
    explanation: "An entry of this list appears once.",
    example: "capabilities: [strategy, strategy]",
    say: ({ value, first }) => `"${value}" is already listed (${first})`,
  }),
  SW220: define<{ value: string; why: string }>({
    title: "Number cannot be kept exactly",
    explanation:
      "JSON numbers hold 53 bits: about 15 digits, and no infinity. A longer id or amount would arrive changed. In quotes it is text, which arrives as it is written.",
    example: "config: { account: 123456789012345678 }",
    say: ({ value, why }) => `${value} cannot be kept: ${why}`,
  }),
  SW221: define<{ why: string }>({
    title: "Text cannot be passed on",
    explanation:
      "No process takes a NUL character, or an argument or variable of more than 128 KiB; names, paths and queries have no control characters. Put large values into a file: cluster.shared.knowledge.",
    example: 'env: { BANNER: "a\\0b" }',
    say: ({ why }) => `the text cannot be passed on: ${why}`,
  }),
  SW222: define<{ value: string; why: string }>({
    title: "Redis address cannot be read",
    explanation:
      "The address of a Redis is redis://host:port/database, or rediss:// for TLS, without a password: a URL with one is set as REDIS_URL in the environment of swarmctl.",
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
