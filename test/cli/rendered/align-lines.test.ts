import { describe, expect, it } from 'vitest';
import { alignLines } from '../../../src/cli/rendered/align-lines.ts';

const lines = (text: string): readonly string[] => text.split('\n').slice(1, -1);

/** Which line of the template each line of the result comes from, counted from 1. */
function aligned(template: string, result: string): readonly (number | undefined)[] {
  return alignLines(lines(result), lines(template)).lines.map((index) =>
    index === undefined ? undefined : index + 1,
  );
}

describe('alignLines', () => {
  it('finds lines by their key where the value was filled in, and skips what was left out', () => {
    const template = `
{{- if .Values.a }}
a: {{ .Values.a }}
{{- end }}
# a comment
b:
  c: {{ .Values.c }}
d: {{ .Values.d }}
`;
    expect(aligned(template, '\nb:\n  c: 1\nd: 2\n')).toEqual([5, 6, 7]);
    expect(aligned(template, '\na: 0\nb:\n  c: 1\n')).toEqual([2, 5, 6]);
  });

  it('chooses the branch that says the same', () => {
    const template = `
spec:
  {{- if .Values.large }}
  replicas: 5
  {{- else }}
  replicas: 1
  {{- end }}
`;
    expect(aligned(template, '\nspec:\n  replicas: 1\n')).toEqual([1, 5]);
    expect(aligned(template, '\nspec:\n  replicas: 5\n')).toEqual([1, 3]);
  });

  it('takes keys of another depth only where there is none of the same', () => {
    const template = `
metadata:
  name: {{ .Release.Name }}
spec:
  containers:
    - name: {{ .Values.name }}
`;
    expect(aligned(template, '\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: b\n')).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it('takes all turns of a loop for its lines', () => {
    const template = `
containers:
  - name: app
    image: {{ .Values.image }}
  {{- range .Values.sidecars }}
  - name: {{ .name }}
    image: {{ .image }}
  {{- end }}
`;
    const result = `
containers:
  - name: app
    image: a:1
  - name: b
    image: b:1
  - name: c
    image: c:1
`;
    expect(aligned(template, result)).toEqual([1, 2, 3, 5, 6, 5, 6]);
  });

  it('knows no line for what an include or a table of values wrote', () => {
    const template = `
metadata:
  labels:
    {{- include "labels" . | nindent 4 }}
  annotations: {{ toJson .Values.annotations }}
`;
    expect(aligned(template, '\nmetadata:\n  labels:\n    app: x\n    tier: y\n')).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
  });

  it('still knows keys where a table of all lines would be too large', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `key${index}: {{ .Values.x }}`);
    const result = many.map((line) => line.replace(/\{.*/, '1'));
    expect(alignLines(result, many).lines).toEqual(many.map((_, index) => index));
  });
});
