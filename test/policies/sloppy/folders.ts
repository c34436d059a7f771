import { z } from 'zod';
import { parseFixture } from '../../../src/policy-test/fixtures.ts';
import { bad, decent, folderOf, good, podWith, terminal, type Sloppy } from './decent.ts';

/** Folders with a fault each, around a policy whose code would be fine. */
export const sloppyFolders: Readonly<Record<string, Sloppy>> = {
  'has two fixtures that say the same': {
    folder: folderOf(decent, { fixtures: [good, { ...good, name: 'pass-again' }, bad] }),
    says: /pass-again says the same as pass-none/,
  },
  'has a failing fixture that records nothing': {
    folder: folderOf(decent, { fixtures: [good, parseFixture('fail-tty', 'fail', terminal)] }),
    says: /records no findings/,
  },
  'has a failing fixture that it finds nothing in': {
    folder: folderOf(decent, {
      fixtures: [good, bad, parseFixture('fail-stdin', 'fail', podWith(', stdinOnce: true'))],
    }),
    says: /fail-stdin: nothing is found/,
  },
  'has a failing fixture that records another place': {
    folder: folderOf(decent, {
      fixtures: [
        good,
        parseFixture('fail-tty', 'fail', `# expect: tty spec.containers[web].tty\n${terminal}`),
      ],
    }),
    says: /not found: tty spec\.containers\[web\]\.tty/,
  },
  'has a passing fixture that fails': {
    folder: folderOf(decent, {
      fixtures: [good, bad, parseFixture('pass-tty', 'pass', podWith(', tty: true, stdinOnce: true'))],
    }),
    says: /pass-tty: found, but not recorded \(# expect\)/,
  },
  'has a passing fixture of a kind it never looks at': {
    folder: folderOf(decent, {
      fixtures: [
        bad,
        parseFixture('pass-service', 'pass', 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\n'),
      ],
    }),
    says: /looks at none of its objects/,
  },
  'has a fixture with a field that Kubernetes has not': {
    folder: folderOf(decent, {
      fixtures: [good, bad, parseFixture('pass-unknown', 'pass', podWith(', teletype: 1'))],
    }),
    says: /teletype is no field of V1Container/,
  },
  'has a fixture with a value of the wrong type': {
    folder: folderOf(decent, {
      fixtures: [good, bad, parseFixture('pass-text', 'pass', podWith(", stdinOnce: 'true'"))],
    }),
    says: /stdinOnce is "true", not of type boolean/,
  },
  'has a fixture without a required field': {
    folder: folderOf(decent, {
      fixtures: [
        good,
        bad,
        parseFixture(
          'pass-bare',
          'pass',
          'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{}]}\n',
        ),
      ],
    }),
    says: /spec\.containers\.0\.name is required/,
  },
  'has a good example that fails': {
    folder: folderOf(decent, {
      examples: [parseFixture('good', 'pass', terminal), parseFixture('bad', 'fail', terminal)],
    }),
    says: /good: found, but not recorded \(# expect\)/,
  },
  'has a bad example that passes': {
    folder: folderOf(decent, {
      examples: [parseFixture('good', 'pass', podWith('')), parseFixture('bad', 'fail', podWith(''))],
    }),
    says: /bad: nothing is found/,
  },
  'has no examples': {
    folder: folderOf(decent, { examples: [] }),
    says: /README\.md has no ```yaml bad block/,
  },
  'has no passing fixture': {
    folder: folderOf(decent, { fixtures: [bad] }),
    says: /there is no pass- fixture/,
  },
  'has a parameter without a description': {
    folder: folderOf({ ...decent, params: z.strictObject({ min: z.int().default(1) }) }),
    says: /the parameter min has no description/,
  },
  'has a parameter without a default': {
    folder: folderOf({ ...decent, params: z.strictObject({ min: z.int().describe('Least') }) }),
    says: /every one needs a default|expected number/,
  },
  'takes parameters it does not know': {
    folder: folderOf({ ...decent, params: z.object({}) }),
    says: /unknown parameters pass/,
  },
  'is named like nothing else': {
    folder: folderOf({ ...decent, id: 'no-terminals' }),
    says: /does not begin with/,
  },
};
