/** Prints how much of the labelled corpus the secret detector gets right, and what a Deployment costs it. */
import { detectCredential, scanCommand } from '../src/sdk/secrets/index.ts';
import { measure, size } from '../test/sdk/secrets/corpus.ts';

const floor = { precision: 0.95, recall: 0.9 };

/** What a container of an ordinary Deployment says about itself. */
const variables: readonly (readonly [name: string, value: string])[] = [
  ['PORT', '8080'],
  ['LOG_LEVEL', 'info'],
  ['NODE_ENV', 'production'],
  ['TZ', 'Europe/Zurich'],
  ['DATABASE_HOST', 'db.shop.svc.cluster.local'],
  ['DATABASE_URL', 'postgres://$(DB_USER):$(DB_PASSWORD)@db:5432/shop'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://otel-collector.observability:4317'],
  ['JAVA_TOOL_OPTIONS', '-XX:MaxRAMPercentage=75.0 -Dfile.encoding=UTF-8'],
  ['TOKEN_URL', 'https://id.example.com/oauth/token'],
  ['FEATURES', 'checkout-v2,dark-mode,invoice3'],
];
const command = [
  '/shop',
  '--port',
  '8080',
  '--password-file=/run/secrets/db',
  '--log-format=json',
  '--leader-elect',
];

function microsecondsPerDeployment(): number {
  const rounds = 20_000;
  const start = process.hrtime.bigint();
  for (let round = 0; round < rounds; round++) {
    for (const [name, value] of variables) detectCredential({ name, value });
    scanCommand(command);
  }
  return Number(process.hrtime.bigint() - start) / rounds / 1_000;
}

const { positive, negative } = size();
const { scores, misses } = measure();
const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);

console.log(
  `${String(positive + negative)} cases: ${String(positive)} with credentials, ${String(negative)} without`,
);
console.log('place      precision    recall   right  false  missed');
for (const [place, { precision, recall, right, wrong, missed }] of scores) {
  console.log(
    `${place.padEnd(10)}  ${percent(precision)}  ${percent(recall)}  ${String(right).padStart(6)}  ${String(wrong).padStart(5)}  ${String(missed).padStart(6)}`,
  );
}
for (const { place, index, expected, found } of misses) {
  console.log(`${place} ${String(index)}: expected ${expected}, found ${found}`);
}
microsecondsPerDeployment();
console.log(`${microsecondsPerDeployment().toFixed(1)} µs for a Deployment of 10 variables and 6 words`);

const all = scores.get('all');
if (all === undefined || all.precision < floor.precision || all.recall < floor.recall) process.exitCode = 1;
