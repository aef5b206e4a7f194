import { createOrchestrator } from '@hauntedai/orchestrator';

// Create orchestrator with dependencies
const { orchestrator, logEmitter } = createOrchestrator(
  // Update room status callback
  async (roomId: string, status: string) => {
    await prisma.room.update({ 
      where: { id: roomId }, 
      data: { status } 
    });
  },
  // Reward user callback
  async (roomId: string, amount: number) => {
    await tokenService.rewardUser(roomId, amount);
  },
  // Optional: Redis URL
  process.env.REDIS_URL
);

// Execute workflow
await orchestrator.executeWorkflow(roomId, userInput);

// Clean up
await logEmitter.close();
