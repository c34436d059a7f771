import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, fileProblem, messageOf, UserError } from '../../errors.ts';
import type { AuditReport } from '../../report/audit/audit-report.ts';
import { readAuditReport } from '../read-report.ts';

/** Reports of earlier runs, as JSON files that are named by their time: `audit-2026-11-21T18-05-00.000Z.json`. */
export interface History {
  /**
   * The newest report that can be read. `passedOver` takes why a newer one could not.
   *
   * @throws UserError `unreadable` where the folder cannot be read
   */
  last(cluster: string, passedOver: (reason: string) => void): Promise<KeptReport | undefined>;
  /**
   * Adds a report and removes the oldest.
   *
   * @param at milliseconds since 1970
   * @throws UserError `unreadable`
   */
  add(json: Uint8Array, at: number): Promise<void>;
}

interface KeptReport {
  readonly report: AuditReport;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const fileName = /^audit-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d\.\d{3}Z)\.json$/;
const draftName = /^\.audit-[\dTZ.-]+\.json\.tmp$/;

/** A folder with the last so many reports; it is made where only it is not there. Other files in it are left alone. */
export function openHistory(folder: string, keep: number): History {
  const problem = (error: unknown): UserError =>
    new UserError('unreadable', `--history ${folder}: ${fileProblem(error)}`, folder);
  // Not what is above it: in a file system that has no folders to make, such as /proc, Node.js would try for ever.
  const make = async (): Promise<void> => {
    await mkdir(folder).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  };
  /** The newest first: their names are in the order of time. */
  const names = async (): Promise<readonly string[]> =>
    (await readdir(folder))
      .filter((name) => fileName.test(name))
      .sort()
      .reverse();
  return {
    last: async (cluster, passedOver) => {
      let all: readonly string[];
      try {
        await make();
        all = await names();
      } catch (error) {
        throw problem(error);
      }
      for (const name of all) {
        try {
          const report = readAuditReport(join(folder, name));
          if (report.cluster === cluster) return { report, at: timeOf(name) };
          passedOver(`${name} is of the cluster ${report.cluster}`);
        } catch (error) {
          passedOver(messageOf(error));
        }
      }
      return undefined;
    },
    add: async (json, at) => {
      const name = `audit-${new Date(at).toISOString().replaceAll(':', '-')}.json`;
      const draft = join(folder, `.${name}.tmp`);
      try {
        await make();
        // What a process left that was ended in the middle.
        for (const left of (await readdir(folder)).filter((one) => draftName.test(one)))
          await rm(join(folder, left));
        await writeSafely(draft, json);
        await rename(draft, join(folder, name));
        for (const old of (await names()).slice(keep)) await rm(join(folder, old));
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw problem(error);
      }
    },
  };
}

function timeOf(name: string): number {
  const [, hour = '', minute = '', second = ''] = fileName.exec(name) ?? [];
  return Date.parse(`${hour}:${minute}:${second}`);
}

async function writeSafely(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o640);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
