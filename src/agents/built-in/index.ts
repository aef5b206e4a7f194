export type { Behaviour } from './behaviour.ts';
export { type BuiltInAgents, type BuiltInAgentsOptions, startBuiltInAgents } from './start-built-in-agents.ts';
