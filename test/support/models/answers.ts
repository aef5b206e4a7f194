import type { ServerResponse } from 'node:http';
import type { ModelRequest, Play } from './model-server.ts';
import { sendsJson, streams } from './plays.ts';

/** What a model would write for each of the built-in agents. */
export const STORY =
  '# The Clock of Rain\n\nDenise opened the freezer, and it rained — süß, 雨 und 🌧.\n\nNobody spoke.';
export const STORY_BODY = 'Denise opened the freezer, and it rained — süß, 雨 und 🌧.\n\nNobody spoke.';
export const SCENE = {
  title: 'The Clock of Rain',
  description: 'A clock stands in an open freezer while rain falls around it.',
  things: ['clock', 'rain', 'door'],
};
export const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The Clock of Rain</title><style>body { color: white; background: black; }</style></head>
<body><h1>The Clock of Rain</h1><img src="PICTURE_URL" alt="a clock"><p id="story">Denise opened the freezer.</p>
<button id="go">Wind the clock</button><p id="won" hidden>You won.</p>
<script>document.getElementById('go').addEventListener('click', () => { document.getElementById('won').hidden = false; });</script>
</body>
</html>
`;

/** The smallest PNG: one transparent pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** Which of the agents a request is from. */
export function agentOf({ path, prompt }: ModelRequest): 'story' | 'scene' | 'page' | 'picture' {
  if (path.endsWith('/images/generations')) return 'picture';
  if (prompt.includes('You write a web page')) return 'page';
  return prompt.includes('scene of a picture') ? 'scene' : 'story';
}

export const ANSWERS: Record<ReturnType<typeof agentOf>, Play> = {
  story: streams(STORY),
  scene: streams(JSON.stringify(SCENE)),
  page: streams(PAGE),
  picture: sendsJson({ created: 1, data: [{ b64_json: PNG }] }),
};

/** Answers each agent with what it asks for. */
export const answersAll: Play = (response: ServerResponse, request: ModelRequest) =>
  ANSWERS[agentOf(request)](response, request);
