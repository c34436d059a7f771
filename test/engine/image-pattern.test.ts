import { describe, expect, it } from 'vitest';
import { imagePattern } from '../../src/engine/image-pattern.ts';

const [digest, other] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];

function matches(pattern: string, image: unknown): boolean {
  const isImage = imagePattern(pattern);
  if (typeof isImage === 'string') throw new Error(`${pattern}: ${isImage}`);
  return isImage(image);
}

describe('an image pattern', () => {
  it.each([
    ['istio/proxyv2:1.29.0', 'docker.io/istio/proxyv2:1.29.0'],
    ['docker.io/istio/proxyv2:1.29.0', 'istio/proxyv2:1.29.0'],
    ['index.docker.io/istio/proxyv2:1.29.0', 'istio/proxyv2:1.29.0'],
    ['istio/proxyv2:1.*', 'docker.io/istio/proxyv2:1.29.0'],
    ['istio/proxyv2:*', 'istio/proxyv2'],
    ['nginx:latest', 'docker.io/library/nginx'],
    ['nginx:1.*', 'library/nginx:1.29'],
    ['docker.io/nginx:1.*', 'nginx:1.29'],
    ['docker.io/istio/*', 'istio/proxyv2:1.29.0'],
    ['docker.io/istio/*', `istio/proxyv2@${digest}`],
    ['gcr.io/istio/**', 'gcr.io/istio/testing/proxyv2:1'],
    ['localhost:5000/mesh/proxy:v[12]', 'localhost:5000/mesh/proxy:v2'],
    [`istio/proxyv2@${digest}`, `docker.io/istio/proxyv2:1.29.0@${digest}`],
    [`istio/proxyv2:1.28.0@${digest}`, `istio/proxyv2:1.29.0@${digest}`],
    ['istio/proxyv2:1.*@*', `istio/proxyv2@${digest}`],
    ['istio/proxyv2{:,@}*', `istio/proxyv2:1.29.0@${digest}`],
    ['istio/proxyv2{:,@}*', 'istio/proxyv2:1.29.0'],
  ])('%s reads %s as the runtime does', (pattern, image) => {
    expect(matches(pattern, image)).toBe(true);
  });

  it.each([
    ['istio/proxyv2:1.29.0', 'istio/proxyv2:1.29.0-debug'],
    ['istio/proxyv2:1.29.0', 'istio/proxyv2'],
    ['istio/proxyv2:1.29.0', 'evil.example/istio/proxyv2:1.29.0'],
    ['istio/proxyv2:1.29.0', 'evil/proxyv2:1.29.0'],
    // What runs is the digest; the tag beside it is whatever somebody wrote.
    ['istio/proxyv2:1.29.0', `istio/proxyv2:1.29.0@${digest}`],
    ['istio/proxyv2:*', `istio/proxyv2:1.29.0@${digest}`],
    [`istio/proxyv2@${digest}`, `istio/proxyv2@${other}`],
    [`istio/proxyv2@${digest}`, 'istio/proxyv2:1.29.0'],
    ['docker.io/istio/*', 'evil.example/docker.io/istio/x:1'],
    ['docker.io/istio/*', 'evil.example/istio/x:1'],
    ['docker.io/istio/*', 'docker.io/istio/deep/x:1'],
    ['docker.io/istio/*', 'dockerxio/istio/x:1'],
    ['docker.io/istio/proxyv2:*', 'docker.io/istio/proxyv2:1/evil'],
    ['docker.io/istio/proxyv2:*', 'docker.io/istio/proxyv2-evil:1'],
    ['localhost:*', 'localhost:5000/x:1'],
    // Nothing in a glob speaks of another registry.
    ['docker.io/istio/proxyv2|evil.example/*', 'evil.example/x:1'],
    ['docker.io/istio/{proxyv2,../../evil.example/x}:*', 'evil.example/x:1'],
    ['docker.io/istio/proxyv2:!(evil)', 'evil.example/istio/proxyv2:1'],
    ['docker.io/!istio/proxyv2:*', 'docker.io/evil/x:1'],
    ['docker.io/istio[!a]proxyv2:*', 'docker.io/istio/proxyv2:1'],
    // What no runtime could pull is no image at all.
    ['docker.io/**', 'istio/Proxyv2:1'],
    ['docker.io/**', ''],
    ['docker.io/**', undefined],
    ['docker.io/**', ['istio/proxyv2:1']],
  ])('%s lets off nothing else: %s', (pattern, image) => {
    expect(matches(pattern, image)).toBe(false);
  });

  it.each([
    ['*', 'expected a registry or a repository first'],
    ['*/proxyv2:1', 'expected a registry or a repository first'],
    ['**/istio/proxyv2:1', 'expected a registry or a repository first'],
    ['*.example/istio/proxyv2:1', 'expected a registry or a repository first'],
    ['{docker.io,evil.example}/istio/proxyv2:1', 'expected a registry or a repository first'],
    ['!docker.io/istio/proxyv2:1', 'expected a registry or a repository first'],
    ['docker.io/istio/proxyv2', 'docker.io/istio/proxyv2:* is for every tag'],
    ['localhost:5000/proxyv2', 'expected a tag or digest'],
    ['auto', 'expected a tag or digest'],
    ['docker.io/istio/Proxyv2:1', 'is no image that a container runtime could pull'],
    ['istio/proxyv2@sha256:abc', 'is no image that a container runtime could pull'],
    ['my registry/proxyv2:*', 'is no image that a container runtime could pull'],
    ['/proxyv2:*', 'is no image that a container runtime could pull'],
  ])('%s is refused: %s', (pattern, message) => {
    expect(imagePattern(pattern)).toEqual(expect.stringContaining(message));
  });
});
