/**
 * Moves the entries under Pending in CHANGELOG.md to the version that `npm version` has just written to package.json, and
 * stages the file for npm's commit.
 *
 *   npm version minor        runs it; it fails if nothing is pending
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { releasePending } from './support/release-pending.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const date = new Date().toISOString().slice(0, 'YYYY-MM-DD'.length);
writeFileSync('CHANGELOG.md', releasePending(readFileSync('CHANGELOG.md', 'utf8'), version, date));
execFileSync('git', ['add', 'CHANGELOG.md'], { stdio: 'inherit' });
