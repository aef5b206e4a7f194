import { expect, test } from 'vitest';
import { createApiClient } from '../../../src/client/api-client.ts';
import { freePort } from '../../support/network/free-port.ts';

test('a server that does not come back fails the operation with a plain reason', async () => {
  const lost: string[] = [];
  const url = new URL(`http://127.0.0.1:${await freePort()}/graphql`);
  const onConnectionLost = () => lost.push('lost');
  const { signal } = new AbortController();
  const api = createApiClient({ url, token: null, onConnectionLost, signal, maxReconnects: 1 });
  await expect(api.execute('{ viewer { id } }', {})).rejects.toThrow(
    /^The server did not come back \(connect ECONNREFUSED .*\)\. It resumes the workflow when it is started again\.$/,
  );
  expect(lost).toEqual(['lost']);
  api.close();
});
