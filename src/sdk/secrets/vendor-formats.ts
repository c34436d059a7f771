import type { Format } from './format.ts';

/** A token that begins with a text that only its vendor uses and goes on in one way. */
function token<const Kind extends string>(
  kind: Kind,
  prefixes: readonly string[],
  rest: string,
): Format & { readonly kind: Kind } {
  const starts = prefixes.map((prefix) => prefix.replaceAll('.', '\\.')).join('|');
  return { kind, clues: prefixes, pattern: new RegExp(`(?<![\\w-])(?:${starts})${rest}(?![\\w-])`, 'g') };
}

/**
 * Further services, each with a prefix of its own.
 * Sources: the vendors' pages on their token formats, GitHub's list of supported secret scanning patterns, and the
 * public rules of gitleaks and trufflehog.
 */
export const vendorFormats = [
  token('1Password token', ['ops_eyJ'], String.raw`[\w+/-]{200,}={0,2}`),
  token('Adobe secret', ['p8e-'], String.raw`[\w-]{32}`),
  token('Airtable token', ['pat'], String.raw`[A-Za-z0-9]{14}\.[0-9a-f]{64}`),
  token('Alibaba Cloud access key', ['LTAI'], '[A-Za-z0-9]{17,21}'),
  // With a checksum behind an equals sign.
  token('Atlassian token', ['ATATT3xFfG', 'ATCTT3xFfG', 'ATBB'], '[A-Za-z0-9_-]{28,}(?:=[0-9A-F]{8})?'),
  token('Brevo key', ['xkeysib-', 'xsmtpsib-'], '[0-9a-f]{64}-[A-Za-z0-9]{16}'),
  token('Buildkite token', ['bkua_'], '[0-9a-f]{40}'),
  token('CircleCI token', ['CCIPAT_'], String.raw`[A-Za-z0-9]{22}_[0-9a-f]{40}`),
  token('Clojars token', ['CLOJARS_'], '[0-9a-f]{60}'),
  token('Contentful token', ['CFPAT-'], String.raw`[\w-]{43}`),
  token('crates.io token', ['cio'], '[A-Za-z0-9]{32}'),
  token('Doppler token', ['dp.pt.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'], '[A-Za-z0-9]{40,44}'),
  token('Doppler token', ['dp.st.'], String.raw`(?:[\w-]{1,64}\.)?[A-Za-z0-9]{40,44}`),
  token('Duffel token', ['duffel_live_', 'duffel_test_'], String.raw`[\w=-]{43}`),
  token('Dynatrace token', ['dt0c01.', 'dt0s01.', 'dt0s16.'], String.raw`[A-Z0-9]{8,24}\.[A-Z0-9]{64}`),
  token('EasyPost key', ['EZAK', 'EZTK'], '[A-Za-z0-9]{54}'),
  token('Figma token', ['figd_', 'figo_', 'figu_'], String.raw`[\w-]{40,}`),
  token('Flutterwave key', ['FLWSECK-', 'FLWSECK_TEST-'], '[0-9a-f]{12,32}-X'),
  token('Fly.io token', ['fm1r_', 'fm2_', 'fo1_'], String.raw`[\w+/-]{40,}={0,3}`),
  token('Grafana Cloud token', ['glc_eyJ'], '[A-Za-z0-9+/]{32,}={0,3}'),
  token('Groq key', ['gsk_'], '[A-Za-z0-9]{52}'),
  token('Harness token', ['pat.', 'sat.'], String.raw`[\w-]{22}\.[0-9a-f]{24}\.[A-Za-z0-9]{20}`),
  token('Heroku key', ['HRKU-'], String.raw`[\w-]{36,64}`),
  token('HubSpot token', ['pat-na1-', 'pat-na2-', 'pat-eu1-'], '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  token('Infracost key', ['ico-'], '[A-Za-z0-9]{32}'),
  token('JFrog token', ['AKCp'], '[A-Za-z0-9]{69,}'),
  token('LangSmith key', ['lsv2_pt_', 'lsv2_sk_'], '[0-9a-f]{32}_[0-9a-f]{10}'),
  token('Langfuse key', ['sk-lf-'], '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'),
  token('Linear key', ['lin_api_', 'lin_oauth_'], '[A-Za-z0-9]{40,64}'),
  token('Mapbox token', ['sk.eyJ'], String.raw`[\w-]{40,}\.[\w-]{20,}`),
  token('Meta token', ['EAA'], '[A-Z][A-Za-z0-9]{100,}'),
  token('NATS seed', ['SUA', 'SAA', 'SOA'], '[A-Z2-7]{55}'),
  token('Netlify token', ['nfp_'], '[A-Za-z0-9]{36,40}'),
  token('New Relic key', ['NRII-', 'NRIQ-'], String.raw`[\w-]{32}`),
  token('Notion token', ['ntn_'], '[A-Za-z0-9]{46}'),
  token('NuGet key', ['oy2'], '[a-z0-9]{43}'),
  token('Perplexity key', ['pplx-'], '[A-Za-z0-9]{48,56}'),
  token('Pinecone key', ['pcsk_'], String.raw`[A-Za-z0-9]{5,8}_[A-Za-z0-9]{50,}`),
  token('PlanetScale token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], String.raw`[\w.=-]{32,64}`),
  token('PostHog key', ['phx_'], '[A-Za-z0-9]{40,64}'),
  token('Postman key', ['PMAK-'], '[0-9a-f]{24}-[0-9a-f]{34}'),
  token('Prefect key', ['pnu_', 'pnb_'], '[A-Za-z0-9]{36}'),
  token('ReadMe key', ['rdme_'], '[a-z0-9]{70}'),
  token('Replicate token', ['r8_'], '[A-Za-z0-9]{37}'),
  token('Resend key', ['re_'], '[A-Za-z0-9]{8}_[A-Za-z0-9]{24}'),
  token('RubyGems key', ['rubygems_'], '[0-9a-f]{48}'),
  token('Scalingo token', ['tk-us-'], String.raw`[\w-]{48}`),
  token('Segment token', ['sgp_'], '[A-Za-z0-9]{64}'),
  token('Sentry token', ['sntryu_'], '[0-9a-f]{64}'),
  token('Sentry token', ['sntrys_eyJ'], String.raw`[\w+/=-]{60,}`),
  token('Shippo token', ['shippo_live_', 'shippo_test_'], '[0-9a-f]{40}'),
  token('SonarQube token', ['sqp_', 'squ_', 'sqa_'], '[0-9a-f]{40}'),
  token('Sourcegraph token', ['sgp_'], '(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}'),
  token('Square token', ['EAAA'], String.raw`[\w-]{60}`),
  token('Square token', ['sq0atp-', 'sq0csp-', 'sq0ats-'], String.raw`[\w-]{22,43}`),
  token('Supabase token', ['sbp_', 'sb_secret_'], String.raw`(?:[0-9a-f]{40}|[\w-]{22}_[\w-]{8})`),
  token(
    'Tailscale key',
    ['tskey-auth-', 'tskey-api-', 'tskey-client-', 'tskey-scim-', 'tskey-webhook-'],
    '[A-Za-z0-9]{8,24}(?:CNTRL)?-[A-Za-z0-9]{20,}',
  ),
  token('Tavily key', ['tvly-'], String.raw`[\w-]{32,}`),
  token('Trello token', ['ATTA'], '[0-9a-f]{64}[0-9A-F]{8}'),
  token('Typeform token', ['tfp_'], String.raw`[\w.=-]{44,64}`),
  token('xAI key', ['xai-'], '[A-Za-z0-9]{70,}'),
  // The ones whose mark does not stand at the start.
  {
    kind: 'Azure DevOps token',
    clues: ['AZDO'],
    pattern: /(?<![A-Za-z0-9])[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}(?![A-Za-z0-9])/g,
  },
  { kind: 'New Relic key', clues: ['NRAL'], pattern: /\b[0-9a-f]{36}NRAL\b/g },
  { kind: 'Mailchimp key', clues: ['-us'], pattern: /\b[0-9a-f]{32}-us\d{1,2}\b/g },
] as const satisfies readonly Format[];
