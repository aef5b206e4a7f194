import type { AgentName } from './agents.ts';
import type { Decision } from './chain.ts';

/** The JSON body of a call. */
export type AgentInput = Record<string, unknown>;
/** An agent's response as it was received, unknown fields included. */
export type AgentResult = Record<string, unknown>;
export type StepResults = Partial<Record<AgentName, AgentResult>>;

/** What an agent's input is made from. */
export type ChainContext = {
  roomId: string;
  /** The room's owner. */
  userId: string;
  userInput: string;
  /** The language to answer in, as BCP 47. @default chosen by each agent */
  language?: string | null;
  /** Asks for another result for the same input. @default none */
  variation?: number | null;
  /** The results of the agents that have succeeded. */
  results: StepResults;
};

/** What DeployAgent published; `codeCid` is null when it had no code. */
export type Deployment = { deploymentUrl: string; codeCid: string | null };

const THEME_LENGTH = 200;
/** Used when there is neither a story nor an input. */
const DEFAULT_THEME = 'a haunted room';

/**
 * The JSON body that is sent to an agent. It replaces results that are missing because an agent failed: the story by the
 * user's input, the theme by the beginning of the story, the code by a null `codeCid`.
 */
export function agentInput(agent: AgentName, context: ChainContext): AgentInput {
  const { language, variation } = context;
  return { ...ownInput(agent, context), ...present({ language, variation }) };
}

/** What only this agent is sent. */
function ownInput(agent: AgentName, context: ChainContext): AgentInput {
  const { roomId, userId, userInput, results } = context;
  const story = text(results.story?.['story']) ?? userInput;
  const imageCid = text(results.asset?.['imageCid']);
  switch (agent) {
    case 'story':
      return { input: userInput, userId, roomId };
    case 'asset':
      return { story, ...present({ storySummary: text(metadata(results.story)['summary']) }), userId, roomId };
    case 'code':
      return {
        story,
        imageTheme: imageTheme(results, story),
        ...present({ imageCid, imageUrl: text(results.asset?.['imageUrl']) }),
        roomId,
      };
    case 'deploy': {
      const codeCid = text(results.code?.['cid']);
      if (codeCid !== undefined) return { codeCid, roomId };
      return { codeCid: null, story, ...present({ imageCid }), roomId };
    }
  }
}

/** The deployment to announce, from what DeployAgent was sent and what it answered; null when there is none. */
export function announcedDeployment(
  decisions: readonly Decision[],
  input: AgentInput,
  result: AgentResult,
): Deployment | null {
  if (decisions.every(({ type }) => type !== 'announceDeployment')) return null;
  const { codeCid } = input;
  return { deploymentUrl: String(result['deploymentUrl']), codeCid: typeof codeCid === 'string' ? codeCid : null };
}

/** AssetAgent's theme, else its prompt, else the story's first sentence of at most 200 characters; never empty. */
function imageTheme(results: StepResults, story: string): string {
  const { theme, prompt } = metadata(results.asset);
  return text(theme) ?? text(prompt) ?? text(firstSentence(story)) ?? DEFAULT_THEME;
}

function firstSentence(story: string): string {
  const trimmed = story.trim();
  const sentence = /^[\s\S]*?[.!?…](?=\s|$)/u.exec(trimmed)?.[0] ?? trimmed;
  // By code points, so that no surrogate pair is split.
  return [...sentence].slice(0, THEME_LENGTH).join('');
}

function metadata(result: AgentResult | undefined): Record<string, unknown> {
  const value = result?.['metadata'];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The value if it is a string that is not blank, else undefined. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function present(fields: AgentInput): AgentInput {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}
