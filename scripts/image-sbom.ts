/**
 * Makes npm's list of packages (CycloneDX, on standard input) the image's: with Node.js, which npm does not know to be
 * there, and without what differs each time it is written.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const listSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({}) }),
  components: z.array(z.looseObject({})),
});

const list = listSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
const version = process.versions.node;
const written = {
  ...list,
  // Random.
  serialNumber: undefined,
  metadata: {
    ...list.metadata,
    timestamp: new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) * 1000).toISOString(),
    // npm takes the name of the folder.
    component: { ...list.metadata.component, name: 'daygate', type: 'application' },
  },
  components: [
    ...list.components,
    {
      'bom-ref': `node@${version}`,
      type: 'application',
      name: 'node',
      version,
      scope: 'required',
      purl: `pkg:generic/node@${version}`,
      cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    },
  ],
};
process.stdout.write(`${JSON.stringify(written, undefined, 2)}\n`);
