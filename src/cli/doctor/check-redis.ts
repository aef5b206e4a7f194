import type { Config } from '../../config/parse-config.ts';
import { describeRedis, parseRedisUrl } from '../../config/redis-url.ts';
import { checkRedis } from '../../redis/check-redis.ts';
import { keyPrefix } from '../../redis/names.ts';
import { type Finding, findingsOf } from './finding.ts';

const redis = findingsOf('Redis');

/** The oldest version that BullMQ recommends. */
const OLDEST_VERSION = [6, 2] as const;

export async function checkRedisOf({ redisUrl }: Config): Promise<Finding[]> {
  if (redisUrl === null)
    return [redis.ok('Not used: one process does all the work. Several processes need REDIS_URL.')];
  const where = `Redis at ${describeRedis(parseRedisUrl(redisUrl))}`;
  const { problems, warnings, version } = await checkRedis(redisUrl, keyPrefix('doctor'));
  const findings = [
    ...problems.map(({ summary, advice }) => redis.error(`${where} ${summary}.${advice === '' ? '' : ` ${advice}`}`)),
    ...warnings.map((warning) => redis.warning(`${where} can be used, but ${warning}.`)),
    ...(isTooOld(version)
      ? [redis.warning(`${where} has version ${version}. Use ${OLDEST_VERSION.join('.')} or later.`)]
      : []),
  ];
  if (findings.length > 0) return findings;
  return [
    redis.ok(
      `${where} has ${version === null ? 'what the service needs' : `version ${version}`}, and every command is allowed.`,
    ),
  ];
}

function isTooOld(version: string | null): boolean {
  if (version === null) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
