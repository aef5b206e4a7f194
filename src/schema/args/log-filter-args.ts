import { builder } from '../builder.ts';
import { AgentTypeRef } from '../enums/agent-type.ts';
import { LogLevelRef } from '../enums/log-level.ts';

/** Which lines of a log to show; `seq` counts the others as well. */
export const logFilterArgs = builder.args((t) => ({
  agentTypes: t.field({
    type: [AgentTypeRef],
    description: "Only lines written by one of these; everyone's unless told. An empty list counts as absent.",
  }),
  levels: t.field({
    type: [LogLevelRef],
    description: 'Only lines of one of these levels; of all unless told. An empty list counts as absent.',
  }),
}));
