/**
 * Makes npm's list of packages (CycloneDX, on standard input) the image's: with Node.js, which npm does not know to be
 * there, and without what differs each time it is written.
 */
import { readFileSync } from 'node:fs';

const list = JSON.parse(readFileSync(0, 'utf8'));
delete list.serialNumber;
list.metadata.timestamp = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString();
// npm takes the name of the folder.
list.metadata.component.name = 'daygate';
list.metadata.component.type = 'application';
const version = process.versions.node;
list.components.push({
  'bom-ref': `node@${version}`,
  type: 'application',
  name: 'node',
  version,
  scope: 'required',
  purl: `pkg:generic/node@${version}`,
  cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
});
process.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
