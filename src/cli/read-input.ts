import { describeFault } from '../engine/policy-fault.ts';
import { fileProblem } from '../errors.ts';
import type { ReportError } from '../report/report.ts';
import type { Inputs } from './inputs.ts';
import type { Source } from './manifest-source.ts';
import { readManifests } from './yaml/read-manifests.ts';

/** What one file holds, and what of it could not be read. */
export interface ReadInput {
  readonly sources: readonly Source[];
  readonly problems: readonly ReportError[];
}

/**
 * Reads the objects of a file; never throws.
 *
 * @param keep takes the bytes, where the file could be read
 */
export async function readInput(
  { file, read }: Inputs['files'][number],
  keep?: (file: string, bytes: Uint8Array) => void,
): Promise<ReadInput> {
  let bytes: Uint8Array;
  try {
    bytes = await read();
  } catch (error) {
    return { sources: [], problems: [{ code: 'unreadable', message: fileProblem(error), file }] };
  }
  keep?.(file, bytes);
  try {
    const { manifests, problems, excerpt } = readManifests(bytes);
    return {
      sources: manifests.map((manifest) => ({
        file,
        manifest,
        place: (path) => {
          const position = manifest.locate(path);
          return { file, ...position, excerpt: () => excerpt(position.line) };
        },
      })),
      problems: problems.map(({ code, message, line, column }) => ({
        code,
        message,
        file,
        ...(line === undefined ? {} : { line }),
        ...(column === undefined ? {} : { column }),
      })),
    };
  } catch (error) {
    return {
      sources: [],
      problems: [{ code: 'internal', message: `could not be parsed: it ${describeFault(error)}`, file }],
    };
  }
}
