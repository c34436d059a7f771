import type { Field } from './corpus-cluster-fields.ts';
import type { Command } from './corpus-commands.ts';
import type { Document } from './corpus-documents.ts';
import { hex, type Pair } from './corpus-values.ts';

/** What the twentieth blind set taught, and files of other programs: the rules behind misses and false alarms. */
export const twentiethPairs: readonly Pair[] = [
  ['AUTH_SCHEME', 'token=jwt,ttl=10m', null],
  ['THEME_TOKEN', '#d0d0d0', null],
];

export const twentiethFiles: readonly Document[] = [
  // Program text hands on what has a name of its own.
  ['connect(\n    user=user,\n    password=password,\n)\n', 0],
  ['connect(\n    password=db_password,\n)\n', 0],
  ['{\n  "user": user,\n  "password": password,\n}\n', 0],
  ['connect({\n  password: dbPassword,\n});\n', 0],
  ['{\n  user: shop,\n  password: kastanie,\n}\n', 1],
  ['connect(\n    password=certs[0][2],\n)\n', 0],
  ['connect(user=creds[0], password=creds[1])\n', 0],
  ["'password' => $dbPwd,\n", 0],
  ["'pass' => $config,\n", 0],
  ['$password = $dbPwd;\n', 0],
  ['def connect(host=None, user=None, password=None):\n', 0],
  ['username = password = None\n', 0],
  // Groups of digits between colons.
  ['00:16:3e:ab:cd:ef\n', 0],
  ['AB:12:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF\n', 0],
  ['1f:32:49:f2:7f:ed:80:62:2e:49:b7:ce:84:b9:c1:c5:1a:f6:\n', 0],
  ['fd00:10:96:0:ab:cd:ef:1\n', 0],
  ['daemon:*:19000:0:99999:7:::\n', 0],
  ['2026-08-01T00:00:00Z/2026-08-02T00:00:00Z\n', 0],
  ['12:30:45.120:worker:started\n', 0],
  ['db:5432:shop:shop:kastanie\n*:*:*:shop:kastanie\n', 2],
  // Keys by their fingerprints, colors, and settings that a script writes as root.
  [`gpg --batch --recv-keys ${hex(40).toUpperCase()}\n`, 0],
  [`apt-key adv --keyserver keys.example.com --recv-keys ${hex(40)}\n`, 0],
  ['{"token": "#d0d0d0", "secret": "#AB0909FF"}\n', 0],
  ['echo fs.inotify.max_user_watches=524288 | sudo tee -a /etc/sysctl.conf\n', 0],
  // Paths, versions and what a test says when it passes.
  ['private_key = $dir/private/cakey.pem\n', 0],
  ['{\n  "minipass": "^7.0.4",\n  "gopass": "~1.15.3"\n}\n', 0],
  ['{\n  "pass": "L’élément a un attribut alt",\n  "fail": "L’élément n’a pas d’attribut alt"\n}\n', 0],
  ['jetty.httpConfig.requestCookieCompliance=RFC6265\n', 0],
  ['$token = IdentityService::getAccessToken($scopes);\n', 0],
  ['echo kastanie | sudo -S reboot\necho kastanie | sudo -u root -S reboot\n', 2],
];

export const twentiethFields: readonly Field[] = [
  ['mac', '00:16:3e:ab:cd:ef', 0],
  ['fingerprint', 'AB:12:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF', 0],
];

export const twentiethCommands: readonly Command[] = [
  [['run', '--range=from=2026-08-01T00:00:00Z,to=2026-08-02T00:00:00Z'], 0],
];
