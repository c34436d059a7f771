import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';

describe('the site', () => {
  it('sends headers that keep the page to itself, with every answer', async () => {
    const { service, site } = setUp();
    await service.run();
    for (const url of ['/', '/report.json', '/metrics', '/readyz', '/nothing', '/%'])
      expect((await site.inject({ url })).headers, url).toMatchObject({
        'content-security-policy':
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
  });

  it('answers HEAD as GET without the body, and nothing else but GET', async () => {
    const { service, site } = setUp();
    await service.run();
    const get = await site.inject({ url: '/report.json' });
    const head = await site.inject({ method: 'HEAD', url: '/report.json' });
    expect(head).toMatchObject({ statusCode: 200, body: '' });
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      const { statusCode, headers } = await site.inject({ method, url: '/', payload: '{' });
      expect([statusCode, headers['allow']]).toEqual([405, 'GET, HEAD']);
    }
  });

  it('has nothing at any other path', async () => {
    const { service, site } = setUp();
    await service.run();
    await site.listen({ host: '127.0.0.1', port: 0 });
    const { port } = site.server.address() as AddressInfo;
    const status = (path: string) =>
      new Promise((done, fail) => {
        request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
          void text(response).then((body) => done([response.statusCode, body]));
        })
          .on('error', fail)
          .end();
      });
    const nothing = [404, 'there is nothing at this path\n'];
    for (const path of [
      '/../etc/passwd',
      '/..%2f..%2fetc/passwd',
      '//etc/passwd',
      '/report.json/',
      '/%00',
      '/%',
      '/REPORT.JSON',
    ])
      expect(await status(path), path).toEqual(nothing);
    expect(await status('/report.csv?x=../../etc/passwd')).toMatchObject([200, expect.any(String)]);
    const raw = await new Promise<string>((done) => {
      const socket = connect(port, '127.0.0.1', () => socket.end('nonsense\r\n\r\n'));
      void text(socket).then(done);
    });
    expect(raw).toMatch(/^HTTP\/1\.1 400 /);
    await site.close();
  });
});
