import type { Cases, Document, Pair } from './case.ts';
import {
  alnum,
  base64url,
  hex,
  join,
  letters,
  number,
  opaque,
  upper,
  uuid,
} from './values.ts';

const lower = (length: number) => letters(length, 'abcdefghijklmnopqrstuvwxyz0123456789');
const capitals = (length: number) => letters(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');

/** Tokens with a prefix of their vendor, in the form the vendor gives them; the name tells nothing. */
const tokens: readonly (readonly [kind: string, token: string])[] = [
  ['1Password token', join('ops', '_eyJ', alnum(300))],
  ['Adobe secret', join('p8', 'e-', lower(32))],
  ['Airtable token', join('pa', 't', alnum(14), '.', hex(64))],
  ['Alibaba Cloud access key', join('LT', 'AI5t', alnum(18))],
  ['Atlassian token', join('ATATT', '3xFfGF0', alnum(171), '=', hex(8).toUpperCase())],
  ['Atlassian token', join('AT', 'BB', alnum(32))],
  ['Azure DevOps token', join(alnum(76), 'AZ', 'DO', alnum(4))],
  ['Brevo key', join('xkey', 'sib-', hex(64), '-', alnum(16))],
  ['Buildkite token', join('bk', 'ua_', hex(40))],
  ['CircleCI token', join('CCI', 'PAT_', alnum(22), '_', hex(40))],
  ['Clojars token', join('CLO', 'JARS_', hex(60))],
  ['Contentful token', join('CF', 'PAT-', alnum(43))],
  ['crates.io token', join('c', 'io', alnum(32))],
  ['Doppler token', join('dp', '.pt.', alnum(43))],
  ['Doppler token', join('dp', '.st.', 'prd.', alnum(43))],
  ['Duffel token', join('duffel', '_live_', alnum(43))],
  ['Dynatrace token', join('dt0', 'c01.', upper(24), '.', upper(64))],
  ['EasyPost key', join('EZ', 'AK', alnum(54))],
  ['Figma token', join('fig', 'd_', alnum(40))],
  ['Flutterwave key', join('FLW', 'SECK-', hex(32), '-X')],
  ['Fly.io token', join('fm', '2_', alnum(200))],
  ['Grafana Cloud token', join('gl', 'c_', base64url('{"o":"652992","n":"stack-1","k":"k3jQz8vXw2"}'))],
  ['Groq key', join('gs', 'k_', alnum(52))],
  ['Harness token', join('pa', 't.', alnum(22), '.', hex(24), '.', alnum(20))],
  ['Heroku key', join('HR', 'KU-AA', alnum(58))],
  ['HubSpot token', join('pat', '-na1-', uuid())],
  ['Infracost key', join('ic', 'o-', alnum(32))],
  ['JFrog token', join('AK', 'Cp8', alnum(68))],
  ['LangSmith key', join('lsv2', '_pt_', hex(32), '_', hex(10))],
  ['Langfuse key', join('sk', '-lf-', uuid())],
  ['Linear key', join('lin', '_api_', alnum(40))],
  ['Mailchimp key', join(hex(32), '-us', '21')],
  ['Mapbox token', join('sk', '.eyJ', alnum(60), '.', alnum(22))],
  ['Meta token', join('EA', 'AG', alnum(160))],
  ['Netlify token', join('nf', 'p_', alnum(40))],
  ['New Relic key', join(hex(36), 'NR', 'AL')],
  ['New Relic key', join('NR', 'II-', alnum(32))],
  ['Notion token', join('nt', 'n_', number(11), alnum(35))],
  ['NuGet key', join('oy', '2', lower(43))],
  ['Perplexity key', join('pp', 'lx-', alnum(48))],
  ['Pinecone key', join('pc', 'sk_', alnum(6), '_', alnum(60))],
  ['PlanetScale token', join('pscale', '_tkn_', alnum(43))],
  ['Postman key', join('PM', 'AK-', hex(24), '-', hex(34))],
  ['Prefect key', join('pn', 'u_', alnum(36))],
  ['ReadMe key', join('rd', 'me_', lower(70))],
  ['Replicate token', join('r', '8_', alnum(37))],
  ['Resend key', join('r', 'e_', alnum(8), '_', alnum(24))],
  ['RubyGems key', join('ruby', 'gems_', hex(48))],
  ['Scalingo token', join('tk', '-us-', alnum(48))],
  ['Segment token', join('sg', 'p_', alnum(64))],
  ['Sentry token', join('sntr', 'yu_', hex(64))],
  ['Sentry token', join('sntr', 'ys_eyJ', alnum(120))],
  ['Shippo token', join('shippo', '_live_', hex(40))],
  ['SonarQube token', join('sq', 'p_', hex(40))],
  ['Sourcegraph token', join('sg', 'p_', hex(16), '_', hex(40))],
  ['Square token', join('sq0', 'csp-', alnum(43))],
  ['Supabase token', join('sb', 'p_', hex(40))],
  ['Tailscale key', join('tskey', '-auth-k', alnum(11), 'CNTRL-', alnum(32))],
  ['Tavily key', join('tv', 'ly-', alnum(32))],
  ['Trello token', join('AT', 'TA', hex(64), hex(8).toUpperCase())],
  ['Typeform token', join('tf', 'p_', alnum(44), '_', alnum(14))],
  ['xAI key', join('xa', 'i-', alnum(80))],
];

/** What looks like one from far: other lengths, examples, rules that look for them, ids. */
const harmless: readonly string[] = [
  ...tokens.map(([, token]) => token.replace(/[a-z0-9]{10,}/gi, (run) => `${run.slice(0, 3)}…`)),
  join('sg', 'p_[a-zA-Z0-9]{64}'),
  join('nt', 'n_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
  join('dp', '.st.prd.', '<token>'),
  join('lin', '_api_key_of_the_team'),
  'core_workers_8',
  'patterns.d/0a',
  'icon-set-16',
  'https://eu-us2.example.com/path',
  join('LT', 'AIR'),
  `registry.example.com/cio/web@sha256:${hex(64)}`,
  `${capitals(20)}-us1`,
];

const pairs: readonly Pair[] = [
  ...tokens.map(([kind, token]): Pair => ['UPSTREAM', token, kind]),
  ...harmless.map((text): Pair => ['UPSTREAM', text, null]),
];

const documents: readonly Document[] = [
  ...tokens.map(([, token], index): Document => [
    index % 2 === 0
      ? `The old job still uses ${token} until March.\n`
      : `{\n  "v": "${token}",\n  "n": 1\n}\n`,
    1,
  ]),
  // Base64 without the lines around it, as DER is put into one variable.
  ...[
    'IEvQIBADANBgkqhkiG9w0BAQEFAASC',
    'IEpAIBAAKCAQEA',
    'GHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg',
  ].map((start): Document => [`signer: ${join('MI', start, opaque(600))}\n`, 1]),
  [`signer: ${join('MC4CAQAwBQYDK2VwBC', 'IEI', opaque(32))}\n`, 1],
  [`signer: ${join('MHcCAQEE', 'I', opaque(96))}\n`, 1],
  [`verifier: ${join('MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A', opaque(270))}\n`, 0],
  [`verifier: ${join('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE', opaque(64))}\n`, 0],
  [`verifier: ${join('MCowBQYDK2VwAyEA', opaque(32))}\n`, 0],
  [`certificate: ${join('MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa', opaque(600))}\n`, 0],
];

export const vendorTokens = { pairs, documents } satisfies Cases;
