/**
 * What a password, a secret, a token and a key are called in other languages: parts of expressions for a word in small
 * letters and without accents. Only words that mean nothing else.
 */
const latin = {
  password: [
    'kennwort|passwort|wachtwoord|contrasen(?:y?a|ha)|motdepasse|mdp|senha|parola?|lozinka|salasana|pasahitza',
    'losenord|passord|adgangskode|kodeord|haslo|heslo|geslo|jelszo|slaptazodis|sifre|kata_?sandi|mat_?khau',
  ].join('|'),
  secret: 'secret[aeo]|segred[ao]|segret[ao]|geheimnis|sekret',
  token: 'jeton',
};
const others = {
  password:
    'парол[аияь]|лозинка|κωδικος|密[码碼]|口令|パスワード|暗証番号|비밀번호|패스워드|المرور|סיסמ[הא]|รหัสผ่าน|hasło',
  secret: 'секрет|密[钥鑰]|秘密鍵|비밀키',
  token: 'токен|令牌|トークン|토큰',
};
export const foreign = {
  password: `${latin.password}|${others.password}`,
  secret: `${latin.secret}|${others.secret}`,
  token: `${latin.token}|${others.token}`,
} as const;

/** A key of a kind that the word does not tell. */
export const foreignKey =
  /^(?:clef?|clave|llave|chave|chiave|klucz|nyckel|\p{L}{0,32}(?:schlu?e?ssel|ключ))$/u;

/** Parts of a text that may hold such a word, spelled in ASCII. */
export const latinHint = `${Object.values(latin).join('|')}|(?<![a-z])(?:cle|clave|llave|chave)|chiave|klucz|nyckel|schlu?e?ssel`;
const hint = new RegExp(`${latinHint}|${Object.values(others).join('|')}|ключ`, 'i');

/** Beginnings of those that are spelled in ASCII, for `clueFinder`. */
export const beginnings = [
  ...['kennwort', 'wachtwoord', 'contrasena', 'motdepasse', 'mdp', 'senha', 'parola', 'lozinka', 'salasana'],
  ...['losenord', 'adgangskode', 'kodeord', 'haslo', 'heslo', 'geslo', 'jelszo', 'slaptazodis', 'sifre'],
  ...['katasandi', 'matkhau', 'segredo', 'geheimnis', 'sekret', 'jeton', 'cle', 'clave', 'llave', 'chave'],
  ...['chiave', 'klucz', 'nyckel', 'schluessel'],
];

/** Whether a text may hold a telling name with accents or in another script. */
export function mayTellForeign(text: string): boolean {
  return isForeign(text) && hint.test(withoutAccents(text));
}

/** Takes accents off letters: `contraseña` is contrasena, `κωδικός` κωδικος. */
export function withoutAccents(text: string): string {
  // Composed again: the syllables of Korean are made of several signs.
  return isForeign(text)
    ? text
        .normalize('NFD')
        .replace(/[\u0300-\u036f]+/g, '')
        .normalize('NFC')
    : text;
}

/** Whether a text has letters beyond ASCII. */
function isForeign(text: string): boolean {
  return beyondAscii.test(text);
}

const beyondAscii = /[\u0080-\uffff]/;
