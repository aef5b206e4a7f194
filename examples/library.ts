/**
 * The library in a program of your own: runs the agents for a room, and prints the room's log and what becomes of it.
 * The agents are found at STORY_AGENT_URL, ASSET_AGENT_URL, CODE_AGENT_URL and DEPLOY_AGENT_URL. To run it in a checkout
 * with the built-in agents:
 *
 *   npm run example:library -- "a clock of rain"
 */
import { OrchestratorService } from '@hauntedai/orchestrator';

const orchestrator = new OrchestratorService(
  (roomId, agent, level, message) => console.log(`${roomId} ${agent} ${level}: ${message}`), // your log
  (roomId, status) => console.log(`${roomId} is ${status}`), // your database
  (roomId, amount) => console.log(`${roomId} earned ${amount}`), // your tokens
);

await orchestrator.executeWorkflow('room-1', process.argv[2] ?? 'a clock of rain');
