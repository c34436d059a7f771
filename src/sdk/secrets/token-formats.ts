import { hasGithubChecksum } from './checksum.ts';
import { each, type Format } from './format.ts';

/**
 * Tokens of well-known services, told by their prefix, length and alphabet.
 * Sources: the vendors' pages on their token formats, and the public rule sets of secret scanners.
 */
export const tokenFormats = [
  {
    kind: 'AWS access key',
    clues: ['AKIA', 'ASIA'],
    pattern: /(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  {
    kind: 'Google API key',
    clues: ['AIza', 'GOCSPX-', 'ya29.'],
    pattern: /(?<![\w-])(?:AIza[\w-]{35}|GOCSPX-[\w-]{28}|ya29\.[\w-]{20,})(?![\w-])/g,
  },
  {
    kind: 'GitHub token',
    clues: ['ghp_', 'gho_', 'ghs_', 'ghu_', 'ghr_', 'github_pat_'],
    pattern: /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
    proof: hasGithubChecksum,
  },
  {
    kind: 'GitLab token',
    clues: ['glp', 'gld', 'glr', 'glc', 'gli', 'glf', 'glw', 'gls', 'glagent', 'oas-', 'GR1348941'],
    pattern:
      /(?<![\w-])(?:gl(?:pat|dt|rtr?|ptt|cbt|imt|ft|ffct|wt|soat|agent|oas)-[\w.-]{20,}|GR1348941[\w-]{20})/g,
  },
  {
    kind: 'Slack token',
    clues: ['xox', 'xapp-'],
    pattern: /(?<![\w-])(?:xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,})/g,
    check: (secret: string) => /\d/.test(secret),
  },
  {
    kind: 'Slack webhook',
    clues: ['.slack.com'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[A-Za-z0-9+/]{20,})/g,
  },
  {
    kind: 'Stripe key',
    clues: ['_live_', '_test_', 'whsec_'],
    pattern: /(?<![A-Za-z0-9])(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,})/g,
  },
  {
    kind: 'npm token',
    clues: ['npm_'],
    pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}\b/g,
    proof: hasGithubChecksum,
  },
  { kind: 'PyPI token', clues: ['pypi-A'], pattern: /(?<![\w-])pypi-A[\w-]{30,}/g },
  {
    kind: 'SendGrid key',
    clues: ['SG.'],
    pattern: /(?<![\w.-])SG\.[\w-]{16,32}\.[\w-]{16,64}(?![\w-])/g,
  },
  { kind: 'Twilio key', clues: each('SK', '0123456789abcdef'), pattern: /\bSK[0-9a-f]{32}\b/g },
  { kind: 'Anthropic key', clues: ['sk-'], pattern: /(?<![\w-])sk-ant-[\w-]{20,}/g },
  {
    kind: 'OpenAI key',
    clues: ['sk-'],
    // Many other providers of the same interface have taken over the prefix.
    pattern: /(?<![\w-])sk-[\w-]{20,}/g,
    check: (secret: string) => /\d/.test(secret) && /[A-Z0-9]{16}/i.test(secret),
  },
  {
    kind: 'Vault token',
    clues: ['hvs.', 'hvb.', 'hvr.'],
    pattern: /(?<![\w.-])hv[bsr]\.[\w-]{20,}/g,
  },
  {
    kind: 'Azure client secret',
    clues: Array.from('0123456789', (digit) => `${digit}Q~`),
    pattern: /(?<![\w.~-])[\w.~]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/g,
  },
  { kind: 'DigitalOcean token', clues: ['_v1_'], pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { kind: 'Hugging Face token', clues: ['hf_'], pattern: /\bhf_[A-Za-z0-9]{30,40}\b/g },
  { kind: 'Docker Hub token', clues: ['dckr_'], pattern: /\bdckr_[op]at_[\w-]{20,}/g },
  { kind: 'Databricks token', clues: ['dapi'], pattern: /\bdapi[a-f0-9]{32}\b/g },
  {
    kind: 'Shopify token',
    clues: ['shp'],
    pattern: /\bshp(?:at|ca|pa|ss)_[a-f0-9]{32}\b/gi,
  },
  { kind: 'Grafana token', clues: ['glsa_'], pattern: /\bglsa_[A-Z0-9]{32}_[a-f0-9]{8}\b/gi },
  { kind: 'New Relic key', clues: ['NRAK-'], pattern: /\bNRAK-[A-Z0-9]{27}\b/g },
  { kind: 'Telegram token', clues: [':AA'], pattern: /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { kind: 'age key', clues: ['AGE-SECRET'], pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}\b/g },
  { kind: 'Pulumi token', clues: ['pul-'], pattern: /\bpul-[0-9a-f]{40}\b/g },
  { kind: 'Honeycomb key', clues: ['hcai', 'hcbi'], pattern: /\bhc[ab]i[ckl]_[a-z0-9]{58}\b/g },
  { kind: 'Mailgun key', clues: ['key-'], pattern: /(?<![\w-])key-[0-9a-f]{32}\b/g },
  { kind: 'Terraform token', clues: ['atlasv1'], pattern: /(?<![\w.])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}/g },
  {
    kind: 'Discord webhook',
    clues: ['discord'],
    pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{1,32}\/(?<secret>[\w-]{20,})/g,
  },
  {
    kind: 'Zapier webhook',
    clues: ['zapier'],
    pattern: /hooks\.zapier\.com\/hooks\/catch\/(?<secret>\d{1,16}\/[\w-]{5,})/g,
  },
] as const satisfies readonly Format[];
