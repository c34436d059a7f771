import { property, text } from '#sdk';
import { printable } from '../engine/message.ts';
import { compareTexts } from '../engine/order.ts';
import { exitCode } from '../errors.ts';
import type { ReportError } from '../report/report.ts';
import { count } from '../report/words.ts';
import { errorLine } from './error-line.ts';
import { findInputs, refuseCharts } from './inputs.ts';
import type { Io } from './io.ts';
import {
  isDefinition,
  readDefinition,
  type Definition,
  type DefinitionFault,
} from './kind-types/read-definition.ts';
import { typesText } from './kind-types/types-text.ts';
import { readInput } from './read-input.ts';
import type { Manifest } from './yaml/read-manifests.ts';

/**
 * `daygate types`: TypeScript for the kinds of CustomResourceDefinitions. It goes into a file, so it is all or
 * nothing: where something is wrong nothing is printed.
 */
export async function printTypes(paths: readonly string[], io: Io): Promise<number> {
  const inputs = refuseCharts(
    await findInputs(paths, io),
    (chart) =>
      `a Helm chart has to be rendered first: helm template --include-crds ${chart} | daygate types -`,
  );
  const errors = [...inputs.errors];
  const found: Found[] = [];
  let others = 0;
  for (const input of inputs.files) {
    const { sources, problems } = await readInput(input);
    for (const problem of problems) errors.push(problem);
    for (const { file, manifest } of sources) {
      if (!isDefinition(manifest.object)) {
        others++;
        continue;
      }
      const definition = readDefinition(manifest.object);
      if ('message' in definition) errors.push(faultOf(definition, file, manifest));
      else found.push({ definition, file, ...manifest.locate([]) });
    }
  }
  const definitions = withoutRepetition(found, errors);
  if (definitions.length === 0 && errors.length === 0) {
    const message = `there is no CustomResourceDefinition among ${count(others, 'object')} in ${paths.join(', ')}`;
    errors.push({ code: 'no-types', message });
  }
  for (const error of errors) io.err(`${errorLine(error)}\n`);
  if (errors.length > 0) return exitCode(errors, false);
  const passedOver = count(others, 'object that is', 'objects that are');
  if (others > 0) io.err(`passed over ${passedOver} no CustomResourceDefinition\n`);
  io.out(typesText(definitions));
  return 0;
}

interface Found {
  readonly definition: Definition;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function faultOf(
  { message, path }: DefinitionFault,
  file: string,
  { object, locate }: Manifest,
): ReportError {
  const name = printable(text(property(property(object, 'metadata'), 'name')) ?? 'without a name');
  return {
    code: 'no-types',
    message: `CustomResourceDefinition ${name}: ${message}`,
    file,
    ...locate(path),
  };
}

/** Each kind once, in an order that does not depend on the names of files. */
function withoutRepetition(found: readonly Found[], errors: ReportError[]): readonly Definition[] {
  const byKind = new Map<string, Found>();
  for (const one of found) {
    const { definition, file, line, column } = one;
    const key = `${definition.group}/${definition.kind}`;
    const first = byKind.get(key);
    if (first === undefined) byKind.set(key, one);
    else if (JSON.stringify(first.definition) !== JSON.stringify(definition)) {
      const message = `${key} is defined differently in ${first.file}:${first.line}`;
      errors.push({ code: 'no-types', message, file, line, column });
    }
  }
  return [...byKind].sort(([a], [b]) => compareTexts(a, b)).map(([, { definition }]) => definition);
}
