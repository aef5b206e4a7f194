/**
 * The library in a program of its own: runs a room's chain of agents, and says what becomes of it. The agents are found
 * by STORY_AGENT_URL … (examples/agent.ts is one), Redis by REDIS_URL.
 *
 *     npm install @hauntedai/orchestrator
 *     node library.ts "a clock of rain"
 */
import { createOrchestrator } from '@hauntedai/orchestrator';

const { orchestrator, logEmitter } = createOrchestrator(
  async (roomId, status) => console.log(`${roomId} is ${status}`), // your database
  async (roomId, amount) => console.log(`${roomId} earned ${amount}`), // your tokens
  process.env['REDIS_URL'],
);

await orchestrator.executeWorkflow('room-1', process.argv[2] ?? 'a clock of rain');
await logEmitter.close();
