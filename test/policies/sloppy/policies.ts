import { records, type Policy, type RelationSubject } from '#sdk';
import { parseFixture } from '../../../src/policy-test/fixtures.ts';
import {
  bad,
  decent,
  expectTerminal,
  fixing,
  folderOf,
  good,
  podWith,
  reportTerminal,
  terminal,
  validating,
  type Container,
  type Sloppy,
} from './decent.ts';

let turn = 0;
let seenByAnother = false;
const withoutFix = { fix: undefined } as unknown as Partial<Policy>;

/** Policies with a fault each, beside fixtures that would be fine. */
export const sloppyPolicies: Readonly<Record<string, Sloppy>> = {
  'asks for facts that it does not declare': {
    folder: folderOf({
      ...decent,
      ...withoutFix,
      containers: undefined,
      target: 'relation',
      kinds: ['Pod'],
      facts: ['Service'],
      validate({ facts }: RelationSubject) {
        facts.find('Servce' as 'Service', 'web', undefined);
      },
    } as unknown as Policy),
    says: /the policy asks for Servce, which neither its facts nor its optionalFacts name: did you mean Service\?/,
  },
  'throws on null': {
    folder: folderOf(
      validating((subject, to) => {
        ((subject.container['securityContext'] as { toString(): string } | undefined) ?? '').toString();
        reportTerminal(subject, to);
        if (subject.container['stdin'] === null) throw new TypeError('stdin is null');
      }),
    ),
    says: /failed with TypeError/,
  },
  'is quadratic in the length of a text': {
    folder: folderOf(
      validating((subject, to) => {
        reportTerminal(subject, to);
        const { image } = subject.container;
        // eslint-disable-next-line regexp/no-super-linear-backtracking -- the fault
        if (typeof image === 'string') /a+\s*a+:$/.test(image);
      }),
    ),
    says: /takes \d+ ms/,
  },
  'changes its input': {
    folder: folderOf(
      validating((subject, to) => {
        reportTerminal(subject, to);
        subject.container['seen'] = true;
      }),
    ),
    says: /failed with TypeError/,
  },
  'remembers what it saw before': {
    folder: folderOf(
      validating((subject, to) => {
        turn += 1;
        if (subject.container['tty'] === true && turn % 2 === 1)
          to({ message: 'tty', at: subject.at('tty') });
      }),
    ),
    says: /a second run|nothing is found|not found/,
  },
  'needs another policy to run before it': {
    folder: folderOf(
      validating((subject, to) => {
        if (!seenByAnother) reportTerminal(subject, to);
        seenByAnother = false;
      }),
    ),
    library: [
      validating((subject, to) => {
        if (!seenByAnother) reportTerminal(subject, to);
        seenByAnother = false;
      }),
      {
        ...validating(() => {
          seenByAnother = true;
        }, withoutFix),
        id: 'require-nothing',
      },
    ],
    says: /the order decides what is found/,
  },
  'has a message that no fixture leads to': {
    folder: folderOf({ ...decent, messages: { ...decent.messages, never: 'Never.' } }),
    says: /no failing fixture leads to the message never/,
  },
  'has a fix that changes nothing': { folder: folderOf(fixing(() => undefined)), says: /changes nothing/ },
  'has a fix of something that no fixed file shows': {
    folder: folderOf(decent, {
      fixtures: [good, bad, parseFixture('fail-both', 'fail', podWith(', tty: true, stdinOnce: true'))],
    }),
    says: /fail-both: the fix changes it, and no fixed file shows how/,
  },
  'has a fixed file and no fix': {
    folder: folderOf({ ...decent, ...withoutFix }),
    says: /fail-tty: the fix changes nothing/,
  },
  'has a fix that changes nothing, and says so in the fixed file': {
    folder: folderOf(
      fixing(() => undefined),
      {
        fixtures: [good, parseFixture('fail-tty', 'fail', `${expectTerminal}${terminal}`, terminal)],
      },
    ),
    says: /the fixed file changes nothing/,
  },
  'has a fix that does not resolve its finding': {
    folder: folderOf(
      fixing((draft) => {
        draft['stdin'] = false;
      }),
    ),
    says: /did not resolve/,
  },
  'has a fix that throws': {
    folder: folderOf(
      fixing(() => {
        throw new RangeError('no');
      }),
    ),
    says: /its fix failed with RangeError/,
  },
  'has a fix that does more each time': {
    folder: folderOf(
      fixing((draft) => {
        draft['tty'] = false;
        draft['args'] = [...((draft['args'] as unknown[] | undefined) ?? []), '--no-tty'];
      }),
    ),
    says: /second time/,
  },
  'has a fix that changes something else': {
    folder: folderOf(
      fixing((draft) => {
        draft['tty'] = false;
        draft['stdin'] = false;
      }),
    ),
    says: /something else than the fixed file/,
  },
  'has a fix that nothing shows': {
    folder: folderOf(decent, { fixtures: [good, { ...bad, fixed: undefined }] }),
    says: /shows the fix of tty/,
  },
  'has a fix that makes another policy fail': {
    folder: folderOf(decent),
    library: [
      decent,
      {
        ...validating(({ container, at }, to) => {
          if (container['tty'] === false) to({ message: 'tty', at: at('tty') });
        }, withoutFix),
        id: 'require-terminal',
      },
    ],
    says: /makes another policy fail: require-terminal/,
  },
  'leaves a placeholder unfilled': {
    folder: folderOf({ ...decent, messages: { tty: '{container} asks for {what}.' } }),
    says: /does not say what \{what\} is/,
  },
  'leaves a placeholder of its remediation unfilled': {
    folder: folderOf({ ...decent, remediation: 'Remove {what}.' }),
    says: /does not say what \{what\} is/,
  },
  'points at a field that does not exist': {
    folder: folderOf(
      validating(({ container, at }, to) => {
        if (container['tty'] === true) to({ message: 'tty', at: at('terminal') });
      }),
    ),
    says: /no such field/,
  },
  'points at an item that does not exist': {
    folder: folderOf(
      validating(({ container, at }, to) => {
        if (container['tty'] === true) to({ message: 'tty', at: at('args', 7) });
      }),
    ),
    says: /no such item/,
  },
  'ignores init containers, contrary to what it declares': {
    folder: folderOf(
      validating((subject, to) => {
        if (subject.containerClass !== 'init') reportTerminal(subject, to);
      }),
    ),
    says: /declares init containers, and finds nothing there/,
  },
  'ignores the pods of Jobs': {
    folder: folderOf(
      validating((subject, to) => {
        if (subject.pod.workload.kind.kind !== 'Job') reportTerminal(subject, to);
      }),
    ),
    says: /found in a Pod, but not in a Job/,
  },
  'says more of the pods of Deployments': {
    folder: folderOf(
      validating((subject, to) => {
        reportTerminal(subject, to);
        if (subject.pod.workload.kind.kind === 'Deployment') to({ message: 'tty', at: subject.at('stdin') });
      }),
    ),
    says: /found in a Deployment, but not in a Pod/,
  },
  'lets a value into its data': {
    folder: folderOf(
      validating(
        ({ container, at }, to) => {
          if (container['tty'] !== true) return;
          const value = records(container['env'] as Container[] | undefined).map((variable) =>
            String(variable['value']),
          );
          to({ message: 'tty', at: at('tty'), data: { value: value.join() } });
        },
        { messages: { tty: '{container} asks for a terminal with {value}.' } },
      ),
    ),
    says: /a value reaches what the policy says, of an annotation, env, .*: name its key instead$/,
  },
  'lets a value into a place': {
    folder: folderOf(
      validating(({ container, at }, to) => {
        const [first] = records(container['env'] as Container[] | undefined);
        if (container['tty'] === true) to({ message: 'tty', at: at('tty', String(first?.['value'])) });
      }),
    ),
    says: /a value reaches what the policy says/,
  },
};
