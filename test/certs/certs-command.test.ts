import { describe, expect, it } from 'vitest';
import { certs, type CertsOptions } from '../../src/certs/certs-command.ts';

const options: CertsOptions = {
  kubeconfig: '/nowhere/kubeconfig',
  namespace: 'daygate-system',
  service: 'daygate',
  secret: 'daygate-tls',
  caSecret: 'daygate-ca',
  configuration: 'daygate',
  leafDays: '90',
  caDays: '730',
  overlap: '60',
};

describe('daygate certs', () => {
  const wrong: readonly (readonly [Partial<CertsOptions>, string])[] = [
    [{ leafDays: '0' }, '--leaf-days 0: expected a whole number from 1 to 825'],
    [{ leafDays: '9.5' }, '--leaf-days 9.5: expected'],
    [{ caDays: 'ten' }, '--ca-days ten: expected'],
    [{ caDays: '269' }, '--ca-days 269: expected at least three times --leaf-days (270)'],
    [{ overlap: '9' }, '--overlap 9: expected a whole number from 10 to 10080'],
    [{ name: ['Upper.example.com'] }, '--name Upper.example.com: expected a DNS name'],
    [{ name: ['a b'] }, '--name a b: expected a DNS name'],
    [{ service: '-x' }, '--service -x: expected a DNS name'],
    [{ namespace: 'a/../b' }, '--namespace a/../b: expected a DNS name'],
  ];
  it.each(wrong)('refuses %o', async (changes, says) => {
    const run = certs({ ...options, ...changes }, { out: () => undefined, now: () => 0 });
    await expect(run).rejects.toMatchObject({ code: 'usage' });
    await expect(run).rejects.toThrow(says);
  });

  it('looks for the cluster once the rest is right', async () => {
    const run = certs({ ...options, name: ['10.0.0.7', '::1'] }, { out: () => undefined, now: () => 0 });
    await expect(run).rejects.toThrow('/nowhere/kubeconfig: no such file or folder');
  });
});
