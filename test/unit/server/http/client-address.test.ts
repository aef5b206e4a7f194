import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { clientAddress } from '../../../../src/server/http/client-address.ts';
import { fake } from '../../../support/fake.ts';

const of = (remoteAddress: string, forwarded?: string) => ({
  socket: fake<Socket>('socket', { remoteAddress }),
  headers: { 'x-forwarded-for': forwarded },
});

test.each([
  ['the peer, whatever its headers say', of('192.0.2.1', '6.6.6.6'), 0, '192.0.2.1'],
  [
    'the address that the trusted proxy saw, not one that a client claims',
    of('10.0.0.1', '6.6.6.6, 192.0.2.1'),
    1,
    '192.0.2.1',
  ],
  [
    'the address that the first of two trusted proxies saw',
    of('10.0.0.1', '6.6.6.6, 192.0.2.1, 10.0.0.2'),
    2,
    '192.0.2.1',
  ],
  ['the peer, if the proxy added nothing', of('10.0.0.1'), 1, '10.0.0.1'],
  ['the IPv4 address, if it is mapped to IPv6', of('::ffff:192.0.2.1'), 0, '192.0.2.1'],
  ['the network of an IPv6 address', of('2001:db8::1'), 0, '2001:db8:0:0::/64'],
  ['the same network for every address in it', of('2001:DB8:0:0:ffff:1:2:3'), 0, '2001:db8:0:0::/64'],
  ['a shortened text, if the proxy sends no address', of('10.0.0.1', 'x'.repeat(500)), 1, 'x'.repeat(64)],
])('a request comes from %s', (_what, request, proxies, address) => {
  expect(clientAddress(request, proxies)).toBe(address);
});
