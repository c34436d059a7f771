import {
  definePolicy,
  detectHeader,
  list,
  property,
  records,
  scanCommand,
  scanText,
  text,
  type Context,
  type ContainerSubject,
  type Path,
} from '#sdk';
import { z } from 'zod';

const messages = {
  word: 'Word {word} of {field} of {container} holds a credential in the clear: {credential}.',
  header:
    'The header {header} of a probe or hook of {container} holds a credential in the clear: {credential}.',
  path: 'The path of a probe or hook of {container} holds a credential in the clear: {credential}.',
} as const;
const params = z.strictObject({});

export default definePolicy({
  id: 'forbid-secret-in-args',
  category: 'secrets',
  title: 'Forbid credentials in commands, probes and hooks',
  severity: 'critical',
  target: 'container',
  containers: ['app', 'init', 'sidecar', 'ephemeral'],
  profiles: { baseline: 'deny' },
  params,
  messages,
  why: 'A command line can be read by everybody who may read the workload, and by every process of the node through /proc; it stays in the Git history and in every backup.',
  remediation: {
    word: 'Revoke the credential, store a new one in a Secret, give it to the container as a variable (secretKeyRef) or a file, and write $(VARIABLE) or the path of the file here.',
    header:
      'Revoke the credential, and let the probe ask for a path that needs none, or use exec with a program that reads it from a file.',
    path: 'Revoke the credential, and let the probe ask for a path that needs none.',
  },
  references: [
    'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    'https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#use-environment-variables-to-define-arguments',
  ],
  validate(subject, { report }) {
    const { container } = subject;
    const command = list(container.command);
    const args = list(container.args);
    if (command.length + args.length > 0) lookAtCommand(subject, command, args, report);
    for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      if (container[name] != null) lookAtHandler(container[name], [name], subject, report);
    }
    const { lifecycle } = container;
    if (lifecycle == null) return;
    for (const name of ['postStart', 'preStop'] as const) {
      if (lifecycle[name] != null) lookAtHandler(lifecycle[name], ['lifecycle', name], subject, report);
    }
  },
});

type Report = Context<typeof params, typeof messages>['report'];

/** The program is the first word of the command, and what its flags mean follows from it. */
function lookAtCommand(
  { at }: ContainerSubject,
  command: readonly string[],
  args: readonly string[],
  report: Report,
): void {
  for (const { word, kind, secret } of scanCommand([...command, ...args])) {
    const field = word < command.length ? 'command' : 'args';
    const index = word < command.length ? word : word - command.length;
    report({
      message: 'word',
      at: at(field, index),
      data: { word: index + 1, field, credential: kind },
      secret,
    });
  }
}

function lookAtHandler(handler: object, path: Path, { at }: ContainerSubject, report: Report): void {
  const words = list(property(property(handler, 'exec'), 'command') as readonly string[] | undefined);
  for (const { word, kind, secret } of scanCommand(words)) {
    const place = at(...path, 'exec', 'command', word);
    report({
      message: 'word',
      at: place,
      data: { word: word + 1, field: `${path.join('.')}.exec.command`, credential: kind },
      secret,
    });
  }
  const request = property(handler, 'httpGet');
  for (const [index, header] of records(
    property(request, 'httpHeaders') as readonly object[] | undefined,
  ).entries()) {
    const [name, value] = [text(property(header, 'name')), text(property(header, 'value'))];
    if (value === undefined) continue;
    const found = detectHeader(name ?? 'header', value);
    if (found === undefined) continue;
    const place = at(...path, 'httpGet', 'httpHeaders', index, 'value');
    report({
      message: 'header',
      at: place,
      data: { header: name ?? `number ${index + 1}`, credential: found.kind },
      secret: found.secret,
    });
  }
  const target = text(property(request, 'path'));
  if (target === undefined || !/[?@=]/.test(target)) return;
  const [found] = scanText('url', `https://host${target.startsWith('/') ? '' : '/'}${target}`);
  if (found !== undefined)
    report({
      message: 'path',
      at: at(...path, 'httpGet', 'path'),
      data: { credential: found.kind },
      secret: found.secret,
    });
}
