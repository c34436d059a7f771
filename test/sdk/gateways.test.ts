import { expect, test } from 'vitest';
import { coversHost } from '../../src/sdk/gateways.ts';

test.each([
  ['shop.example.com', 'shop.example.com', true, true],
  ['shop.example.com', 'a.shop.example.com', false, false],
  ['*.example.com', 'shop.example.com', true, true],
  ['*.example.com', '*.example.com', true, true],
  ['*.example.com', 'eu.shop.example.com', false, true],
  ['*.example.com', '*.shop.example.com', false, true],
  ['*.example.com', 'example.com', false, false],
  ['*.example.com', '.example.com', false, false],
  ['*.example.com', 'shop.myexample.com', false, false],
  ['*.example.com', 'shop-example.com', false, false],
  ['shop.example.com', '*.example.com', false, false],
])('%s covers %s: as an Ingress %s, as a Gateway %s', (pattern, host, ingress, gateway) => {
  expect(coversHost(pattern, host)).toBe(ingress);
  expect(coversHost(pattern, host, 'anyDepth')).toBe(gateway);
});
