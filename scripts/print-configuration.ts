/** Writes docs/configuration.md and .env.example from src/config/variables.ts. A unit test fails if they differ. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationPage, envExample } from './support/configuration-texts.ts';

const write = (path: string, text: string) =>
  writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
write('docs/configuration.md', configurationPage());
write('.env.example', envExample());
