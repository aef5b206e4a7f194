import './scalars.ts';
import './viewer.ts';
import './agents.ts';
import './room.ts';
import './room-token.ts';
import './workflow.ts';
import './artifact.ts';
import './step.ts';
import './step-output.ts';
import './usage.ts';
import './agent-log.ts';
import './deployment.ts';
import './reward.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

/** The whole API. Its dependencies are in the context of each operation. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
