import { describe, expect, it } from 'vitest';
import { isRuntimeSocket, isSystemPath } from '#sdk';

describe('the socket of the container runtime', () => {
  it.each([
    '/var/run/docker.sock',
    '/run/docker.sock',
    '/var//run/./docker.sock/',
    '/run/containerd/containerd.sock',
    '/run/k3s/containerd/containerd.sock',
    '/var/run/crio/crio.sock',
    '/srv/docker/docker.sock',
    String.raw`\\.\pipe\docker_engine`,
    '/run',
    '/var/run',
    '/run/containerd/',
  ])('is %s', (path) => {
    expect(isRuntimeSocket(path)).toBe(true);
  });

  it.each(['', '/', '/var', '/data', '/run/app', '/var/run-files', '/docker.sock.d', '/run/containerd-data'])(
    'is not %s',
    (path) => {
      expect(isRuntimeSocket(path)).toBe(false);
    },
  );
});

describe('a path of the system', () => {
  it.each([
    '/',
    '//',
    '/etc',
    '/etc/',
    '/etc/kubernetes',
    '/./etc',
    '/usr/local',
    '/var',
    '/var/lib',
    '/var/lib/kubelet/pods',
    '/var/run/secrets',
    '/proc/1/root',
  ])('is %s', (path) => {
    expect(isSystemPath(path)).toBe(true);
  });

  it.each([
    '/mnt/disks/ssd1',
    '/dev/sdb',
    '/etc-data',
    '/data/etc',
    '/var/lib/postgres',
    '/opt/storage',
    '/home',
  ])('is not %s', (path) => {
    expect(isSystemPath(path)).toBe(false);
  });
});
