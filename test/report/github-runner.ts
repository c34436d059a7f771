/**
 * Workflow commands as the runner of GitHub Actions reads them (ActionCommand.TryParseV2 in
 * src/Runner.Common/ActionCommand.cs of actions/runner): a line that begins with `::`, the name up to a space,
 * properties between commas, data behind the next `::`; then the escapes.
 */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

export function parseCommands(output: string): readonly WorkflowCommand[] {
  return output
    .split(/\r\n|\r|\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const command = parseCommand(line);
      if (command === undefined) throw new Error(`no workflow command: ${line}`);
      return command;
    });
}

function parseCommand(line: string): WorkflowCommand | undefined {
  const message = line.trimStart();
  if (!message.startsWith('::')) return undefined;
  const end = message.indexOf('::', 2);
  if (end < 0) return undefined;
  const info = message.slice(2, end);
  const space = info.indexOf(' ');
  const name = space < 0 ? info : info.slice(0, space);
  const properties: Record<string, string> = {};
  for (const property of (space < 0 ? '' : info.slice(space + 1).trim()).split(',')) {
    const [key = '', ...rest] = property.split('=');
    // The runner splits into two at the first sign and leaves out what has no value.
    if (key !== '' && rest.length > 0) properties[key] = unescape(rest.join('='), propertyEscapes);
  }
  return { name, properties, data: unescape(message.slice(end + 2), dataEscapes) };
}

/** In the runner's order: the percent sign comes last. */
const dataEscapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
] as const;
const propertyEscapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
] as const;

function unescape(text: string, escapes: readonly (readonly [string, string])[]): string {
  return escapes.reduce((result, [escaped, character]) => result.replaceAll(escaped, character), text);
}
