/** Why Redis cannot be used. */
export type RedisProblem = {
  /** Completes "Redis …": plain words without addresses and secrets, since anyone may request the readiness report. */
  summary: string;
  /** What the operator can do, as sentences for the server log; empty: wait. */
  advice: string;
  /** Only another configuration helps, so a process does not start with it. */
  isLasting: boolean;
};

const temporary = (summary: string, advice = ''): RedisProblem => ({ summary, advice, isLasting: false });
const lasting = (summary: string, advice: string): RedisProblem => ({ summary, advice, isLasting: true });

const CLUSTER = lasting(
  'is in cluster mode, which is not supported',
  'Use a Redis with cluster mode off: one server, or a primary with replicas behind one address or Sentinel.',
);
const UNTRUSTED = lasting(
  'has a certificate that is not trusted',
  'If your own CA signed it, set NODE_EXTRA_CA_CERTS to the file with the certificate of that CA (PEM).',
);
const UNREACHABLE = temporary('is unreachable');

/** What Redis answers, by a part of the text. The first match counts. */
const BY_MESSAGE: readonly (readonly [RegExp, RedisProblem])[] = [
  [
    /sentinels are unreachable.*(NOAUTH|WRONGPASS)/,
    lasting('cannot be found: its Sentinels refuse the password', 'Add ?sentinel_password=… to REDIS_URL.'),
  ],
  [
    /sentinels are unreachable/,
    temporary(
      'cannot be found: no Sentinel of REDIS_URL names a primary',
      'Check the addresses of the Sentinels and the name of the primary.',
    ),
  ],
  [/READONLY|UNBLOCKED/, temporary('is read-only: the server is a replica now')],
  [/MASTERDOWN/, temporary('is a replica that has lost its primary')],
  [/LOADING/, temporary('is loading its data')],
  [/\bBUSY\b/, temporary('is busy with a script', 'If it does not end, run SCRIPT KILL.')],
  [/CLUSTERDOWN|CROSSSLOT|\bMOVED \d|\bASK \d|not allowed in cluster mode/, CLUSTER],
  [
    /WRONGPASS|invalid password|invalid username-password/,
    lasting(
      'refuses the user name or password of REDIS_URL',
      'Write redis://user:password@host:port, or redis://:password@host:port for the default user, with special ' +
        'characters percent-encoded.',
    ),
  ],
  [/NOAUTH/, lasting('requires a password', 'Write redis://user:password@host:port, or redis://:password@host:port.')],
  [
    /DENIED.*protected mode/,
    lasting(
      'is in protected mode and refuses other machines',
      'Give it a password (requirepass), or set protected-mode no.',
    ),
  ],
  [
    /DB index is out of range/,
    lasting('has no database with the number in REDIS_URL', 'Write a smaller one after the last /; /0 always exists.'),
  ],
  [
    /MISCONF/,
    temporary(
      'refuses writes because it cannot save its data',
      'Its disk may be full or not writable: see its own log and INFO persistence. It accepts writes after the next ' +
        'successful BGSAVE.',
    ),
  ],
  [/\bOOM\b/, temporary('has no memory left', 'Raise its maxmemory, or remove data that is no longer needed.')],
  [
    /NOREPLICAS/,
    temporary(
      'refuses writes because too few replicas are connected',
      'Connect them, or lower its min-replicas-to-write.',
    ),
  ],
  [/max number of clients/, temporary('accepts no more connections', 'Raise its maxclients.')],
  [
    /NOPERM|can't run this command|can't access at least one|ACL failure/,
    lasting('does not allow what the service needs', 'Its ACL has changed: ACL LOG shows what was refused.'),
  ],
  [
    /unknown command|Unknown Redis command/,
    lasting('lacks a command that the service needs', 'Do not rename or disable commands in its configuration.'),
  ],
  [
    /Protocol error, got/,
    lasting(
      'is not a Redis server: another program answers at that address',
      'Correct the host or the port in REDIS_URL.',
    ),
  ],
  [/timed out|Socket timeout/, temporary('does not answer')],
];

/** Errors of the network and of TLS. */
const BY_CODE: Readonly<Record<string, RedisProblem>> = {
  ENOTFOUND: temporary('is unreachable: its host name cannot be resolved'),
  EAI_AGAIN: temporary('is unreachable: its host name cannot be resolved'),
  ENOENT: temporary('is unreachable: there is no such socket'),
  ETIMEDOUT: temporary('is unreachable: no answer within the time limit'),
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  CERT_HAS_EXPIRED: lasting('has a certificate that has expired', 'Renew it.'),
  CERT_NOT_YET_VALID: lasting('has a certificate that is not valid yet', 'Check the clocks of both machines, or wait.'),
  ERR_TLS_CERT_ALTNAME_INVALID: lasting(
    'has a certificate for another host name',
    'Write a host into REDIS_URL that the certificate names.',
  ),
};

/** An error of a Redis client, in words for the operator. */
export function problemOf(error: Error & { code?: unknown }): RedisProblem {
  const byCode = typeof error.code === 'string' ? BY_CODE[error.code] : undefined;
  const known = byCode ?? BY_MESSAGE.find(([pattern]) => pattern.test(error.message))?.[1];
  if (known !== undefined) return known;
  if (error.name === 'ReplyError') return temporary('refuses a command of the service');
  return UNREACHABLE;
}

/**
 * Whether a new connection may reach another server: after a failover behind one address, old connections stay on the
 * server that was the primary.
 */
export function mayReconnectingHelp(error: Error): boolean {
  return /READONLY|UNBLOCKED|MASTERDOWN|LOADING/.test(error.message);
}
