/** Prints how much of the labelled corpus the secret detector gets right, and what a Deployment costs it. */
import { detectCredential, scanCommand, scanText } from '../src/sdk/secrets/index.ts';
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
/** Keys without their domain, as the policy about metadata hands them over. */
const metadata: readonly (readonly [key: string, value: string])[] = [
  ['name', 'shop'],
  ['managed-by', 'Helm'],
  ['version', '5.1.0'],
  ['scrape', 'true'],
  ['revision', '17'],
];

function readDeployment(): void {
  for (const [name, value] of variables) detectCredential({ name, value });
  scanCommand(command);
  for (const [key, value] of metadata) scanText(key, value);
}

/** The best of many short runs: whatever else the machine does only ever adds to one. */
function microsecondsPerDeployment(): number {
  const rounds = 200;
  let best = Infinity;
  for (let run = 0; run < 500; run++) {
    const start = process.hrtime.bigint();
    for (let round = 0; round < rounds; round++) readDeployment();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / rounds / 1_000);
  }
  return best;
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
console.log(
  `${microsecondsPerDeployment().toFixed(1)} µs for a Deployment of ${String(variables.length)} variables, ${String(command.length)} words and ${String(metadata.length)} labels and annotations`,
);

const all = scores.get('all');
if (all === undefined || all.precision < floor.precision || all.recall < floor.recall) process.exitCode = 1;
