/** The authors of log lines, as people read them. */
const TITLES: Record<string, string> = {
  STORY: 'StoryAgent',
  ASSET: 'AssetAgent',
  CODE: 'CodeAgent',
  DEPLOY: 'DeployAgent',
  ORCHESTRATOR: 'Orchestrator',
};

/** A newer service may know other agents. */
export const titleOf = (agentType: string): string => TITLES[agentType] ?? agentType;
