import { describe, expect, it } from 'vitest';
import { groupAmong, isAmong, isControlPlane } from '#sdk';

const user = (username: string, ...groups: string[]) => ({ username, groups });

describe('isControlPlane', () => {
  it.each([
    'system:kube-controller-manager',
    'system:kube-scheduler',
    'system:apiserver',
    'system:node:node-1',
    'system:serviceaccount:kube-system:replicaset-controller',
    'system:serviceaccount:kube-system:horizontal-pod-autoscaler',
    'system:serviceaccount:kube-system:generic-garbage-collector',
  ])('knows %s', (name) => {
    expect(isControlPlane(user(name))).toBe(true);
  });

  it.each([
    '',
    'replicaset-controller',
    'system:node:',
    'system:kube-scheduler-2',
    'system:serviceaccount:shop:replicaset-controller',
    'system:serviceaccount:kube-system:addon-manager',
    'x system:apiserver',
  ])('does not take %j for it', (name) => {
    expect(isControlPlane(user(name))).toBe(false);
  });
});

describe('isAmong', () => {
  it('knows users and groups, whole or by how they begin', () => {
    expect(isAmong(user('alice'), ['alice'], [])).toBe(true);
    expect(isAmong(user('alice', 'on-call-eu'), [], ['on-call-*'])).toBe(true);
    expect(isAmong(user('alice'), ['ali'], ['alice'])).toBe(false);
    expect(isAmong(user('alice', 'developers'), ['developers'], ['alice', 'on-call-*'])).toBe(false);
    expect(isAmong(user('alice', 'developers'), ['*'], [])).toBe(true);
    expect(isAmong(user('', ''), [], [])).toBe(false);
  });

  it('names the group that counts', () => {
    expect(groupAmong(['developers', 'on-call-eu', 'on-call'], ['on-call*'])).toBe('on-call-eu');
    expect(groupAmong(['developers'], ['dev'])).toBeUndefined();
  });
});
