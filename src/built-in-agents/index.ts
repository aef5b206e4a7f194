export { type BuiltInAgents, type BuiltInAgentsOptions, startBuiltInAgents } from './start-built-in-agents.ts';
