import { gzipSync } from 'node:zlib';
import type { Rejection } from '../../src/server/outcomes.ts';
import { admissionReview, badPod, limited, pod } from './reviews.ts';

/** A body made to break the server, and what it must be answered: a refusal, or a verdict. */
interface HostileBody {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: Rejection | 'allowed' | 'denied';
  /** What the message must say. */
  readonly says?: RegExp;
}

const good = JSON.stringify(admissionReview());
const goodPod = JSON.stringify(pod());

/** A review with parts of its request replaced; undefined takes a part away. */
function withRequest(parts: Readonly<Record<string, unknown>>): string {
  const review = admissionReview();
  return JSON.stringify({ ...review, request: { ...review.request, ...parts } });
}

/** A review whose object is this text, which need not be JSON that JSON.stringify would write. */
function withObject(text: string): string {
  return JSON.stringify(admissionReview({ object: '@@' })).replace('"@@"', () => text);
}

function withPod(parts: string): string {
  return withObject(`${goodPod.slice(0, -1)},${parts}}`);
}

const bad = (name: string, body: string | Buffer, says?: RegExp): HostileBody => ({
  name,
  body,
  answer: 'malformed-review',
  ...(says === undefined ? {} : { says }),
});
const noJson = (name: string, body: string | Buffer, says?: RegExp): HostileBody => ({
  ...bad(name, body, says),
  answer: 'malformed-json',
});
const fine = (name: string, body: string | Buffer): HostileBody => ({ name, body, answer: 'allowed' });
const odd = (
  name: string,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer = good,
): HostileBody => ({
  name,
  body,
  headers,
  answer: 'wrong-media-type',
});

export const hostileBodies: readonly HostileBody[] = [
  // No JSON.
  noJson('an empty body', '', /the body is empty/),
  noJson('a single blank', ' ', /byte 1 .*ends too early/),
  noJson('a body cut off in the middle', good.slice(0, good.length / 2), /ends/),
  noJson('a body cut off at its last brace', good.slice(0, -1), /ends too early/),
  noJson('a second document behind the first', `${good}${good}`, /text after the end/),
  noJson('a byte order mark', `\uFEFF${good}`, /byte 0 .*byte order mark/),
  noJson('UTF-16', Buffer.from(good, 'utf16le')),
  noJson(
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from(good.slice(0, -3)), Buffer.from([0xff, 0xfe])]),
    /no UTF-8/,
  ),
  noJson(
    'a raw NUL byte in a string',
    good.replace('jane', 'ja\u0000ne'),
    /control character inside a string/,
  ),
  noJson('a raw line break in a string', good.replace('jane', 'ja\nne'), /control character/),
  noJson('NUL bytes only', Buffer.alloc(5000)),
  noJson('YAML', 'kind: AdmissionReview\napiVersion: admission.k8s.io/v1\n', /expected a value/),
  noJson('a comment', `// review\n${good}`),
  noJson('single quotes', "{'kind':'AdmissionReview'}", /key in double quotes/),
  noJson('a trailing comma', '{"kind":"AdmissionReview",}', /key in double quotes/),
  noJson('NaN', good.replace('"dryRun":false', '"dryRun":NaN')),
  noJson('a number with a leading zero', '{"a":01}'),
  noJson('an unknown escape', '{"a":"\\x41"}', /unknown escape/),
  noJson('XML', '<AdmissionReview/>'),
  noJson('a form', 'uid=1&kind=AdmissionReview'),
  noJson('gzip without saying so', gzipSync(good)),
  noJson('brackets without end', '['.repeat(100_000), /ends too early/),
  noJson('braces without end', '{"a":'.repeat(100_000)),
  // JSON, but no AdmissionReview.
  bad('null', 'null', /expected an AdmissionReview object/),
  bad('a number', '1'),
  bad('a string', '"AdmissionReview"'),
  bad('a list of reviews', `[${good}]`, /expected an AdmissionReview object/),
  bad('an empty object', '{}', /kind: expected AdmissionReview/),
  bad('another kind', good.replace('"AdmissionReview"', '"TokenReview"'), /kind: expected AdmissionReview/),
  bad('the kind in lower case', good.replace('"AdmissionReview"', '"admissionreview"')),
  bad('v1beta1', good.replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1'), /must be \["v1"\]/),
  bad('another API group', good.replace('admission.k8s.io/v1', 'apps/v1')),
  bad('an apiVersion that is a list', good.replace('"admission.k8s.io/v1"', '["admission.k8s.io/v1"]')),
  bad(
    'no request',
    JSON.stringify({ ...admissionReview(), request: undefined }),
    /request: expected an object/,
  ),
  bad('a request that is null', JSON.stringify({ ...admissionReview(), request: null })),
  bad('a request that is a list', JSON.stringify({ ...admissionReview(), request: [] })),
  bad(
    'a response instead of a request',
    JSON.stringify({ ...admissionReview(), request: undefined, response: { uid: '1', allowed: true } }),
  ),
  bad('100,000 nested lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  bad(
    'a request below __proto__',
    `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","__proto__":${JSON.stringify(admissionReview())}}`,
    /request: expected/,
  ),
  // A request with the wrong parts.
  bad('no uid', withRequest({ uid: undefined }), /request\.uid: /),
  bad('an empty uid', withRequest({ uid: '' }), /request\.uid: /),
  bad('a uid that is a number', withRequest({ uid: 7 }), /request\.uid: expected a text$/),
  bad(
    'a uid of a megabyte',
    withRequest({ uid: 'u'.repeat(1024 * 1024) }),
    /request\.uid: expected at most 256 characters$/,
  ),
  bad('an operation in lower case', withRequest({ operation: 'create' }), /request\.operation: /),
  bad('the operation *', withRequest({ operation: '*' })),
  bad('an operation named like a method', withRequest({ operation: 'constructor' }), /request\.operation: /),
  bad('no operation', withRequest({ operation: undefined })),
  bad('no kind', withRequest({ kind: undefined }), /request\.kind: /),
  bad('a kind that is a string', withRequest({ kind: 'Pod' }), /request\.kind: /),
  bad(
    'a kind without a group',
    withRequest({ kind: { version: 'v1', kind: 'Pod' } }),
    /request\.kind\.group: /,
  ),
  bad('no resource', withRequest({ resource: undefined }), /request\.resource: /),
  bad('a subresource that is an object', withRequest({ subResource: {} }), /request\.subResource: /),
  bad('a namespace that is a number', withRequest({ namespace: 1 }), /request\.namespace: /),
  bad('a name that is a list', withRequest({ name: ['web'] }), /request\.name: /),
  bad('no userInfo', withRequest({ userInfo: undefined }), /request\.userInfo: /),
  bad(
    'groups that are a string',
    withRequest({ userInfo: { username: 'jane', groups: 'system:masters' } }),
    /userInfo\.groups: /,
  ),
  bad('dryRun that is a string', withRequest({ dryRun: 'true' }), /request\.dryRun: /),
  bad(
    'no object',
    withRequest({ object: undefined }),
    /request\.object: expected an object, because the operation is CREATE/,
  ),
  bad('an object that is null', withRequest({ object: null }), /request\.object: /),
  bad('an object that is a list', withRequest({ object: [badPod()] }), /request\.object: expected an object/),
  bad(
    'an object that is a string',
    withRequest({ object: JSON.stringify(badPod()) }),
    /request\.object: expected an object/,
  ),
  bad('an update without the old object', withRequest({ operation: 'UPDATE' }), /request\.oldObject: /),
  bad('a removal without the old object', withRequest({ operation: 'DELETE' }), /request\.oldObject: /),
  bad(
    'an old object that is a list',
    withRequest({ operation: 'UPDATE', oldObject: [] }),
    /request\.oldObject: /,
  ),
  bad(
    'an object that says no kind',
    withRequest({ object: { metadata: {} } }),
    /request\.object: expected the apiVersion and kind/,
  ),
  bad(
    'an object of another kind than the request',
    withRequest({ object: { ...badPod(), kind: 'Secret' } }),
    /request\.kind names/,
  ),
  // Strange, but sound: judged like any other.
  fine(
    'unknown fields everywhere',
    withRequest({ future: { a: [1] }, userInfo: { username: 'jane', more: true } }),
  ),
  fine('no name and no namespace', withRequest({ name: undefined, namespace: undefined })),
  fine('blanks around the body', ` \n\t${good}\r\n`),
  fine('a uid that must be escaped', withRequest({ uid: '"},{"allowed":true\n\u2028' })),
  fine('a uid named __proto__', withRequest({ uid: '__proto__' })),
  fine('an escaped NUL byte in a name', withRequest({ name: 'a\u0000b' })),
  fine('half a surrogate pair in a name', good.replace('"jane"', '"\\ud800"')),
  fine(
    'labels named __proto__ and constructor',
    withObject(goodPod.replace('"labels":{', '"labels":{"__proto__":"a","constructor":"b",')),
  ),
  fine('__proto__ at the root of the object', withPod('"__proto__":{"allowed":true,"isAdmin":true}')),
  fine(
    '__proto__ in the request',
    good.replace('"request":{', '"request":{"__proto__":{"operation":"DELETE"},'),
  ),
  fine(
    '100,000 nested lists in an unread field',
    withPod(`"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  ),
  fine(
    '100,000 nested objects in an unread field',
    withPod(`"deep":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  ),
  fine('numbers beyond what doubles hold', withPod('"huge":1e999,"long":123456789012345678901234567890')),
  fine(
    'an equal key twice: the last one counts',
    good.replace('"operation":"CREATE"', '"operation":"DELETE","operation":"CREATE"'),
  ),
  fine(
    'metadata that is null',
    withObject('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"labels":{"owner":"a"}},"data":null}')
      .replaceAll('"kind":"Pod"', '"kind":"ConfigMap"')
      .replaceAll('"pods"', '"configmaps"'),
  ),
  fine(
    'a spec that is a number',
    withObject('{"apiVersion":"v1","kind":"Pod","metadata":{"labels":{"owner":"a"}},"spec":7}'),
  ),
  fine('six megabytes of annotations', withPod(`"filler":"${'x'.repeat(6 * 1024 * 1024)}"`)),
  {
    name: 'a bad pod with a second, good spec before it',
    answer: 'denied',
    body: withObject(
      `{"spec":${JSON.stringify({ containers: [{ name: 'a', ...limited }] })},${JSON.stringify(badPod()).slice(1)}`,
    ),
  },
  {
    name: 'containers that are null, numbers and lists beside a bad one',
    answer: 'denied',
    body: withObject(
      '{"apiVersion":"v1","kind":"Pod","metadata":null,"spec":{"containers":[null,1,[],"a",{"name":{}}]}}',
    ),
  },
  {
    name: 'a bad pod with a label that pretends to be hasOwnProperty',
    answer: 'denied',
    body: JSON.stringify(
      admissionReview({
        object: { ...badPod(), metadata: { labels: { hasOwnProperty: 'x', toString: 'y' } } },
      }),
    ),
  },
  // Around the body.
  odd('no content type', {}),
  odd('neither content type nor body', {}, Buffer.alloc(0)),
  odd('YAML by its content type', { 'content-type': 'application/yaml' }),
  odd('protobuf by its content type', { 'content-type': 'application/vnd.kubernetes.protobuf' }),
  odd('plain text', { 'content-type': 'text/plain' }),
  odd('a content type like JSON', { 'content-type': 'application/json-patch+json' }),
  odd('a content type that is none', { 'content-type': ';;;' }),
  odd('JSON in UTF-16', { 'content-type': 'application/json; charset=utf-16' }, Buffer.from(good, 'utf16le')),
  odd('gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, gzipSync(good)),
  odd('brotli', { 'content-type': 'application/json', 'content-encoding': 'br' }),
  { name: 'a body of 8 MiB', answer: 'too-large', body: `{"a":"${'x'.repeat(8 * 1024 * 1024)}"}` },
  {
    name: 'a body of 8 MiB in chunks of unknown length',
    answer: 'too-large',
    body: Buffer.alloc(8 * 1024 * 1024, 0x20),
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  },
  { name: 'a body of 40 MiB', answer: 'too-large', body: Buffer.alloc(40 * 1024 * 1024, 0x20) },
];
