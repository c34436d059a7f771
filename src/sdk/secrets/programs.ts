import type { Credential } from './credential.ts';
import { detectCredential, type NamedValue } from './detect.ts';

/** A credential that a program takes under a flag too short to say so. */
export interface FlagFinding extends Credential {
  readonly key: string;
}

/** How a program takes its password. */
interface PasswordFlag {
  readonly flag: string;
  /** `-psecret`: in the same word. */
  readonly isAttached: boolean;
  /** `-p secret`: in the next word. */
  readonly isNext: boolean;
  /** Between user and password, where the flag takes both: `user:password`. */
  readonly afterUser?: ':' | '%' | ',';
  /** The flag means this only with a subcommand: `docker login -p`, while `docker run -p` is a port. */
  readonly subcommand?: string;
  /** `-fsku`: the flag at the end of others that take no value. */
  readonly behind?: RegExp;
}

const attached = { isAttached: true, isNext: false };
const next = { isAttached: false, isNext: true };
const both = { isAttached: true, isNext: true };

/** From the programs' manual pages. An empty list: the flags that follow belong to this one and hold nothing. */
const programs: readonly (readonly [names: RegExp, flags: readonly PasswordFlag[]])[] = [
  // `-p` alone asks; the word after it is the database.
  [/^(?:mysql(?!d(?:_|-|$))|mariadb(?!d$))[a-z_-]{0,32}$/, [{ flag: '-p', ...attached }]],
  [/^(?:redis|valkey|keydb)-(?:cli|benchmark)$/, [{ flag: '-a', ...next }]],
  [/^sshpass$/, [{ flag: '-p', ...both }]],
  [
    /^curl$/,
    [
      { flag: '-u', ...both, afterUser: ':', behind: /^-[fgijkqsvGILNORS]{1,12}u$/ },
      { flag: '--user', ...next, afterUser: ':' },
      { flag: '--proxy-user', ...next, afterUser: ':' },
    ],
  ],
  [
    /^(?:https?|hey)$/,
    [
      { flag: '-a', ...next, afterUser: ':' },
      { flag: '--auth', ...next, afterUser: ':' },
    ],
  ],
  [/^ab$/, [{ flag: '-A', ...next, afterUser: ':' }]],
  [
    /^etcdctl$/,
    [
      { flag: '--user', ...next, afterUser: ':' },
      { flag: '--user=', ...attached, afterUser: ':' },
    ],
  ],
  [/^lftp$/, [{ flag: '-u', ...next, afterUser: ',' }]],
  [/^(?:smbclient|rpcclient|net)$/, [{ flag: '-U', ...both, afterUser: '%' }]],
  [
    /^(?:mongo(?:sh|dump|restore|export|import|stat|top)?|cqlsh|cypher-shell|beeline|rabbitmqadmin)$/,
    [{ flag: '-p', ...next }],
  ],
  [/^(?:mosquitto_(?:pub|sub|rr)|ipmitool|zip|unzip)$/, [{ flag: '-P', ...next }]],
  [
    /^(?:docker|podman|nerdctl|buildah|skopeo|oras|crane|helm|oc|az)$/,
    [{ flag: '-p', ...next, subcommand: 'login' }],
  ],
  [
    /^(?:ttyd|gotty)$/,
    [
      { flag: '-c', ...next, afterUser: ':' },
      { flag: '--credential', ...next, afterUser: ':' },
    ],
  ],
  [/^transmission-remote$/, [{ flag: '-n', ...next, afterUser: ':' }]],
  [/^(?:twine|elasticsearch-users)$/, [{ flag: '-p', ...next }]],
  [/^airflow$/, [{ flag: '-p', ...next, subcommand: 'create' }]],
  [/^7z[arz]?$/, [{ flag: '-p', ...attached }]],
  [/^ssh-keygen$/, [{ flag: '-N', ...next }]],
  [/^(?:sqlcmd|bcp|osql)$/, [{ flag: '-P', ...both }]],
  [/^openssl$/, [{ flag: '-k', ...next, subcommand: 'enc' }]],
  [
    /^snmp[a-z]{2,12}$/,
    [
      { flag: '-A', ...next },
      { flag: '-X', ...next },
    ],
  ],
  // Of Nagios and its relatives.
  [/^check_(?:mysql|pgsql)\w{0,16}$/, [{ flag: '-p', ...next }]],
  [
    /^check_snmp\w{0,16}$/,
    [
      { flag: '-A', ...next },
      { flag: '-X', ...next },
    ],
  ],
  [/^ldap(?:search|add|modify|delete|passwd|whoami|compare|modrdn)$/, [{ flag: '-w', ...both }]],
  [/^(?:ssh|scp|sftp|rsync|psql|pg_\w{1,16}|mkdir|cp|tar|nc|ncat|sh|bash|mysqld\w{0,8}|mariadbd)$/, []],
];

const programTrigger =
  /(?<![\w.-])(?:mysql|mariadb|mongo|mosquitto_|cqlsh|cypher-shell|beeline|ipmitool|zip|unzip|lftp|etcdctl|hey|https?|ab|ttyd|gotty|transmission-remote|twine|airflow|elasticsearch-users|7z|ssh-keygen|redis-|valkey-|keydb-|sshpass|curl|smbclient|rpcclient|sqlcmd|bcp|osql|openssl|snmp|rabbitmqadmin|check_|ldap[a-z])[\w-]{0,32}\s|\slogin\s/;

/** Whether a text may start one of these programs: the filter for lines and documents. */
export function mayRun(text: string): boolean {
  return text.includes(' ') && programTrigger.test(text);
}

/** Finds the programs in a list of words as it is walked through; one for each command line. */
export function passwordFlags(
  resolve?: NamedValue['resolve'],
): (words: readonly unknown[], index: number) => FlagFinding | undefined {
  let flags: readonly PasswordFlag[] = [];
  const seen = new Set<string>();
  return (words, index) => {
    const word = words[index];
    const before = words[index - 1];
    if (typeof word !== 'string') return undefined;
    const found = flags.length === 0 ? undefined : judge(flags, seen, word, before, resolve);
    if (found !== undefined) return found;
    const known = canStart(before) ? programOf(word) : undefined;
    if (known !== undefined) {
      flags = known;
      seen.clear();
    }
    if (flags.length > 0) seen.add(word);
    return undefined;
  };
}

/** A program's name is no value of a flag: `--user mysql`. */
function canStart(before: unknown): boolean {
  return typeof before !== 'string' || !before.startsWith('-') || /^--?c?$|^-e$/.test(before);
}

/** How the names in the list above start. */
const knownStart =
  /^(?:my|mar|redis|valkey|keydb|ss|sc|sf|rs|cu|smb|rpc|net|mo|do|po|ne|bu|sk|or|cr|he|oc|az|sq|bc|os|op|ld|ps|pg|mk|cp|ta|nc|sh|ba|cq|cy|be|ip|zi|un|lf|et|tt|go|tr|tw|7z|ht|ab|sn|ra|ai|el|ch)/;

const anyProgram = new RegExp(programs.map(([names]) => names.source).join('|'));

function programOf(word: string): readonly PasswordFlag[] | undefined {
  if (word.length > 128) return undefined;
  const name = word.slice(word.lastIndexOf('/') + 1);
  if (!knownStart.test(name) || !anyProgram.test(name)) return undefined;
  return programs.find(([names]) => names.test(name))?.[1];
}

function judge(
  flags: readonly PasswordFlag[],
  seen: ReadonlySet<string>,
  word: string,
  before: unknown,
  resolve: NamedValue['resolve'],
): FlagFinding | undefined {
  for (const { flag, isAttached, isNext, afterUser, subcommand, behind } of flags) {
    if (subcommand !== undefined && !seen.has(subcommand)) continue;
    const value =
      isNext && isFlag(before, flag, behind) && !word.startsWith('-')
        ? word
        : isAttached && word.startsWith(flag) && word.length > flag.length
          ? word.slice(flag.length)
          : undefined;
    if (value === undefined || (afterUser !== undefined && !value.includes(afterUser))) continue;
    const password = afterUser === undefined ? value : value.slice(value.indexOf(afterUser) + 1);
    const found = detectCredential({ name: 'password', value: password, resolve });
    if (found !== undefined) return { key: flag, ...found };
  }
  return undefined;
}

function isFlag(before: unknown, flag: string, behind: RegExp | undefined): boolean {
  return before === flag || (behind !== undefined && typeof before === 'string' && behind.test(before));
}

/** Words with their quotes, and what ends a command. */
const shellWord = /(?:[^\s"';|&()`]|"[^"]{0,4096}"|'[^']{0,4096}')+|[;|&()`]+/g;

/** The first password under a short flag in a line of shell. */
export function scanShell(line: string): FlagFinding | undefined {
  if (!mayRun(line)) return undefined;
  const words: string[] = [];
  let judgeWord = passwordFlags();
  for (const [shown] of line.matchAll(shellWord)) {
    if (/^[;|&()`]/.test(shown)) {
      words.length = 0;
      judgeWord = passwordFlags();
      continue;
    }
    // `sh "sshpass -p …"` of program text: quotes in quotes end there.
    const quoted = /^["']/.test(shown) ? shown.slice(1, -1) : '';
    const inside = quoted.includes(shown.charAt(0)) ? undefined : scanShell(quoted);
    if (inside !== undefined) return inside;
    // What the shell puts in is not written here.
    words.push(/\$[\w({](?!\w{0,32}[$}]\/[\w-]{1,64}$)/.test(shown) ? '$(' : shown.replace(/["']/g, ''));
    const found = judgeWord(words, words.length - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
