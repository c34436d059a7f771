import { textInBase64 } from '../base64.ts';
import { foreign, withoutAccents } from './languages.ts';

/** Longest value that is looked at closely; anything longer is a document and not a word. */
const longestWord = 4096;

/** Stands for a value that comes from elsewhere: templates, variables, the syntax of secret managers. */
const references = new RegExp(
  [
    String.raw`^\$[({]|^\$(?:[A-Z_][A-Z0-9_]*|[a-z_-]{0,64}(?:pass|pw|token|secret|key)[a-z_-]{0,64})$|^\$[A-Za-z_]\w*(?:[\s[{]|-(?:>|$)|::)`, // $(VAR) ${VAR} $VAR, before a command, $this->x, $ENV{x} and Grafana's $__file{x}
    String.raw`^\$(?:env|global|script|using):\w+$|^\\u0024[({]`, // PowerShell, escaped
    String.raw`\$\{[^}]{0,256}\}|\$\([A-Za-z_][^)]{0,256}\)|\{\{|<%`, // … anywhere, Helm, Jinja, ERB
    String.raw`^%{1,2}[A-Za-z_][\w:.]*%{1,2}$|^%env\(|^%[\w.]{1,64}%\/|^@\{[a-z]\w*:|^@{1,2}[A-Za-z_.]+@{1,2}$|^__\w+__$|^[#%]\{|^%[A-Za-z]{1,3}\{|^\[\[`, // Windows, Datadog, Symfony, Telegraf, Maven, Azure pipelines, Logstash, Log4j
    String.raw`^(?:vault|secret|secrets|secretref|ref|ref\+[a-z]+|op|(?:aws)?sm|(?:aws|gcp)?secrets?manager|gcpsm|ssm|aws|gcp|azure|keyvault|keyring|keychain|env|k8s|file|kms|conjur|doppler|infisical|bao|sops|bws|akeyless|sealed|arn|data):`,
    String.raw`^(?:ENC|enc|DEC|dec)[[(]|^\{cipher\}|^\$ANSIBLE_VAULT`, // sops, Jasypt, Spring, Ansible
    String.raw`^!(?:vault|secret|env(?:_var)?|file|include|ref|sub|getatt)\b`, // YAML tags of Ansible, Home Assistant, CloudFormation
    // Rails; OpenPGP, whose first packet says for which key.
    String.raw`^[\w+/]{16,}={0,2}--[\w+/]{16}--[\w+/]{22}==$|^(?:wc[BF]|hQ[EI])MA[\w+/]{60,}`,
    // AWS CodeBuild: a Secret and which of its keys.
    String.raw`^[\w-]{1,64}(?:\/[\w-]{1,64}){1,8}:(?:[\w-]{0,32}[_-])?(?:password|passwd|secret|token|key|username)$`,
    // Sealed Secrets begin with the length of an RSA key (512 or 256 bytes), AWS KMS with its version.
    String.raw`^A[gQ][A-D][\w+/]{300,}|^AQ[EI]CAH[\w+/]{100,}`,
    String.raw`^(?:projects|secretmanager|secrets?|kv)\/|^[\w-]{1,64}\/(?:data|creds|issue)\/|^@Microsoft\.KeyVault|^resolve:`,
    String.raw`^(?:process\.env|os\.environ|os\.getenv|System\.getenv|ENV\[|ENV\.fetch|getenv|env\()`,
    String.raw`^(?:sha256|sha384|sha512|sha1|md5):[a-f0-9]+$`,
    String.raw`^\*[A-Za-z]`, // YAML alias
    String.raw`^\$[a-z][a-z-]*(?:[.:][A-Za-z-]+){1,8}$`, // Argo CD
    String.raw`^%\(\w|^%\[|^%(?:\d\$)?[dqsv]$`, // Python's ConfigParser, HAProxy, printf
    String.raw`^\\[SswWdDb][+*.]?`, // A regular expression
  ].join('|'),
);

/** Says that something is to be put here, or that it was taken away. */
const placeholders = new RegExp(
  [
    String.raw`^[<[{(].*[>\]})]$`,
    String.raw`^your[a-z_ .-]*$|^(?:insert|enter|add|put|replace|fill|set|provide|specify|paste)[-_ .]`,
    String.raw`^(?:replace|fill|insert)[-_ ]?(?:me|this|it|in)$|(?:^|[-_])(?:goes|it|this|something|value|string|text|keys?|tokens?|secret|pass|passwd|password|pw|credentials?)[-_]here$`,
    String.raw`^\(?(?:redacted|masked|hidden|removed|omitted|sanitized|censored|filtered|snip(?:ped)?|unset|dummy|placeholder|sample|todo|tbd|fixme|n\/a|xxx|foo|bar|baz|foobar)\)?$`,
    String.raw`redacted|placeholder|change[-_]?this[-_]?to`,
    String.raw`^(?:example|sample|dummy|fake)[-_ ]|^[\w-]{0,16}(?:\.{3}|…)$`,
  ].join('|'),
  'i',
);

/** Words that answer a question about a credential; schema types; names of algorithms. */
const words = new RegExp(
  `^(?:${[
    '[yntf]|true|false|yes|no|on|off|none|null|nil|undefined|empty|blank|enabled?|disabled?|auto|default|always|never',
    'required|optional|allowed|allow|deny|string|str|text|bytes|integer|int|number|object|array|boolean|bool|any|prompt',
    'internal|external|builtin|inherit|manual|random|generated?|plain|plaintext|password_?hash|basic|digest|bearer|jwt',
    'oauth2?|oidc|saml|ldap|kerberos|gssapi|mtls|tls|ssl|cert|certificate|trust|md5|scram-sha-(?:1|256|512)|bcrypt|scrypt',
    'argon2(?:id|i|d)?|pbkdf2|s?sha|smd5|(?:md5|sha(?:256|512))-crypt|ntlm|sha-?(?:1|224|256|384|512)|[rhep]s(?:256|384|512)|eddsa|rsa|ecdsa|ed25519|hmac',
    'aes-?(?:128|192|256)(?:-?(?:gcm|cbc|ctr))?|rsa-oaep(?:-256)?|file|env|kubernetes|k8s|vault|aws|gcp|azure|header|query|cookie',
  ].join('|')})!?$`,
  'i',
);

/** Where accounts come from: nsswitch.conf(5), whose first database is `passwd`. */
const accountSources = /^(?:(?:files|compat|db|nis|ldap|sss|systemd|winbind)(?:\s+|$))+$/;

/** Numbers, durations, sizes, dates, versions, colors. */
const amount =
  /^[+-]?\d+(?:[.,_]\d+)*%?$|^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|[smhdwy]|sec|min|hr))+$|^\d+(?:\.\d+)?\s?[kmgtpe]?i?b?$|^\d{4}-\d\d-\d\d|^\d+\.(?:second|minute|hour|day|week|month|year)s?$|^[~^]\d+(?:\.\d+){1,3}$|^#[\da-f]{3,8}$/i;

/**
 * Public keys, certificates, addresses of contracts, and keys that their vendors put into pages and apps: Stripe and
 * Clerk, Mapbox, PostHog, Supabase, Datadog, LaunchDarkly, Braintree.
 */
const publicText = new RegExp(
  [
    String.raw`^-----BEGIN (?:CERTIFICATE|[A-Z ]{0,20}PUBLIC KEY|PGP PUBLIC)|^LS0tLS1CRUdJTi(?:BDRVJUSUZJ|BQVUJMSUMg)`,
    String.raw`^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S{1,30}|sk-ssh-\S{1,40}) AAAA|^0x[\da-fA-F]{40}$`,
    String.raw`^pk_(?:live|test)_|^pk\.eyJ|^phc_[A-Za-z0-9]{30,}$|^sb_publishable_|^pub[\da-f]{32}$`,
    // An integration of Duo.
    String.raw`^DI[A-Z\d]{18}$`,
    String.raw`^mob-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$|^(?:production|sandbox)_[a-z\d]{8}_[a-z\d]{16}$`,
  ].join('|'),
);

const path =
  /^@?(?:(?:[a-z]{2,10}:|\$[A-Za-z_]\w{0,63})?\/|\.{1,2}\/|~\/|[A-Za-z]:[\\/]|\\\\)[^\s,;=&|]*$|^[\w.-]+(?:\/[\w.-]+)*\.(?:txt|json|ya?ml|pem|key|crt|cer|p12|pfx|jks|env|conf|cfg|ini|toml|properties|xml|sh|py|js|ts|go|md|log|sock|db)$/;
const url = /^[a-z][a-z0-9+.-]*:\/\//i;
/** `get_token()`, `os.environ["X"]`, `self.token`, `req.headers.token`: program text inside a ConfigMap. */
const code = new RegExp(
  [
    String.raw`^[A-Za-z_][\w.]*(?:(?:::|->)\w+)*[!?]?[([].*[)\]];?$|^[a-z_]\w*\(["':$]`,
    // Cut off where the first argument ends: `JWT.encode(claims`, `answer[`, `parts[1`.
    String.raw`^[A-Za-z_]\w*(?:(?:\.|::|->)\w+)*[!?]?[([][A-Za-z_.=$]*$|^[a-z_]+\[-?\d$`,
    String.raw`^[a-zA-Z_]+(?:\.[a-zA-Z_]+)+$`,
    // What a form asks of a field: `required|string|min:8`.
    String.raw`^(?:required|nullable|sometimes|bail|string|confirmed)\|[\w:,.|]+$`,
    String.raw`^(?:function|new|return|lambda|async|await)(?:\s|$)|=>`,
    // An attribute of a directory.
    String.raw`^(?:userPassword|unicodePwd)$`,
    // PowerShell.
    String.raw`^(?:Get|Read|New|Import)-[A-Z][A-Za-z]+(?:\s|$)|^Convert(?:To|From)-SecureString(?:$| (?:-String )?\$)`,
  ].join('|'),
);

/** In a Secret: what sops has encrypted, what a template or an operator will put there, and where nothing is written yet. */
const standsIn =
  /^(?:ENC\[|<[^>]{1,80}>$|\$\{|\$[A-Z_][A-Z\d_]*$|\{\{|(?:vault|op|ref\+[a-z]{1,32}|arn:aws[\w-]{0,16}:(?:secretsmanager|ssm)):\S+$|([xX*.])\1{2,}$)/;

/**
 * Whether an entry of a Secret holds what nobody may read: not a reference, a mask, or a certificate, which is for
 * everybody. Never throws.
 *
 * @param value as it is written, in base64 where the field is `data`
 * @example holdsSecret('stringData', 'vault:secret/data/orders#key') // false
 */
export function holdsSecret(field: 'data' | 'stringData', value: string): boolean {
  if (value === '' || standsIn.test(value)) return false;
  const plain = field === 'data' ? (textInBase64(value) ?? value) : value;
  return (
    !standsIn.test(plain) &&
    (!plain.startsWith('-----BEGIN CERTIFICATE-----') || plain.includes('PRIVATE KEY'))
  );
}

/**
 * Whether a value only stands for another one: `$(VAR)`, `{{ .Values.x }}`, `<your-token>`, `****`, `vault:…`,
 * `ENC[…]`, `REDACTED`. Never throws.
 *
 * @example
 * isPlaceholder('${DB_PASSWORD}'); // true
 */
export function isPlaceholder(value: string): boolean {
  if (value.length > longestWord) return false;
  return references.test(value) || placeholders.test(value) || isFiller(value);
}

/** `xxxx`, `****`, `x-xxx`, `<…>` without letters: nothing to read, one character, or two but for short words (`odoo`). */
export function isFiller(value: string): boolean {
  return (
    value.length > 2 &&
    (new Set(value.slice(0, 64).toLowerCase()).size <=
      (value.length < 8 && /^[\p{L}\p{N}]*$/u.test(value) ? 1 : 2) ||
      !/[\p{L}\p{N}]/u.test(value)) &&
    !/^\d+$/.test(value)
  );
}

/**
 * Whether a value is an ordinary setting even under a telling name: booleans, amounts, paths, plain URLs, public
 * keys and certificates, sentences, program text. Never throws.
 *
 * @example
 * isOrdinary('/etc/tls/tls.key'); // true
 * isOrdinary('15m'); // true
 */
export function isOrdinary(value: string): boolean {
  if (value.length > longestWord) return publicText.test(value);
  return (
    words.test(value) ||
    accountSources.test(value) ||
    amount.test(value) ||
    publicText.test(value) ||
    url.test(value) ||
    (path.test(value) && !hasRandomSegment(value)) ||
    code.test(value) ||
    isSentence(value) ||
    isOptions(value)
  );
}

/** etcd's auth-token says how tokens are made: `jwt,priv-key=/certs/jwt.pem,sign-method=RS256,ttl=10m`. */
function isOptions(value: string): boolean {
  const [kind = '', ...options] = value.split(',');
  return (
    /^[a-z]{1,32}$/.test(kind) &&
    options.length > 0 &&
    options.every((option) => isOrdinary(/^[\w-]{1,64}=([^=]*)$/.exec(option)?.[1] ?? ''))
  );
}

/** One base64 character in 64 is a slash: a key that begins with one is not a path. */
function hasRandomSegment(value: string): boolean {
  return value
    .split(/[/\\]/)
    .some((part) => /[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part) && part.length >= 12);
}

/** `Password`, `Passwort wiederholen:`, `Forgot your password?`, `Nouveau mot de passe`: begins with a capital, has no digit. */
const formLabel = new RegExp(
  String.raw`^(?:Pass|(?:[\p{L}'’]{1,32} ){0,6}(?:Password|Passphrase|Passcode|Mot de passe|${foreign.password})(?: [\p{L}'’]{1,32}){0,6})(?:[:?*.!…]|\.{3})?$`,
  'iu',
);

/** Whether a text is a piece of program text: `args.password`, `get_token(`. Never throws. */
export function isCode(text: string): boolean {
  return text.length <= longestWord && code.test(text);
}

/** Whether a text is a call of program text: `get_token(user)`. Never throws. */
export function isCall(text: string): boolean {
  return /^[a-z_][\w.]*\(.*\);?$/i.test(text);
}

/**
 * Whether a text is what a form shows for a password: words, or a sentence of words. Never throws.
 *
 * @param isVariable no form is in a variable: there only what a password is called, such as `Пароль`
 */
export function isFormLabel(text: string, isVariable = false): boolean {
  if (isVariable) return !/^[a-z]/.test(text) && formLabel.test(withoutAccents(text));
  // Where there are no capitals, or none of ASCII: `パスワード`, `Пароль`.
  if (/^(?:(?![A-Za-z])\p{L}\p{M}*)+(?: (?:(?![A-Za-z])\p{L}\p{M}*)+){0,6}[:?*.!…：？！。]?$/u.test(text))
    return true;
  // With how many letters it takes: `8文字以上で入力してください`.
  if (text.length >= 8 && /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{P}\d\s]+$/u.test(text))
    return (text.match(/\p{L}/gu)?.length ?? 0) >= 6;
  return (
    /^\p{Lu}/u.test(text) &&
    (formLabel.test(withoutAccents(text)) || /^[\p{L}'’]+(?:,? [\p{L}'’]+){2,}[.?!…]$/u.test(text))
  );
}

/** `Lemon tart 9`: two words and a number are no sentence, but where they say what the number is of. */
const numbered =
  /^(?!(?:min|max|at|version|step|page|level|error|part|type|line|port)[a-z]* )\p{Lu}\p{L}{1,15} (?!(?:length|least|most|than|to|of|is|version|level|step) )\p{L}{2,16} \d{1,4}$/iu;

/** Prose has spaces and ends like a sentence, begins like one, or goes on. */
function isSentence(value: string): boolean {
  const spaces = value.split(/\s+/).length - 1;
  if (numbered.test(value)) return false;
  // `8 characters or more`.
  if (/^\d{1,3}\+? (?:characters|digits|letters|symbols|days|hours|minutes)(?: [a-z]+)*[.!]?$/.test(value))
    return true;
  // `Managed externally`, `Too short`.
  if (spaces > 0 && /^[A-Z][a-z]+(?: [a-z]+)+[.?!]?$/.test(value)) return true;
  return spaces > 4 || (spaces > 1 && /^\p{Lu}[\p{L}'’]*\s|[.:?!]$/u.test(value));
}
