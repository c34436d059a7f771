import { oneLine } from '../report/one-line.ts';
import { plainPaint, type Paint } from '../report/paint.ts';
import type { ReportError } from '../report/report.ts';
import { placeOf } from '../report/words.ts';

/** `error web.yaml:3:5: …`: one line, whatever the names of files do. */
export function errorLine(error: ReportError, paint: Paint = plainPaint): string {
  const place = placeOf(error);
  return `${paint.red('error')} ${oneLine(`${place === '' ? '' : `${place}: `}${error.message}`)}`;
}
