import { expect, test } from 'vitest';
import { serverEnvironment } from '../../../src/embedded-postgres/server-settings.ts';

test('PostgreSQL’s programs get the variables of nss_wrapper, and nothing else of this process', () => {
  const wrapper = {
    LD_PRELOAD: 'libnss_wrapper.so',
    NSS_WRAPPER_PASSWD: '/tmp/passwd',
    NSS_WRAPPER_GROUP: '/tmp/group',
  };
  const env = { ...wrapper, PATH: '/secret', PGPASSWORD: 'pw', AUTH_JWT_SECRET: 'secret', LC_ALL: 'de_DE.UTF-8' };
  const own = { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' };
  expect(serverEnvironment(env)).toEqual({ ...wrapper, ...own });
  expect(serverEnvironment({ PATH: '/secret', LD_PRELOAD: 'libjemalloc.so' })).toEqual(own);
});
