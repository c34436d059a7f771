import { describe, expect, it } from 'vitest';
import { alignDocuments } from '../../../src/cli/rendered/align-documents.ts';

const lines = (text: string): readonly string[] => text.split('\n').slice(1, -1);

/** Which line of the template each line of the documents comes from, counted from 1. */
const aligned = (template: string, ...documents: readonly string[]) =>
  alignDocuments(documents.map(lines), lines(template)).map((document) =>
    document.map((index) => (index === undefined ? undefined : index + 1)),
  );

const account = (name: string) => `\nkind: ServiceAccount\nmetadata:\n  name: ${name}\n`;
const template = `
kind: ServiceAccount
metadata:
  name: {{ .Values.web }}
---
kind: Service
metadata:
  name: {{ .Values.web }}
--- # of the cache
kind: ServiceAccount
metadata:
  name: {{ .Values.cache }}
`;

describe('alignDocuments', () => {
  it('leads a document to the part that is most like it, whatever their order', () => {
    const service = '\nkind: Service\nmetadata:\n  name: web\n';
    expect(aligned(template, service, account('web'))).toEqual([
      [5, 6, 7],
      [1, 2, 3],
    ]);
  });

  it('leads the second of two that are alike to the second part', () => {
    expect(aligned(template, account('web'), account('cache'))).toEqual([
      [1, 2, 3],
      [9, 10, 11],
    ]);
  });

  it('leads all turns of a loop to the one part that made them', () => {
    const loop = `
{{- range .Values.queues }}
---
kind: ServiceAccount
metadata:
  name: {{ . }}
{{- end }}
`;
    expect(aligned(loop, account('a'), account('b'))).toEqual([
      [3, 4, 5],
      [3, 4, 5],
    ]);
  });

  it('knows no line in an empty template', () => {
    expect(aligned('\n\n', account('a'))).toEqual([[undefined, undefined, undefined]]);
  });
});
