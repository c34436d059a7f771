/** `"shop",`, `user,`: what is given before the password. */
const argument = String.raw`(?:"[^"]{0,256}"|'[^']{0,256}'|[^\s,()"']{1,128})\s?,\s{0,4}`;
const user = String.raw`(?!.anonymous.)(?:"[\w.@+-]{1,128}"|'[\w.@+-]{1,128}')\s?,\s{0,4}`;
const password = String.raw`(?:"(?<value>[^\s"$]{3,256})"|'(?<single>[^\s'$]{3,256})')`;

/** Calls of libraries that take a password at a place: behind the user, or behind an address and the user. */
export const logins: readonly RegExp[] = [
  new RegExp(
    String.raw`(?:(?:\.|->|::)login|\bauth\s?=\s?|\bNetworkCredential|\bHTTP(?:Basic|Digest)Auth|\b[sS]etBasicAuth|\bUsernamePasswordCredentials|\bPlainTextAuthProvider|\bcreateAccount)\(\s{0,4}${user}${password}`,
  ),
  new RegExp(
    String.raw`\b(?:new\s{1,4}PDO|new\s{1,4}mysqli|mysqli?_(?:real_|p)?connect|DriverManager\.getConnection|DBI->connect|(?:MySQLdb|pymysql)\.connect)\(\s{0,4}${argument}${argument}${password}`,
  ),
  // Of Django: the user, an address, the password.
  new RegExp(
    String.raw`\bcreate_(?:super)?user\(\s{0,4}${argument}["'][^\s"'@]{1,64}@[^\s"'@]{1,256}["']\s?,\s{0,4}${password}`,
  ),
];

/** Whether a text may hold one of these calls. */
export function mayLogIn(text: string): boolean {
  return (
    text.includes('(') &&
    /(?:login|auth ?= ?|Credentials?|BasicAuth|AuthProvider|DigestAuth|PDO|mysqli|onnect(?:ion)?|createAccount|create_(?:super)?user)\(/.test(
      text,
    )
  );
}
