/**
 * Adds what `.env` in the working directory says to the environment, whose own variables win; without such a file,
 * nothing. (Node's --env-file-if-exists does the same and complains each time that there is none.)
 * @throws {Error} when the file cannot be read, with one line for a person
 */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new Error(`.env cannot be read: ${message}`, { cause: error });
  }
}
