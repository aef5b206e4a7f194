import { AGENT_NAMES } from '../../orchestrator/domain/agents.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const AgentNameRef = builder.enumType('AgentName', {
  description: 'The four agents of the chain; they run in the order STORY, ASSET, CODE, DEPLOY.',
  values: enumValues(AGENT_NAMES, {
    story: "Writes a story from the user's input.",
    asset: 'Draws an image for the story.',
    code: 'Makes a page of the story and the image.',
    deploy: 'Publishes the page.',
  }),
});
