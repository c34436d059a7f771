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

  it('takes the call of a helper, or of a table of values, for what it wrote', () => {
    const template = `
ports:
  - name: http
env:
  {{- include "env" . | nindent 2 }}
resources: {{- toYaml .Values.resources | nindent 2 }}
`;
    const result = `
ports:
  - name: http
env:
  - name: A
    valueFrom:
      name: b
resources:
  limits:
    cpu: 1
`;
    expect(aligned(template, result)).toEqual([1, 2, 3, 4, 4, 4, 5, 5, 5]);
  });

  it('takes no call for what stands less deep than it writes, or comes after the end of a loop', () => {
    const template = `
containers:
  {{- range .Values.containers }}
  - name: {{ .name }}
    env:
      {{- toYaml .env | nindent 6 }}
  {{- end }}
  {{- include "more" . | nindent 2 }}
`;
    const result = `
containers:
  - name: a
    env:
      - x
  - name: b
    env:
      - y
`;
    expect(aligned(template, result)).toEqual([1, 3, 4, 5, 3, 4, 5]);
  });

  it('knows no line for what nothing in the template is like', () => {
    expect(aligned('\nmetadata:\n  annotations: {{ toJson .Values.a }}\n', '\nmetadata:\n  labels:\n    app: x\n')).toEqual([1, undefined, undefined]);
  }); // prettier-ignore

  it('still knows keys where a table of all lines would be too large', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `key${index}: {{ .Values.x }}`);
    const result = many.map((line) => line.replace(/\{.*/, '1'));
    expect(alignLines(result, many).lines).toEqual(many.map((_, index) => index));
  });
});
