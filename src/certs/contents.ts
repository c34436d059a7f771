/** What the objects hold that `daygate certs` looks after. Nothing in it is known to be right. */
export interface Contents {
  /** The CAs and their keys. */
  readonly ca: SecretContents;
  /** What daygate serves. */
  readonly tls: SecretContents;
  /** Those that are there. */
  readonly configurations: readonly ConfigurationContents[];
}

export interface SecretContents {
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly data: Readonly<Record<string, string>>;
}

export type ConfigurationKind = 'validating' | 'mutating';

export interface ConfigurationContents {
  readonly kind: ConfigurationKind;
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly webhooks: readonly WebhookContents[];
}

interface WebhookContents {
  readonly name: string;
  /** PEM, decoded; empty where there is none. */
  readonly caBundle: string;
}

/** One write, to one object. Null takes a key away. */
export type Change = SecretChange | ConfigurationChange;

interface SecretChange {
  readonly object: 'ca' | 'tls';
  readonly data?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
}

interface ConfigurationChange {
  readonly object: ConfigurationKind;
  /** By the name of the webhook. */
  readonly caBundles: Readonly<Record<string, string>>;
}

/** What there will be after a write. */
export function withChange(contents: Contents, change: Change): Contents {
  if (!('caBundles' in change)) {
    const before = contents[change.object];
    return {
      ...contents,
      [change.object]: {
        ...before,
        data: merged(before.data, change.data),
        annotations: merged(before.annotations, change.annotations),
      },
    };
  }
  const configurations = contents.configurations.map((configuration) =>
    configuration.kind === change.object
      ? {
          ...configuration,
          webhooks: configuration.webhooks.map(({ name, caBundle }) => ({
            name,
            caBundle: change.caBundles[name] ?? caBundle,
          })),
        }
      : configuration,
  );
  return { ...contents, configurations };
}

function merged(
  before: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...before, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
