/** Where a line has a name and its value, in the syntaxes of shells, programs and files of settings. */

/**
 * `key: value`, `key=value`, `export KEY=…`, `"key": "value",`, `- name=value` up to the end of the line. Keys may be
 * in any script.
 */
export const leading =
  /^(?:- )?(?:export |set |env |ENV |ARG |\$(?:env:)?)?-{0,2}["']?(?<key>[\w./\xaa-\u1fff\u3041-\ud7ff-]{1,128})["']?(?:: ?[A-Za-z_&][\w.[\]|?<>]{0,64} = |\s{0,16}(?:=>|::?=|\?=|[:=](?!~\s))\s{0,16})(?<value>\S.*)$/;
/** The same inside a line: scripts, flags, JSON on one line, XML attributes, headers, subscripts, `N'…'` of SQL. */
const inner =
  /(?<![\w.\xaa-\u1fff\u3041-\ud7ff-]|\$\{|\$(?=env:))(?<!checksum\/)(?:-D(?=[A-Z])|-{0,2})(?<key>[A-Z_\xaa-\u1fff\u3041-\ud7ff][\w.\xaa-\u1fff\u3041-\ud7ff-]{1,127})["']?\]?(?<between>\s{0,4}(?:: ?[A-Z_&][\w.[\]|?<>]{0,64} =(?= )|=>|:=|[:=])\s{0,4}|(?<=(?:--|(?:^|\s)-)[\w.-]{1,128})\s{1,4}(?!-))(?:[bn]?(?:"(?<double>[^"]{0,4096})"|'(?<single>[^']{0,4096})')|(?<bare>(?![\w.-]{1,128}(?:=(?:[^=\s"',;)}\]]|["'][^\s"',]{3,256}["'])|:\s))[^\s"',;&|<>()[\]{}\\?`][^\s"',;&|<>)}\]]{0,4095}))/gi;
/** `admin_tokens = ["…", …]`: the first entry, where a machine made it; lists of words are names of fields and Secrets. */
const entries =
  /(?<![\w.-])(?<key>[A-Z_][\w.-]{1,127})["']?\s{0,4}(?:=>|[:=])\s{0,4}\[\s{0,4}["']?(?<entry>[^\s"',;\][{}]{8,4096})["']?/gi;
/** `"bindCredential": ["tulip7"]`: a list of one; lists of words without a digit are names of fields and rules. */
const onlyEntry =
  /(?<![\w.-])(?<key>[A-Z_][\w.-]{1,127})["']?\s{0,4}(?:=>|[:=])\s{0,4}\[\s{0,4}["'](?=[^"']{0,255}\d)(?<value>[^\s"',|:]{3,256})["']\s{0,4}\]/gi;
/** `{default_pass, <<"…">>}` of Erlang. */
const tuple = /\{(?<key>[a-z]\w{1,127}),\s{0,4}(?:<<)?"(?<value>[^"]{1,4096})"/g;
/** `<password>…</password>`, `<property name="password"><value>…` of Spring, texts in CDATA. */
const element =
  /<(?:(?:property|prop|entry|param|setting|Set|Put) (?:name|key)="(?<name>[^"]{1,128})"|(?<key>[\w.:-]{1,128}))(?:\s[^<>]{0,512})?>(?:\s{0,4}<value>)?(?:<!\[CDATA\[(?<double>(?:[^\]]|\](?!\]>)){1,4096})\]\]>|(?<value>[^<]{1,4096}))<\//g;
const pair =
  /\b(?:key|name|type)"?(?:=|: ?)"(?<key>[^"]{1,128})"(?:, {0,4}(?:"[\w-]{1,64}": ?(?:true|false|\d{1,9}|"[^"]{0,64}"), {0,4}){0,3}"|\s{1,4})value"?(?:=|: ?)"(?<value>[^"]{1,4096})"/g;
/** `{name: DB_PASSWORD, value: tulip}` of YAML. */
const flowPair =
  /\b(?:key|name|header): ?(?<key>[\w.-]{1,128}), {0,4}value: ?["']?(?<value>[^\s"',{}]{3,4096})/g;
/** `key "ddns" { algorithm hmac-sha256; secret "…"; };`: a statement in a line of several. */
const statement = /[{;]\s{0,4}(?<key>[A-Z_][\w.-]{1,127})\s{1,4}"(?<value>[^"]{3,4096})"(?=\s{0,4};)/gi;
/** `<property><name>…</name><value>…</value>` of Hadoop on one line. */
const sibling =
  /<(?:name|key)>(?<key>[\w.-]{1,128})<\/(?:name|key)>\s{0,16}<value>(?<value>[^<]{1,4096})<\/value>/g;
/** `"Jwt": { "Key": "…"`: a name that says nothing without the one before it. */
const nested =
  /(?<parent>(?<![\w.-])[A-Z_][\w.-]{1,127})["']?\s{0,4}(?:=>|[:=])\s{0,4}[{[](?:[^{}[\]]{0,256}[,\s])?\s{0,4}["']?(?<key>key|value|auth|inline(?:_?(?:string|bytes))?|plain(?:_?text)?)["']?\s{0,4}(?:=>|[:=])\s{0,4}(?:"(?<double>[^"]{1,4096})"|'(?<single>[^']{1,4096})'|(?<entry>[\w+/=~-]{24,256})(?=\s{0,4}[,}]))/gi;
/** `if ($http_x_api_key != "…")`: what a machine made. */
export const compared =
  /(?<key>(?<![\w.-])[A-Z_][\w.-]{1,127})["'}\]]{0,2}\s{0,4}[!=~]==?\s{0,4}["'](?<entry>[^\s"']{8,4096})["']/gi;
const call =
  /\b(?:define|set\w{0,32}|put|putenv|env|getenv|getOrDefault|getProperty|(?:environ|env|ENV)\.(?:get|str|fetch))\(\s{0,4}["'](?<key>[\w.-]{1,128})["']\s{0,4},\s{0,32}(?:default\s?=\s?)?(?:"(?<double>[^"]{1,4096})"|'(?<single>[^']{1,4096})')/g;
/** `modparam("auth", "secret", "…")` of Kamailio. */
const moduleParameter =
  /\bmodparam\(\s{0,4}"[\w|]{1,256}"\s{0,4},\s{0,4}"(?<key>[\w.-]{1,128})"\s{0,4},\s{0,4}"(?<value>[^"]{1,4096})"/g;
/** `:password "…"` of Clojure. */
const keyword = /(?<![\w:]):(?<key>[a-z][\w.-]{1,127})\s{1,4}"(?<value>[^"]{1,4096})"/g;
/** `process.env.DB_PASSWORD || '…'`: what counts where the variable is not set. */
const fallback =
  /\b(?:env|ENV|_ENV|_SERVER|environ|getenv)(?:\.(?:get\(|fetch\()?|\[|\()["']?(?<key>\w{1,128})["']?[\])]?\s{1,4}(?:\|\||\?\?|\?:|or)\s{1,4}(?:"(?<double>[^"]{1,4096})"|'(?<single>[^']{1,4096})')/g;

/**
 * `${DB_PASSWORD:tulip}` of Spring; `${DB_PASSWORD:-tulip}`, `${DB_PASSWORD:=tulip}` and `${DB_PASSWORD=tulip}` of the
 * shell; `${PW:?…}`, `${PW:0:8}` and `${secret:…}` are something else.
 */
const unset =
  /\$\{(?<key>(?!secrets?:)[A-Z_][\w.-]{1,127})(?::[-=]|=|:(?![-=?+#]))["']?(?!\d{1,3}(?::\d{1,3})?\})(?<value>[^\s"'${}]{3,256})["']?\}/gi;

/** All of these, in the order in which a line is searched. */
export const patterns = [
  pair,
  flowPair,
  statement,
  element,
  sibling,
  call,
  moduleParameter,
  keyword,
  fallback,
  nested,
  tuple,
  entries,
  onlyEntry,
  unset,
  inner,
];
