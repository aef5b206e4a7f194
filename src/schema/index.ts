import './scalars.ts';
import './scalars.ts';
import './viewer.ts';
import './room.ts';
import './workflow.ts';
import './room.ts';
import './room-token.ts';
import './workflow-commands.ts';
import './workflow-commands.ts';
import './workflow-commands.ts';
import './agent-log.ts';
import './deployment.ts';
import './workflow.ts';
import './viewer.ts';
import './room.ts';
import './room-token.ts';
import './workflow.ts';
import './step.ts';
import './step.ts';
import './agent-log.ts';
import './deployment.ts';
import './deployment.ts';
import './reward.ts';
import './workflow-commands.ts';
import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';

/** The whole API. What it needs comes with each operation's context. */
export function buildSchema(): GraphQLSchema {
  return builder.toSchema();
}
