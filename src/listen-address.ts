import { codeOf, messageOf, UserError } from './errors.ts';

/** `127.0.0.1:8443`, `[::1]:8443`. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Why nobody can be answered at an address, and what to do.
 *
 * @param options on the command line that say where: `--host and --port`
 */
export function cannotListen(host: string, port: number, error: unknown, options: string): UserError {
  return new UserError('listen', `${hostAndPort(host, port)}: ${reasonOf(error, port, options)}`);
}

function reasonOf(error: unknown, port: number, options: string): string {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return `another program listens there already: end it (lsof -i :${port} names it), or name another address with ${options}`;
    case 'EACCES':
      return `this user may not listen there, below port 1024 most may not: name another address with ${options}`;
    case 'EADDRNOTAVAIL':
      return `this machine has no such address: correct ${options}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no such host: correct ${options}`;
    default:
      return messageOf(error);
  }
}
