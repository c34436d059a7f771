import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describedProgram } from '../../scripts/generate/cli-page.ts';
import { readAlerts, root } from './alerts.ts';
import { knownMetrics } from './promql.ts';

const folder = join(root, 'docs/runbooks');
const names = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));
const books = names.filter((name) => name !== 'README').map((name) => ({ name, text: read(name) }));
const alerts = readAlerts();

const commands = new Map(
  describedProgram().commands.map((command) => [
    command.name(),
    new Set([...command.options.flatMap(({ long, short }) => [long, short]), '--help']),
  ]),
);

function read(name: string): string {
  return readFileSync(join(folder, `${name}.md`), 'utf8');
}

/** What stands in code, where `daygate` is a command and not a name. */
function codeOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
  const spans = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(
    ([, span = '']) => span,
  );
  return [...blocks, ...spans];
}

describe('the runbooks', () => {
  it('are one for each alert', () => {
    expect(books.map(({ name }) => name).toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  it('are listed, with what the alert says', () => {
    const index = read('README');
    const rows = alerts.map(
      ({ alert, labels, annotations }) =>
        `| [${alert}](${alert}.md) | ${labels['severity'] ?? ''} | ${annotations['summary'] ?? ''} |`,
    );
    expect(index.match(/^\| \[.*$/gm)).toEqual(rows);
  });

  it.each(books)('$name has all its sections, with something in each', ({ name, text }) => {
    expect(text.startsWith(`# ${name}\n\n`)).toBe(true);
    const sections = text.split(/^## /m).slice(1);
    expect(sections.map((section) => section.split('\n', 1)[0])).toEqual([
      'Symptoms',
      'Diagnosis',
      'Resolution',
      'Escalation',
      'Prevention',
    ]);
    for (const section of sections) expect(section.length).toBeGreaterThan(50);
    // Diagnosis is commands and queries, not advice.
    expect(sections[1]).toMatch(/kubectl|daygate_/);
  });

  it.each(books)('$name leads to pages that there are', ({ text }) => {
    const links = [...text.matchAll(/\]\(([^)#]+\.md)(?:#([^)]+))?\)/g)];
    for (const [, file = '', anchor] of links) {
      const path = join(folder, file);
      expect(existsSync(path), file).toBe(true);
      if (anchor === undefined) continue;
      const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)];
      expect(headings.map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'))).toContain(
        anchor,
      );
    }
  });

  it.each(books)('$name can be followed twice in a day: what it makes has a name of its own', ({ text }) => {
    const made = [...text.matchAll(/create job [^`\n]*/g)].map(([command]) => command);
    expect(made.filter((command) => !command.includes('$'))).toEqual([]);
  });

  it.each(books)('$name uses commands, flags and metrics that there are', async ({ text }) => {
    const wrong: string[] = [];
    const flags = new Set([...commands.values()].flatMap((own) => [...own]));
    for (const line of codeOf(text)) {
      for (const [, command = '', rest = ''] of line.matchAll(
        /(?:^|\| )(?:npx )?daygate ([a-z-]+)([^|]*)/g,
      )) {
        const own = commands.get(command);
        if (own === undefined) wrong.push(`daygate ${command}`);
        for (const [flag] of rest.matchAll(/(?<= )--?[a-z][a-z-]*/g))
          if (own !== undefined && !own.has(flag)) wrong.push(`daygate ${command} ${flag}`);
      }
      // A flag by itself is one of ours.
      const [flag] = /^--[a-z-]+/.exec(line) ?? [];
      if (flag !== undefined && !flags.has(flag)) wrong.push(flag);
    }
    const known = await knownMetrics();
    const foreign = /\b(?:daygate|apiserver|nodejs|process|container|kube)_[a-z][a-z_\d]+/g;
    for (const [metric] of text.matchAll(foreign)) if (!known.has(metric)) wrong.push(metric);
    expect(wrong).toEqual([]);
  });
});
