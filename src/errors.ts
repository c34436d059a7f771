/** What can go wrong through somebody's input or surroundings, and the exit code it leads to. */
export const errorCodes = {
  usage: { exit: 2, means: 'the command line is not understood' },
  'not-found': { exit: 2, means: 'a file, folder or pattern names nothing' },
  unreadable: { exit: 2, means: 'a file cannot be read' },
  settings: { exit: 2, means: 'the settings file is wrong' },
  policies: { exit: 2, means: 'a policy of a team cannot be loaded' },
  'nothing-checked': { exit: 2, means: 'no object was judged' },
  'bad-manifest': { exit: 2, means: 'a document is no Kubernetes object' },
  'bad-review': { exit: 2, means: 'what was to be reviewed is no AdmissionReview' },
  report: { exit: 2, means: 'a report of an audit cannot be read or joined with others' },
  'no-types': { exit: 2, means: 'a CustomResourceDefinition gives no types' },
  'helm-chart': { exit: 2, means: 'a Helm chart has to be rendered first' },
  'renderer-missing': { exit: 2, means: 'helm, kubectl or kustomize is needed and not installed' },
  baseline: { exit: 2, means: 'a baseline cannot be read' },
  'baseline-version': { exit: 2, means: 'a baseline was written by another daygate' },
  git: { exit: 2, means: 'git cannot say what has changed' },
  'not-written': { exit: 2, means: 'a fix could not be written into its file' },
  certificate: { exit: 2, means: 'a certificate or key cannot be used' },
  kubeconfig: { exit: 2, means: 'there is no cluster to talk to' },
  cluster: { exit: 2, means: 'the API server cannot be reached, or refuses' },
  listen: { exit: 2, means: 'the address cannot be listened on' },
  'policy-failed': { exit: 3, means: 'a policy failed on an object' },
  'render-failed': { exit: 3, means: 'a chart or Kustomize folder cannot be rendered' },
  internal: { exit: 3, means: 'daygate itself failed' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** 0 clean, 1 findings, 2 not all could be judged, 3 a fault of daygate; the gravest counts. */
export function exitCode(errors: readonly { readonly code: string }[], findings: boolean): number {
  // There may be more of them than a call takes arguments.
  return errors.reduce(
    (gravest, { code }) =>
      Math.max(gravest, Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].exit : 2),
    findings ? 1 : 0,
  );
}

/** A mistake that its reader can mend: printed in one line, without a stack. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;

  constructor(code: ErrorCode, message: string, file?: string) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.file = file;
  }
}

/** Text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code that Node.js or the system gave an error, such as `ENOENT`; undefined where there is none. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** The reason a file system call gave, in words: `ENOENT` → `no such file or folder`. */
export function fileProblem(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'is a folder';
    case 'ENOTDIR':
      return 'what is named as a folder on the way to it is a file';
    case 'ELOOP':
      return 'its symbolic links lead in a circle';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'EMFILE':
      return 'too many open files';
    default:
      return messageOf(error);
  }
}
