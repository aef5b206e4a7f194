import { describe, expect, test } from 'vitest';
import { describeRedis, parseRedisUrl } from '../../../src/config/redis-url.ts';

const PLAIN = {
  servers: [{ host: 'h', port: 6379 }],
  socket: null,
  sentinel: null,
  user: null,
  password: null,
  database: 0,
  hasTls: false,
  family: 0,
};

describe('the address in REDIS_URL', () => {
  test.each([
    ['redis://h', {}],
    ['redis://h:6380/', { servers: [{ host: 'h', port: 6380 }] }],
    ['redis://h/2', { database: 2 }],
    ['redis://h/2/', { database: 2 }],
    ['redis://h?db=3', { database: 3 }],
    ['redis:///1', { servers: [{ host: '127.0.0.1', port: 6379 }], database: 1 }],
    ['rediss://h', { hasTls: true }],
    ['REDISS://h', { hasTls: true }],
    ['rediss://h?ssl_cert_reqs=required', { hasTls: true }],
    ['valkeys://default:pw@h', { hasTls: true, user: 'default', password: 'pw' }],
    ['valkey://h', {}],
    ['redis+tls://h', { hasTls: true }],
    ['redis://[::1]:6380', { servers: [{ host: '::1', port: 6380 }] }],
    ['redis://h?family=6', { family: 6 }],
    ['redis://default:p%40s%2Fs@h', { user: 'default', password: 'p@s/s' }],
    ['redis://:pw@h', { password: 'pw' }],
    ['redis://user:@h', { user: 'user', password: '' }],
    ['redis://h?username=u&password=p%26w', { user: 'u', password: 'p&w' }],
    ['redis://[fe80::1%25eth0]', { servers: [{ host: 'fe80::1%eth0', port: 6379 }] }],
    ['redis://h?dial_timeout=5s&max_retries=2&maxRetriesPerRequest=1', {}],
    ['redis://u:p@s:s@h', { user: 'u', password: 'p@s:s' }],
    ['redis://h?protocol=3&socket_timeout=5&connectTimeout=1000', {}],
    ['unix:///run/redis.sock?db=2', { servers: [], socket: '/run/redis.sock', database: 2 }],
    ['redis+unix://:pw@/run/redis.sock', { servers: [], socket: '/run/redis.sock', password: 'pw' }],
    ['redis+socket:///run/redis.sock', { servers: [], socket: '/run/redis.sock' }],
    [
      'redis+sentinel://u:pw@a:1,[::1],b/main/4?sentinel_password=other',
      {
        servers: [
          { host: 'a', port: 1 },
          { host: '::1', port: 26_379 },
          { host: 'b', port: 26_379 },
        ],
        sentinel: { primary: 'main', user: null, password: 'other' },
        user: 'u',
        password: 'pw',
        database: 4,
      },
    ],
  ])('%s is understood', (url, parts) => {
    expect(parseRedisUrl(url)).toEqual({ ...PLAIN, ...parts });
  });

  test.each([
    ['h:6379', /^has no scheme: write redis:\/\/ before the host/],
    ['//h:6379', /^has no scheme/],
    ['redis-cli --tls -u redis://default:secret@h:6379', /^is a command: keep only the URL after -u/],
    ['"redis://:secret@h"', /^is in quotes/],
    ['h:6380,password=secret,ssl=True,abortConnect=False', /^is a connection string of StackExchange.Redis/],
    ['https://secret.upstash.io', /^is the address of an HTTP API/],
    ['mysql://h', /^must begin with redis:\/\//],
    ['redis-cluster://h', /cluster mode, which is not supported/],
    ['redis://a:1,b:2', /^names several servers: for Sentinel, write redis\+sentinel:/],
    ['sentinel://h:26379', /^must have the form redis\+sentinel:/],
    ['redis+sentinel://h:26379', /^must have the form redis\+sentinel:/],
    [
      'redis://secret@h',
      /^has a user without a password: write redis:\/\/user:password@host, or redis:\/\/:password@host/,
    ],
    ['redis://:se#cret@h', /^has a # in it: write it as %23/],
    ['redis://:secret%@h', /must be percent-encoded: a % in the password is written %25/],
    ['redis://h/rooms', /^must have a database number after the host/],
    ['redis://h:0', /^has a port that is not from 1 to 65535/],
    ['redis://h:70000', /^has a port/],
    ['redis://::1:6379', /an IPv6 address needs brackets/],
    ['redis://h?ssl=true', /^has ssl, which asks for TLS: write rediss:\/\//],
    ['rediss://h?ssl_cert_reqs=none', /^has ssl_cert_reqs, which turns off .* NODE_EXTRA_CA_CERTS/],
    ['rediss://h?rejectUnauthorized=false', /^has rejectunauthorized, which turns off/],
    ['rediss://h?ssl_ca_certs=/etc/ca.pem', /^has ssl_ca_certs, .* NODE_EXTRA_CA_CERTS/],
    ['rediss://h?ssl_certfile=/etc/me.pem', /client certificates are not supported/],
    ['redis://h?keyPrefix=secret', /^has a parameter keyprefix that is not supported: remove it/],
    ['redis://h?lazyConnect=true', /^has a parameter lazyconnect that is not supported/],
    ['redis://u:pa?secret1@h', /^has a \? in the user or password: write it as %3F/],
    ['redis://:pa/secret@h', /^has a \/ in the user or password: write it as %2F/],
    ['REDIS_URL=redis://:secret@h', /^begins with the name of a variable/],
    ['redis-cli -h h -p 6379 -a secret', /^is a command: write its host, port and password as redis:/],
    ['/run/redis.sock', /^must have the form unix:\/\/\/path/],
    ['redis:///run/redis.sock', /^must have the form unix:\/\/\/path/],
    ['redis-sentinel://secret@h:26379/0#main', /^must have the form redis\+sentinel:/],
    ['redis+sentinel://h:26379/0/main', /^must have the form redis\+sentinel:/],
    ['redis://$REDIS_HOST:6379', /^has a placeholder as its host/],
    ['redis://[localhost]:6379', /^has brackets around a host that is not an IPv6 address/],
    ['redis://h?sslmode=require', /^has sslmode, which asks for TLS: write rediss:/],
    ['rediss://h?skip_verify=true', /^has skip_verify, which turns off/],
    ['unix://run/redis.sock', /^must have the form unix:\/\/\/path/],
  ])('%s is refused with what to write instead', (url, reason) => {
    const attempt = () => parseRedisUrl(url);
    expect(attempt).toThrow(reason);
    expect(attempt).not.toThrow(/secret/);
  });

  test('is described without its password', () => {
    const described = (url: string) => describeRedis(parseRedisUrl(url));
    expect(described('redis://:pw@[::1]')).toBe('[::1]:6379');
    expect(described('unix:///run/redis.sock')).toBe('/run/redis.sock');
    expect(described('redis+sentinel://:pw@a,b:1/main')).toBe('main of the Sentinels a:26379, b:1');
  });
});
