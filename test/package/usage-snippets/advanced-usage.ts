import { 
  OrchestratorService, 
  LogEmitterService,
  WebSocketNotificationService 
} from '@hauntedai/orchestrator';
import { createServer } from 'http';

// Create HTTP server for WebSocket
const httpServer = createServer();
httpServer.listen(3000);

// Create services
const logEmitter = new LogEmitterService(process.env.REDIS_URL);
const wsService = new WebSocketNotificationService(httpServer);

// Create orchestrator
const orchestrator = new OrchestratorService(
  async (roomId, agentType, level, message, metadata) => {
    await logEmitter.emitLog(roomId, agentType, level, message, metadata);
  },
  async (roomId, status) => {
    await updateRoomStatus(roomId, status);
  },
  async (roomId, amount) => {
    await rewardUser(roomId, amount);
  }
);

// Execute workflow
await orchestrator.executeWorkflow(roomId, userInput);

// Send deployment notification
await wsService.sendDeploymentNotification(roomId, deploymentUrl, codeCid);
