import { AGENT_TYPES } from '../../orchestrator/domain/agents.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const AgentTypeRef = builder.enumType('AgentType', {
  description: "Who wrote a line of a room's log.",
  values: enumValues(AGENT_TYPES, {
    story: 'StoryAgent, while it works.',
    asset: 'AssetAgent, while it works.',
    code: 'CodeAgent, while it works.',
    deploy: 'DeployAgent, while it works.',
    orchestrator:
      "The service itself: a workflow's start and end, each attempt, each wait, the deployment, the reward.",
  }),
});
