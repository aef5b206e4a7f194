import { expect, test } from 'vitest';
import { createApiClient } from '../../../demo/api-client.ts';
import { freePort } from '../../support/network/free-port.ts';

test('a server that stays away is given up for a reason that a person understands', async () => {
  const lost: string[] = [];
  const url = new URL(`http://127.0.0.1:${await freePort()}/graphql`);
  const api = createApiClient(url, () => lost.push('lost'), new AbortController().signal, 1);
  await expect(api.execute('{ viewer { id } }', {})).rejects.toThrow(
    /^The server did not come back \(connect ECONNREFUSED .*\)\. What was under way goes on at its next start\.$/,
  );
  expect(lost).toEqual(['lost']);
  api.close();
});
