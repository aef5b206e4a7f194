/** Names and sentences. A step that a later version adds gets a readable name too. */

type Known = { title: string; doing: string; does: string };
const AGENTS: Readonly<Record<string, Known>> = {
  STORY: { title: 'StoryAgent', doing: 'is writing the story', does: 'writes the story' },
  ASSET: { title: 'AssetAgent', doing: 'is drawing the picture', does: 'draws the picture' },
  CODE: { title: 'CodeAgent', doing: 'is building the page', does: 'builds the page' },
  DEPLOY: { title: 'DeployAgent', doing: 'is publishing the page', does: 'publishes the page' },
};

export const agentTitle = (name: string): string =>
  AGENTS[name]?.title ?? (name === 'ORCHESTRATOR' ? 'Orchestrator' : sentenceCase(name));
export const agentDoing = (name: string): string => AGENTS[name]?.doing ?? 'is working';
export const agentDoes = (name: string): string => AGENTS[name]?.does ?? '';

const STEP_WORDS: Readonly<Record<string, string>> = {
  PENDING: 'Not started',
  RUNNING: 'Running',
  WAITING_TO_RETRY: 'Waiting to retry',
  SUCCEEDED: 'Done',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
export const stepWord = (status: string): string => STEP_WORDS[status] ?? sentenceCase(status);

const WORKFLOW_WORDS: Readonly<Record<string, string>> = {
  QUEUED: 'Queued',
  RUNNING: 'Running',
  SUCCEEDED: 'Done',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
export const workflowWord = (status: string): string => WORKFLOW_WORDS[status] ?? sentenceCase(status);

const ROOM_WORDS: Readonly<Record<string, string>> = {
  DONE: 'Done',
  ERROR: 'Failed',
  IDLE: 'Idle',
  RUNNING: 'Running',
};
export const roomWord = (status: string): string => ROOM_WORDS[status] ?? sentenceCase(status);

const LEVEL_WORDS: Readonly<Record<string, string>> = {
  INFO: 'info',
  SUCCESS: 'done',
  WARN: 'warning',
  ERROR: 'error',
};
export const levelWord = (level: string): string => LEVEL_WORDS[level] ?? level.toLowerCase();

export const isFinal = (status: string): boolean => ['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status);

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

function sentenceCase(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
