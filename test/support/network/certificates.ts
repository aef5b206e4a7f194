import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programFromDebian } from '../processes/debian-package.ts';

const run = promisify(execFile);

/** Paths of PEM files. */
export type CertificateFiles = { ca: string; cert: string; key: string };

/**
 * Makes a certificate authority in `folder`, and a certificate that it signed.
 * @param subjectAltName as OpenSSL writes it: `DNS:localhost,IP:127.0.0.1`
 */
export async function makeCertificates(folder: string, subjectAltName: string): Promise<CertificateFiles> {
  const openssl = await programFromDebian('openssl', 'openssl');
  const file = (name: string) => join(folder, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = ['-x509', '-days', '2', '-subj', '/CN=Test CA', '-keyout', file('ca.key'), '-out', file('ca.pem')];
  await run(openssl, ['req', ...newKey, ...ca]);
  const request = ['-subj', '/CN=Test server', '-keyout', file('server.key'), '-out', file('server.csr')];
  await run(openssl, ['req', ...newKey, ...request]);
  await writeFile(file('server.ext'), `subjectAltName=${subjectAltName}\n`);
  const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
  await run(openssl, [
    'x509',
    '-req',
    '-in',
    file('server.csr'),
    ...signer,
    '-extfile',
    file('server.ext'),
    '-out',
    file('server.pem'),
  ]);
  return { ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key') };
}
