/**
 * Adds the variables of `.env` in the working directory to the environment, unless they are set already. Without the
 * file, does nothing. (Node's --env-file-if-exists would warn each time that there is none.)
 * @throws {Error} the file cannot be read; with one line for the operator
 */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new Error(`.env cannot be read: ${message}`, { cause: error });
  }
}
