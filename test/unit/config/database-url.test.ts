import { describe, expect, test } from 'vitest';
import { describeDatabase, parseDatabaseUrl } from '../../../src/config/database-url.ts';

const at = (host: string | null, port: number | null = null) => ({ host, port });

describe('the address in DATABASE_URL', () => {
  test.each([
    ['postgres://ann:pw@db.example.com:6432/rooms', [at('db.example.com', 6432)]],
    ['postgresql://db.example.com/rooms', [at('db.example.com')]],
    ['postgres://[::1]/rooms', [at('::1')]],
    ['postgres://ann:pw@[2001:db8::1]:6432/rooms', [at('2001:db8::1', 6432)]],
    ['postgres://a:1,b:2/rooms', [at('a', 1), at('b', 2)]],
    ['postgres://[::1]:1,b/rooms', [at('::1', 1), at('b')]],
    ['postgres:///rooms', [at(null)]],
    ['postgres:///rooms?host=a,b&port=1,2', [at('a', 1), at('b', 2)]],
    ['postgres:///rooms?host=::1', [at('::1')]],
    ['postgres://db.example.com/rooms?port=6543', [at('db.example.com', 6543)]],
  ])('%s names its servers', (url, servers) => {
    expect(parseDatabaseUrl(url)).toMatchObject({ servers, socket: null, database: 'rooms' });
  });

  test.each([
    ['postgres:///rooms?host=/run/postgresql', '/run/postgresql', 5432],
    ['postgres://ann:pw@%2Frun%2Fpostgresql:5433/rooms', '/run/postgresql', 5433],
    ['postgres://ann:pw@/rooms?host=/cloudsql/project:region:instance', '/cloudsql/project:region:instance', 5432],
  ])('%s names a Unix socket', (url, folder, port) => {
    const address = parseDatabaseUrl(url);
    expect(address).toMatchObject({ servers: [], socket: { folder, port }, database: 'rooms' });
    expect(describeDatabase(address)).toBe(folder);
  });

  test('names and passwords are decoded, also with an @ or a colon in them', () => {
    expect(parseDatabaseUrl('postgres://an%40n:p:w%2F@w@h/my%20rooms')).toMatchObject({
      user: 'an@n',
      password: 'p:w/@w',
      database: 'my rooms',
    });
    expect(parseDatabaseUrl('postgres:///rooms?host=h&user=ann&password=p%26w')).toMatchObject({
      user: 'ann',
      password: 'p&w',
    });
  });

  test('the servers are described with their ports and without the password', () => {
    expect(describeDatabase(parseDatabaseUrl('postgres://ann:pw@[::1]:1,b/rooms'))).toBe('[::1]:1, b');
    expect(describeDatabase(parseDatabaseUrl('postgres:///rooms'))).toBe('localhost');
  });
});

describe('encryption in DATABASE_URL', () => {
  test.each([
    ['', 'disable'],
    ['sslmode=disable', 'disable'],
    ['sslmode=allow', 'prefer'],
    ['sslmode=prefer', 'prefer'],
    ['sslmode=require', 'require'],
    ['sslmode=no-verify', 'require'],
    ['sslmode=verify-ca', 'verify-ca'],
    ['sslmode=verify-full', 'verify-full'],
    ['ssl=true', 'verify-full'],
    ['ssl=0', 'disable'],
    ['ssl=require', 'require'],
    ['sslmode=require&sslrootcert=/ca.pem', 'verify-ca'],
    ['sslmode=no-verify&sslrootcert=/ca.pem', 'require'],
    ['sslmode=require&sslrootcert=system', 'verify-full'],
    ['sslmode=require&sslaccept=strict', 'verify-full'],
    ['sslmode=require&channel_binding=require', 'verify-full'],
    ['channel_binding=require', 'verify-full'],
    ['sslmode=require&channel_binding=prefer', 'require'],
  ])('?%s is the mode %s', (query, mode) => {
    expect(parseDatabaseUrl(`postgres://h/rooms?${query}`)).toMatchObject({ tls: { mode }, settings: {} });
  });

  test('the files of certificates and keys are read from the parameters of libpq', () => {
    const query = 'sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&sslpassword=pw';
    expect(parseDatabaseUrl(`postgres://h/rooms?${query}`).tls).toEqual({
      mode: 'verify-full',
      caFile: '/ca.pem',
      certFile: '/c.pem',
      keyFile: '/k.pem',
      keyPassword: 'pw',
      isChannelBound: false,
      isDirect: false,
    });
  });
});

describe('parameters of DATABASE_URL', () => {
  test('parameters for other drivers are not sent to the server', () => {
    const query =
      'schema=public&pgbouncer=true&connection_limit=5&pool_timeout=10&connect_timeout=3&statement_cache_size=0&' +
      'supa=base-pooler.x&gssencmode=disable&client_encoding=utf8&target_session_attrs=any&serverVersion=16&charset=utf8';
    expect(parseDatabaseUrl(`postgres://h/rooms?${query}`)).toMatchObject({
      poolSize: 5,
      connectTimeoutS: 3,
      targetSessionAttrs: null,
      settings: {},
    });
  });

  test('other parameters are settings of the session', () => {
    const url = 'postgres://h/rooms?application_name=rooms&options=-c%20work_mem%3D64MB+x&target_session_attrs=primary';
    expect(parseDatabaseUrl(url)).toMatchObject({
      targetSessionAttrs: 'primary',
      settings: { application_name: 'rooms', options: '-c work_mem=64MB+x' },
    });
  });
});

describe('a DATABASE_URL that cannot be used', () => {
  test.each([
    ['db.example.com:5432/rooms', /^must be a URL like postgres:/],
    ['mysql://h/rooms', /^must be a URL like postgres:/],
    ['jdbc:postgresql://h/rooms', /not with jdbc:/],
    ['postgresql+asyncpg://h/rooms', /remove the \+ and the name of the driver/],
    ['prisma+postgres://h/?api_key=x', /direct connection string/],
    ['postgres://u:100%@h/rooms', /a % in the password is written %25/],
    ['postgres://u:p#w@h/rooms', /percent-encode/],
    ['postgres://u:p/w@h/rooms', /port|percent-encode/],
    ['postgres://::1/rooms', /IPv6 address stands in brackets/],
    ['postgres://h:0/rooms', /port from 1 to 65535/],
    ['postgres://h:70000/rooms', /port from 1 to 65535/],
    ['postgres://h/rooms?sslmode=yes', /unknown sslmode: use disable, prefer/],
    ['postgres://h/rooms?sslmode=disable&channel_binding=require', /channel_binding=require without TLS/],
    ['postgres://h/rooms?schema=app', /cannot choose a schema/],
    ['postgres://h/rooms?currentSchema=app', /cannot choose a schema/],
    ['postgres://h/rooms?search_path=app', /cannot choose a schema/],
    ['postgres://h/rooms?client_encoding=latin1', /client_encoding/],
    ['postgres://h/rooms?gssencmode=require', /gssencmode/],
    ['postgres://h/rooms?target_session_attrs=standby', /target_session_attrs=primary/],
    ['postgres://h/rooms?connection_limit=many', /connection_limit/],
    ['postgres:///rooms?host=/run/postgresql,/tmp', /either one Unix socket/],
  ])('%s is refused, with what to write instead', (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(reason);
  });
});
