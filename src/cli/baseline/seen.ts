import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { groupOf } from '#sdk';
import type { Compiled } from '../../engine/compiled.ts';
import type { ObjectReference } from '../../engine/review.ts';
import type { Report } from '../../report/report.ts';
import { standardInput, type Inputs } from '../inputs.ts';
import type { KnownObject } from './baseline-file.ts';
import type { Seen } from './match-baseline.ts';

/** What a run was about: what of the baseline it can speak of follows from it. */
export interface BaselineScope {
  readonly compiled: Compiled;
  readonly inputs: Inputs;
  /** As they were named on the command line. */
  readonly paths: readonly string[];
  /** Judges everything, where one was asked for. */
  readonly profile: string | undefined;
  /** Whether a file was left out, because it has not changed. */
  readonly isLeftOut: ((file: string) => boolean) | undefined;
}

/** Puts a run into the terms of the baseline `file`. */
export function seenBy(report: Report, baseline: string, scope: BaselineScope): Seen {
  const folder = dirname(resolve(baseline));
  // The same name wherever daygate is called from, and on every system.
  const nameOf = (file: string): string =>
    file === standardInput ? file : relative(folder, resolve(file)).split(sep).join('/');
  const objectOf = (file: string, { apiVersion, kind, namespace, name }: ObjectReference): KnownObject => ({
    file: nameOf(file),
    group: groupOf(apiVersion),
    kind,
    namespace,
    name,
  });
  const faulty = new Set(report.errors.map(({ file }) => file));
  // What lies in a folder that cannot be read seems to be gone.
  const unread = report.errors.flatMap(({ code, file }) =>
    code === 'unreadable' && file !== undefined ? `${resolve(file)}${sep}` : [],
  );
  // A template is read whole when everything that it is rendered for is.
  const isRendered = !report.errors.some(({ render }) => render !== undefined);
  const judged = new Set(
    scope.inputs.files
      .map(({ file }) => file)
      .concat(isRendered ? report.judged.map(({ file }) => file) : [])
      .filter((file) => !faulty.has(file) && scope.isLeftOut?.(file) !== true)
      .map(nameOf),
  );
  const { profiles } = scope.compiled;
  const policiesOf = new Map(
    [...profiles].map(([name, { entries }]) => [name, new Set(entries.map(({ policy }) => policy.id))]),
  );
  const inForce = scope.profile === undefined ? [...policiesOf.values()] : [policiesOf.get(scope.profile)];
  const isNamed = namedBy(scope.paths);
  return {
    findings: report.findings.map(({ file, object, policy, messageId, locator }) => ({
      object: objectOf(file, object),
      policy,
      messageId,
      locator,
    })),
    objects: report.judged.map(({ file, object, profile, skipped }) => ({
      object: objectOf(file, object),
      isJudgedBy: (policy) => policiesOf.get(profile)?.has(policy) === true && !skipped.includes(policy),
    })),
    isOn: (policy) => inForce.some((ids) => ids?.has(policy)),
    stateOf: (file) => {
      if (judged.has(file)) return 'judged';
      const path = resolve(folder, file);
      const isUnread = unread.some((place) => path.startsWith(place));
      if (file === standardInput || isUnread || existsSync(path)) return 'elsewhere';
      return isNamed(path) ? 'gone' : 'moved';
    },
  };
}

/** Whether the paths of the command line lead to a file, were it there. */
function namedBy(paths: readonly string[]): (file: string) => boolean {
  const named = paths.filter((path) => path !== '-').map((path) => resolve(path));
  const patterns = named.map((path) => picomatch(path.split(sep).join('/'), { dot: true }));
  return (file) =>
    named.some((path) => file === path || file.startsWith(path.endsWith(sep) ? path : `${path}${sep}`)) ||
    patterns.some((matches) => matches(file.split(sep).join('/')));
}
