import type { Credential } from './credential.ts';
import { detectCredential, detectStated } from './detect.ts';
import { detectFormat } from './detect-format.ts';
import { looksRandom } from './strength.ts';

/** A credential in a line, with the key it stands under where it has one. */
export interface LineFinding extends Credential {
  readonly key?: string;
}

/** A finding with its key, unless that may be a credential itself: it stands in somebody's text. */
export function withKey(key: string | undefined, found: Credential): LineFinding {
  return key === undefined || looksRandom(key) || detectFormat(key) !== undefined ? found : { key, ...found };
}

/** `"shop",`, `user,`: what is given before the password. */
const argument = String.raw`(?:"[^"]{0,256}"|'[^']{0,256}'|[^\s,()"']{1,128})\s?,\s{0,4}`;
const user = String.raw`(?!.anonymous.)(?:"[\w.@+-]{1,128}"|'[\w.@+-]{1,128}')\s?,\s{0,4}`;
const password = String.raw`(?:"(?<value>[^\s"$]{3,256})"|'(?<single>[^\s'$]{3,256})')`;

/** Calls of libraries that take a password at a place: behind the user, or behind an address and the user. */
const logins: readonly RegExp[] = [
  new RegExp(
    String.raw`(?:(?:\.|->|::)login|\bauth\s?=\s?|\bdb\.auth|\bNetworkCredential|\bHTTP(?:Basic|Digest)Auth|\b[sS]etBasicAuth|\bUsernamePasswordCredentials|\bPlainTextAuthProvider|\bcreateAccount)\(\s{0,4}${user}${password}`,
  ),
  new RegExp(
    String.raw`\b(?:new\s{1,4}PDO|new\s{1,4}mysqli|mysqli?_(?:real_|p)?connect|DriverManager\.getConnection|DBI->connect|(?:MySQLdb|pymysql)\.connect)\(\s{0,4}${argument}${argument}${password}`,
  ),
  // What signs the tokens, behind what is signed.
  new RegExp(
    String.raw`\b(?:jwt|jsonwebtoken)\.(?:sign|verify|encode|decode)\([^"'\n]{1,256},\s{0,4}${password}`,
  ),
  // Of Django: the user, an address, the password.
  new RegExp(
    String.raw`\bcreate_(?:super)?user\(\s{0,4}${argument}["'][^\s"'@]{1,64}@[^\s"'@]{1,256}["']\s?,\s{0,4}${password}`,
  ),
];

/** Whether a text may hold one of these calls. */
function mayLogIn(text: string): boolean {
  return (
    text.includes('(') &&
    /(?:login|auth ?= ?|db\.auth|jwt\.\w{4,6}|jsonwebtoken\.\w{4,6}|Credentials?|BasicAuth|AuthProvider|DigestAuth|PDO|mysqli|onnect(?:ion)?|createAccount|create_(?:super)?user)\(/.test(
      text,
    )
  );
}

/** Whether a text may hold one of the lines below. */
export function mayDirect(text: string): boolean {
  if (text.includes(':') && /:(?:(?:\d{3,5}|\*):|[\da-f]{32}(?![\da-f]))|^user=[^\s:]{1,64}:/m.test(text))
    return true;
  if (mayLogIn(text)) return true;
  return (
    text.includes(' ') &&
    /\s>\S|\s#[\da-f]{64}|\sMD5\s|\sAES\d|\sSHA\d|SecureString\s|\s(?:EAP|XAUTH|NTLM|(?:RSA|ECDSA|PKCS8|P12)\s{1,4}\S{1,256})\s"|password\sis\s|LoginModule\s|sqlplus\s|expdp\s|impdp\s|sqlldr\s|rman\s|insert\sinto\s|value[\s=]{1,4}'|\]:\d{1,5}\s|\bmc\s|\sidentified\s|passwd\s|rabbitmqctl|auth-pass|insecure-password|stats\s{1,4}auth|sudo\s|kinit|\sset\s|["']echo\s|createUser\s|community6?\s|\spass:|\slogin=|\[(?:admins|users)\]\s|\bnet\suser?\s|unseal\s|clear-text=/i.test(
      text,
    )
  );
}

/** Words after words, without a sign between them that would tell a name from a value. */
const directives: readonly RegExp[] = [
  // redis.conf, and an ACL file of Redis.
  /^(?<key>requirepass|masterauth)\s{1,16}(?<value>\S+)$/i,
  /^user\s{1,4}\S{1,128}\s[^>]{0,512}?\s?>(?<value>[^\s>]{3,256})/,
  /^user\s{1,4}\S{1,128}\s[^#]{0,512}?\s#(?<value>[\da-f]{64})(?:\s|$)/,
  /^sentinel\s{1,4}(?<key>auth-pass)\s{1,4}\S{1,128}\s{1,4}(?<value>\S{3,256})$/i,
  // .netrc, on one line; .pgpass; a password map of Postfix.
  /\slogin\s{1,4}\S{1,128}\s{1,4}(?<key>password)\s{1,4}(?<value>\S+)/,
  // Addresses of IPv6 have colons, too, and shadow(5) has numbers.
  /^(?!(?:[\da-f]{0,4}:)+[\da-f]{0,4}$)[^\s:]{1,256}:(?:\d{3,5}|\*):(?!\d{1,128}:)[^\s:]{1,128}:[^\s:]{1,128}:(?<value>\S{3,256})$/i,
  /^\[[\w.-]{1,256}\](?::\d{1,5})?\s{1,16}[\w.@+-]{1,128}:(?<value>\S{3,256})$/,
  // strongSwan; Squid; HAProxy.
  /:\s{1,4}(?:(?<key>PSK|EAP|XAUTH|NTLM)|(?:RSA|ECDSA|PKCS8|P12)\s{1,4}\S{1,256})\s{1,4}"(?<value>[^"]{3,256})"/,
  /^cache_peer\s[^=]{1,512}\s(?<key>login)=[^\s:*]{1,128}:(?<value>\S{3,256})/,
  /^user\s{1,4}\S{1,128}\s{1,4}(?<key>insecure-password)\s{1,4}(?<value>\S{3,256})/,
  /^stats\s{1,4}(?<key>auth)\s{1,4}[^\s:]{1,128}:(?<value>\S{3,256})$/,
  // OpenLDAP; a mail client such as fetchmail.
  /\bbindmethod=simple\s[^\n]{0,512}?\b(?<key>credentials)=["']?(?<value>[^\s"']{3,256})/,
  /(?:^|\s)user(?:name)?\s{1,4}\S{1,128}\s{1,4}(?<key>pass(?:word)?)\s{1,4}["']?(?=[^\s"']{0,255}\d)(?<value>[^\s"']{3,256})/,
  // Apache's htdigest; SNMP.
  /^(?:- )?["']?[\w.@-]{1,64}:[A-Z][\w.-]{0,63}:(?<value>[\da-f]{32})["']?$/i,
  /^createUser\s{1,4}(?:-e\s{1,4}\S{1,64}\s{1,4})?\S{1,128}\s{1,4}(?:MD5|SHA[\d-]{0,8})\s{1,4}["']?(?<value>[^\s"']{3,256})/i,
  /^(?:r[ow]community6?|snmp-server\s{1,4}community)\s{1,4}(?!public\b)["']?(?<value>[^\s"']{3,256})/,
  // Users of a relay for calls (coturn); supervisord has a user and its group there.
  /^user=(?<user>[\w.@-]{1,64}):(?!\k<user>$)(?=[^\s:]{0,255}[a-zA-Z])(?=[^\s:]{0,255}(?:\d|[a-z][A-Z]))(?<value>[^\s:]{3,256})$/,
  // Keys of NTP (chrony, ntpd); a hash of a file is as long as its algorithm says.
  /^\d{1,5}\s{1,4}(?:MD5|SHA\d{1,3}|AES\d{3})\s{1,4}(?<value>(?:HEX:|ASCII:)\S{3,256}|(?![\da-fA-F]{32})\S{3,64})$/,
  // Routers and switches (FRR, IOS): in the clear, or in what can be turned back.
  /^(?:username\s{1,4}\S{1,128}\s{1,4}(?:privilege\s{1,4}\d{1,2}\s{1,4})?|enable\s{1,4})?(?<key>password|secret|key)\s{1,4}[057]\s{1,4}(?<value>\S{3,256})$/,
  /^(?:radius|tacacs)-server\s[^\n]{1,256}\s(?<key>key)\s{1,4}(?:\d\s{1,4})?(?<value>\S{3,256})$/,
  /\s(?:authentication|message-digest)-(?<key>key)\s{1,4}\d{1,5}\s{1,4}md5\s{1,4}(?:[07]\s{1,4})?(?<value>\S{3,256})/,
  /^crypto\s{1,4}isakmp\s{1,4}(?<key>key)\s{1,4}(?:[06]\s{1,4})?(?<value>\S{3,256})\s{1,4}(?:address|hostname)\s/,
  /^(?<key>key-string)\s{1,4}(?:[07]\s{1,4})?(?<value>\S{3,256})$/,
  // WPA.
  /^(?<key>psk)="(?<value>[^"]{8,63})"$/,
  // What people tell each other; a word of prose has no capital and digit in it.
  /\bpassword is ["'`]?(?=[^\s,;]{0,64}[a-z])(?=[^\s,;]{0,64}[A-Z])(?=[^\s,;]{0,64}\d)(?!SHA|MD5|Base64|UTF|AES|Argon)(?<value>[^\s"'`,;]{8,64})/,
  // SQL.
  /\b(?:create|alter)\s{1,4}user\s{1,4}\S{1,128}\s{1,4}identified\s{1,4}by\s{1,4}"?(?!values\b|externally\b)(?<value>[a-z][\w#$]{2,127})(?!\w)/i,
  /\bidentified\s{1,4}(?:with\s{1,4}\S{1,64}\s{1,4})?by\s{1,4}(?<value>'[^']{1,256}')/i,
  /(?<=[\s,(])(?<key>password)\s{1,4}(?<value>'[^']{1,256}')/i,
  /\b(?<key>(?:(?:set|with)\w{0,32})?password|crypt)\(["'](?<value>[^"'\\]{3,256})["']\s?[,)]/i,
  /\bConvertTo-(?<key>SecureString)\s{1,4}(?:-String\s{1,4})?["'](?<value>[^"'$]{3,256})["']/,
  // `aws configure set aws_secret_access_key …`, `npm config set …`, `redis-cli CONFIG SET …`.
  /\bconfig(?:ure)?\s{1,4}set\s{1,4}(?<name>[\w./:-]{1,256})\s{1,4}["']?(?<value>[^\s"';]{3,256})/i,
  // `consul kv put shop/db/password …`, `etcdctl put …`.
  /\b(?:consul\s{1,4}kv|etcdctl)\s{1,4}put\s{1,4}(?<name>[\w./:-]{1,256})\s{1,4}["']?(?<value>[^\s"';]{3,256})/,
  // Command lines whose password stands at a place and under no flag.
  /\b(?:echo|printf)\s{1,4}(?:-n\s{1,4})?["']?(?:[\w.-]{1,64}:)?(?<value>[^\s"'|:]{3,256})["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?(?<key>(?:chpasswd|passwd|kinit)\b|[\w./-]{0,128}search-keystore(?=\s{1,4}add\b)|sudo(?=(?:\s{1,4}[\w-]{1,64}){0,8}\s{1,4}(?:-[A-Za-z]{0,8}S|--stdin)\b))/,
  /\b(?<key>openssl\s{1,4}passwd)\s{1,4}(?:-[a-z\d]{1,8}\s{1,4}){0,4}["']?(?<value>[^-\s'")$][^\s'")]{2,255})/,
  /\brabbitmqctl\s{1,4}(?<key>add_user|change_password)\s{1,4}\S{1,128}\s{1,4}["']?(?<value>[^\s'"$;]{3,256})/,
  /\b(?<key>mosquitto_passwd)\s{1,4}(?:-c\s{1,4})?-b\s{1,4}\S{1,256}\s{1,4}\S{1,128}\s{1,4}["']?(?<value>[^\s'"$;]{3,256})/,
  /\s(?<key>-pass(?:in|out)?)\s{1,4}["']?pass:(?<value>[^\s'"]{3,256})/,
  /\bpassword-(?<key>command)[\s=]{1,4}["']echo\s{1,4}(?<value>[^\s"']{3,256})["']/i,
  /\becho\s{1,4}(?:-n\s{1,4})?["']?(?<value>[^\s"'|]{3,256})["']?\s{0,4}\|[^|]{0,512}--(?<key>password-stdin)\b/,
  /\b(?<key>htpasswd)\s{1,4}-[AC-Zac-z]{0,8}b[A-Za-z]{0,8}\s{1,4}(?:[^\s'"]{1,256}\s{1,4}){1,2}["']?(?<value>[^\s'"]{3,256})["']?$/,
  /\brole_id=\S{1,256}\s{1,4}(?<key>secret_id)=["']?(?<value>[^\s"'$@]{3,256})/,
  // WildFly.
  /<(?<key>credential-reference)\s[^<>]{0,512}?clear-text="(?<value>[^"]{3,256})"/,
  // Windows.
  /\bnet\s{1,4}user\s{1,4}[\w.@-]{1,64}\s{1,4}(?<value>[^\s/%$*-]\S{2,127})\s{1,4}\//i,
  /\bnet\s{1,4}use\s[^\n]{0,256}?\/(?<key>user):\S{1,128}\s{1,4}["']?(?<value>[^\s"'/%$*][^\s"']{2,127})/i,
  /\boperator\s{1,4}(?<key>unseal)\s{1,4}(?<value>[\w+/]{43,88}={0,2})(?=\s|$)/,
  ...logins,
  /\b(?<key>sqlplus|expdp|impdp|sqlldr|rman)\s{1,4}(?:(?:-[a-zA-Z]{1,8}|target)\s{1,4}){0,4}(?:userid=)?\w{1,64}\/(?<value>[^\s@/"'$]{3,64})(?:@|(?<=userid=\S{1,128})(?=\s|$))/,
  /\bmc\s{1,4}(?:(?:alias\s{1,4}set|config\s{1,4}host\s{1,4}add)\s{1,4}\S{1,64}|admin\s{1,4}user\s{1,4}add)\s{1,4}\S{1,256}\s{1,4}\S{1,128}\s{1,4}["']?(?<value>[^\s'"]{3,256})/,
];

/** Finds the password in a line of a file or command whose words have their meaning by their place. */
export function scanDirective(line: string): LineFinding | undefined {
  for (const directive of directives) {
    const groups = directive.exec(line)?.groups;
    if (groups === undefined) continue;
    const value = (groups['value'] ?? groups['single'] ?? '').replace(/^'|'$|;$/g, '');
    const key = groups['name'] ?? groups['key'];
    const found = detectCredential({ name: groups['name'] ?? 'password', value });
    if (found !== undefined) return withKey(key, found);
  }
  return scanInsert(line) ?? scanUpdate(line) ?? scanAsked(line);
}

/** `INSERT INTO users (name, password) VALUES ('ops', 'tulip')`: the value stands where its column does. */
const insert =
  /\binsert\s{1,4}into\s[^(]{1,256}\((?<columns>[^()]{1,1024})\)\s{0,4}values\s{0,4}\((?<values>[^()]{1,4096})\)/i;

function scanInsert(line: string): LineFinding | undefined {
  const { columns = '', values = '' } = insert.exec(line)?.groups ?? {};
  const names = columns.split(',').map((column) => column.replace(/[`"[\]\s]+/g, ''));
  const cells = textsOf(values);
  for (const [index, name] of names.entries()) {
    const value = cells[index];
    const found = value === undefined ? undefined : detectCredential({ name, value });
    if (found !== undefined) return withKey(name, found);
  }
  return shownTable.test(line) ? undefined : scanSettings(line, names);
}

/** A table of what a page shows. */
const shownTable = /^insert\s{1,4}into\s{1,4}\S{0,128}(?:translat|i18n|locale|message|label|lang|text)/i;

/** `INSERT INTO settings (name, value) VALUES ('smtp_password', 'tulip')`: what a row is called and what it says. */
function scanSettings(line: string, columns: readonly string[]): LineFinding | undefined {
  const nameAt = columns.findIndex((column) =>
    /(?:^|_)(?:name|key|path|option|setting|param(?:eter)?|code)$/i.test(column),
  );
  const valueAt = columns.findIndex((column) => /(?:^|_)val(?:ue)?$/i.test(column));
  if (nameAt < 0 || valueAt < 0) return undefined;
  for (const [, row = ''] of line.matchAll(
    /(?<=values\s{0,4}|\)\s{0,4},\s{0,4})\((?<row>[^()]{1,4096})\)/gi,
  )) {
    const cells = textsOf(row);
    const [name = '', value = ''] = [cells[nameAt], cells[valueAt]];
    const found = detectCredential({ name, value });
    if (found !== undefined) return withKey(name, found);
  }
  return undefined;
}

/** What stands in quotes in a row of values, by its place. */
function textsOf(row: string): readonly (string | undefined)[] {
  const cells = row.match(/(?:[^,']|'[^']{0,4096}')+/g) ?? [];
  return cells.map((cell) => /^\s{0,16}'([^']{3,4096})'\s{0,16}$/.exec(cell)?.[1]);
}

/** `UPDATE settings SET value = 'tulip' WHERE name = 'smtp_password'`. */
const update =
  /\sset\s[^;']{0,256}?val(?:ue)?[`"\]]?\s{0,4}=\s{0,4}'(?<value>[^']{3,4096})'[^;]{0,512}?\swhere\s[^;']{1,256}?=\s{0,4}'(?<key>[\w./-]{3,256})'/i;

function scanUpdate(line: string): LineFinding | undefined {
  if (!/\bupdate\s/i.test(line)) return undefined;
  const { key, value } = update.exec(line)?.groups ?? {};
  const found = key === undefined || value === undefined ? undefined : detectCredential({ name: key, value });
  return found === undefined ? undefined : withKey(key, found);
}

/** `if ($http_x_api_key != "tulip7")` of NGINX: what a request must have. */
const asked =
  /\$(?:http|arg|cookie)_(?<key>\w{1,128})\s{0,4}!?=\s{0,4}["']?(?<value>[^\s"'(){}$]{3,256})["']?\s{0,4}\)/;

function scanAsked(line: string): LineFinding | undefined {
  const { key, value } = asked.exec(line)?.groups ?? {};
  const found = key === undefined || value === undefined ? undefined : detectStated(key, value);
  return found === undefined ? undefined : withKey(key, found);
}

/** The last two words of a line of a few: `password Tulip99`, `proxy_set_header X-Api-Key "…";`, `stats auth a:b`. */
const lastWords =
  /^(?:[\w.:-]{1,128}\s{1,16}){0,2}(?<key>\$?[A-Z][\w.-]{1,127})\s{1,16}(?:"(?<double>[^"]{1,4096})"|'(?<single>[^']{1,4096})'|(?<bare>[^\s"';]{3,4096}));?$/i;

/** A word and its value at the end of a line. What could be prose needs a sign that no word has. */
export function scanLastWords(line: string): LineFinding | undefined {
  const { key, double, single, bare } = lastWords.exec(line)?.groups ?? {};
  const value = double ?? single ?? bare;
  if (key === undefined || value === undefined) return undefined;
  if (bare !== undefined && /^(?:[-$]|<<)|[:,.?!()<>{}]$/.test(bare)) return undefined;
  const found = detectCredential({ name: key, value });
  if (found === undefined) return undefined;
  const isWord = /^(?:[a-z]+-)*[a-z]+$/i.test(value) && !/-[A-Z]/.test(value);
  const mayBeProse =
    isWord && !(bare === undefined && line.endsWith(';')) && !isSetting(line, key, bare === undefined);
  return found.evidence === 'name' && found.kind === 'password' && mayBeProse
    ? undefined
    : withKey(key, found);
}

/** `rootpw tulip`, `tls.keyStorePassword tulip`, `rcon_password "tulip"`: no sentence begins like that. */
function isSetting(line: string, key: string, isQuoted: boolean): boolean {
  return (
    line.startsWith(key) &&
    (/[a-z](?:pw|pwd|pass)$|\w\.\w/i.test(key) || (isQuoted && /[a-z]_pass(?:word|wd)$/i.test(key)))
  );
}
