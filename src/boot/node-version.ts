/** The same as `engines` in package.json. */
const OLDEST_NODE = [22, 12] as const;

/**
 * Why the service cannot run on this version of Node.js; null if it can.
 * @param version `process.versions.node`
 */
export function whyTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const isTooOld = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isTooOld ? `Node.js ${OLDEST_NODE.join('.')} or later is required; this is ${version}.` : null;
}
