/**
 * Adds what `.env` in the working directory says to the environment, whose own variables win; without such a file,
 * nothing. (Node's --env-file-if-exists does the same and complains each time that there is none.)
 * @throws {Error} when the file cannot be read
 */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
