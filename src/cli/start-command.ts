/** The published package contains JavaScript. */
export const IS_CHECKOUT = import.meta.filename.endsWith('.ts');

/** How a user of this installation starts the service. */
export const START_COMMAND = IS_CHECKOUT ? 'npm start' : 'npx hauntedai-orchestrator';

/** How a user of this installation runs another command. */
export const commandOf = (args: string): string =>
  IS_CHECKOUT ? `npm start -- ${args}` : `npx hauntedai-orchestrator ${args}`;
