import { detectCredential } from './detect.ts';
import { withKey, type LineFinding } from './directives.ts';

/** `user:password`, what may come before and behind it in passwd(5) and Dovecot's passwd-file. */
const pair =
  /^["']?[\w.@+-]{1,64}:(?<plain>\{(?:PLAIN|CLEAR|CLEARTEXT)\})?(?<value>[^\s:*!"'][^\s:"']{2,255})(?<more>:\d{0,10}(?=:|$))?/;
const twoWords = /^["']?\w[\w.@+-]{0,63}["']?\s{1,16}["']?(?<value>[^\s"']{3,256})["']?$/;
/** `client server secret addresses` of pppd(8). */
const link = /^["']?[\w.@*-]{1,64}["']?\s{1,16}["']?[\w.@*-]{1,64}["']?\s{1,16}["']?(?<value>[^\s"']{3,256})/;

const ending = String.raw`(?:\.(?:txt|conf|cfg|db|list))?$`;
const kinds: readonly (readonly [file: RegExp, passwordIn: (line: string) => string | undefined])[] = [
  [
    new RegExp(`(?:^|[._-])(?:(?:ht)?passwd|passwords?|psk)${ending}`, 'i'),
    (line) => (pair.exec(line) ?? twoWords.exec(line))?.groups?.['value'],
  ],
  [
    new RegExp(`(?:^|[._-])(?:users?|accounts?)${ending}`, 'i'),
    // `anna:editor` is a user and a role.
    (line) => {
      const { value, plain, more } = pair.exec(line)?.groups ?? {};
      return plain === undefined && more === undefined ? undefined : value;
    },
  ],
  [new RegExp(`(?:^|[._-])rsyncd?[._-]secrets${ending}`, 'i'), (line) => pair.exec(line)?.groups?.['value']],
  [
    /(?:^|[._-])curlrc$/i,
    (line) =>
      /^(?:-u|-{0,2}(?:proxy-)?user)(?:\s{0,4}[=:]\s{0,4}|\s{1,4})["']?[^\s:"']{1,128}:(?<value>[^\s"']{3,256})["']?$/.exec(
        line,
      )?.groups?.['value'],
  ],
  // Of Postfix: for which server or sender, and the account there.
  [
    /(?:^|[._-])sasl[._-]?passw(?:or)?d(?:\.\w{1,8})?$/i,
    (line) => /^\S{1,256}\s{1,16}[\w.@+-]{1,128}:(?<value>\S{3,256})$/.exec(line)?.groups?.['value'],
  ],
  // Of PgBouncer.
  [
    new RegExp(`(?:^|[._-])userlist${ending}`, 'i'),
    (line) => /^"[^"]{1,256}"\s{1,16}"(?<value>[^"]{3,256})"/.exec(line)?.groups?.['value'],
  ],
  // Of Jetty, with the roles behind the password.
  [
    /(?:^|[._-])realm\.properties$/i,
    (line) => /^[\w.@-]{1,64}\s?:\s?(?<value>[^\s,]{3,256})(?:,|$)/.exec(line)?.groups?.['value'],
  ],
  // Of Java's servers; their roles are in files of their own.
  [
    /(?:^|[._-])users\.properties$/i,
    (line) => /^[\w.@-]{1,64}\s?=\s?(?<value>\S{3,256})$/.exec(line)?.groups?.['value'],
  ],
  [/(?:^|[._-])(?:chap|pap)-secrets$/i, (line) => link.exec(line)?.groups?.['value']],
];

/**
 * Finds the password in a line of a file that lists users with their passwords, as its name says: `users`,
 * `ftp.passwd`, `chap-secrets`, or below a telling head of a column in a table (`.csv`); undefined for any other file.
 */
export function accountScanner(file: string): ((line: string) => LineFinding | undefined) | undefined {
  if (/\.[ct]sv$/i.test(file)) return tableScanner();
  const passwordIn = kinds.find(([name]) => name.test(file.slice(-256)))?.[1];
  if (passwordIn === undefined) return undefined;
  return (line) => {
    const password = /^(?:[#;]|\/\/)/.test(line) ? undefined : passwordIn(line);
    return password === undefined ? undefined : detectCredential({ name: 'password', value: password });
  };
}

/** The first line says what the columns are called. */
function tableScanner(): (line: string) => LineFinding | undefined {
  let names: readonly string[] | undefined;
  return (line) => {
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    if (names === undefined) {
      names = cells;
      return undefined;
    }
    // A cell that holds a comma moves those behind it.
    if (cells.length !== names.length) return undefined;
    for (const [index, name] of names.entries()) {
      const found = detectCredential({ name, value: cells[index] ?? '' });
      if (found !== undefined) return withKey(name, found);
    }
    return undefined;
  };
}

/** `[admins]` of CouchDB: any name and its password; `[users]` of Shiro: with roles, since others have settings there. */
const sections: ReadonlyMap<string, RegExp> = new Map([
  ['[admins]', /^[\w.@-]{1,64}\s{0,4}=\s{0,4}(?<value>[^\s,;]{3,256})$/],
  [
    '[users]',
    /^(?!\w{0,64}(?:users|groups|roles|names)\s{0,4}=)[\w.@-]{1,64}\s{0,4}=\s{0,4}(?<value>[^\s,;]{3,256})(?:\s?,\s{0,4}[\w.-]{1,64}){1,16}$/,
  ],
]);

/** Finds the password in a line below the head of a section that lists accounts; one for each document. */
export function sectionScanner(): (line: string) => LineFinding | undefined {
  let section: RegExp | undefined;
  return (line) => {
    if (line.startsWith('[')) section = sections.get(line);
    const value = section?.exec(line)?.groups?.['value'];
    return value === undefined ? undefined : detectCredential({ name: 'password', value });
  };
}
