import type { z } from 'zod';
import type { Result, Tools } from '../define-agent.ts';
import type { Model } from '../model/model.ts';
import type { Drawn } from '../model/model-server.ts';
import { titleFrom } from '../title.ts';
import { drawScene } from './draw-scene.ts';
import { drawingPrompt, modelScene, scenePrompt } from './scene-prompt.ts';
import { HEIGHT, WIDTH } from './svg.ts';

type Request = { story: string; storySummary?: string | undefined; variation?: number | undefined };

type Chosen = { title: string; description: string; things: string[]; prompt: string };

/** Characters of the story that describe the scene when the model does not. */
const MAX_GIVEN = 400;
/** Longest description in the theme, in characters. */
const MAX_THEME = 200;

/** Has a model choose the scene, and draws it with the image model; without one, with the built-in drawing. */
export async function drawWithModel(request: Request, model: Model, tools: Tools): Promise<Result> {
  const { story, storySummary, variation } = request;
  await tools.report(`Asking ${model.name} for the scene of a picture`, { model: model.name });
  const messages = scenePrompt(story, storySummary, variation);
  const scene = await model.writeJson(messages, 'scene', modelScene, variation || undefined);
  if (scene === null) await tools.report('The model did not describe a scene: taking it from the story');
  const chosen = chosenFrom(scene ?? { title: '', description: '', things: [] }, request);
  await tools.report(`The scene: ${chosen.description}`, { things: chosen.things });
  if (!model.canDraw) {
    await tools.report('Drawing it without a model: OPENAI_IMAGE_MODEL is not set');
    return drawByRules(request, chosen, tools);
  }
  const drawn = await model.draw(chosen.prompt);
  if ('whyNot' in drawn) {
    await tools.report(`Drawing it without a model: ${drawn.whyNot}`);
    return drawByRules(request, chosen, tools);
  }
  return keep(drawn, chosen, tools);
}

function chosenFrom(scene: z.output<typeof modelScene>, { story, storySummary }: Request): Chosen {
  const given = storySummary ?? story;
  const title = titleFrom(scene.title.trim() === '' ? given : scene.title);
  const described = scene.description.trim() === '' ? scene.things.join(', ') : scene.description.trim();
  const description = described === '' ? [...given.slice(0, 2 * MAX_GIVEN)].slice(0, MAX_GIVEN).join('') : described;
  return { title, description, things: scene.things, prompt: drawingPrompt(description) };
}

async function keep(drawn: Drawn, { title, description, prompt }: Chosen, tools: Tools): Promise<Result> {
  const bytes = Buffer.from(drawn.base64, 'base64');
  const imageCid = await tools.store(drawn.contentType, bytes);
  await tools.report(`${drawn.model} drew a picture in ${(drawn.durationMs / 1_000).toFixed(1)} s`, {
    ...{ cid: imageCid, bytes: bytes.length, model: drawn.model },
  });
  const { model, contentType: format, durationMs } = drawn;
  const theme = themeOf(title, description);
  return { imageCid, imageUrl: tools.urlOf(imageCid), metadata: { theme, prompt, format, model, durationMs } };
}

async function drawByRules(request: Request, { title, things, description }: Chosen, tools: Tools): Promise<Result> {
  const { story, storySummary, variation } = request;
  const drawn =
    things.length === 0
      ? drawScene(story, title, storySummary, { variation })
      : drawScene(description, title, things.join(', '), { language: 'en', variation });
  await tools.report(`Drawing: ${drawn.things.join(', ')}`, { things: drawn.things, composition: drawn.composition });
  const imageCid = await tools.store('image/svg+xml', drawn.svg);
  await tools.report(`Finished a picture of ${WIDTH} × ${HEIGHT}`, { cid: imageCid });
  const theme = themeOf(title, `${description} In ${drawn.palette.name}`);
  const metadata = { theme, prompt: description, width: WIDTH, height: HEIGHT, format: 'image/svg+xml' };
  return { imageCid, imageUrl: tools.urlOf(imageCid), metadata };
}

/** The palette stands at the end, where CodeAgent looks for it. */
function themeOf(title: string, description: string): string {
  const characters = [...description];
  return `${title} — ${characters.length <= MAX_THEME ? description : characters.slice(-MAX_THEME).join('')}`;
}
