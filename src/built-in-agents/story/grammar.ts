import type { Setting } from './haunted-places.ts';

/**
 * The rules of a story in tracery's notation: six paragraphs of 30 to 60 words. Names that recur and the user's words
 * are left as {placeholders}: the user's words must not pass through the grammar, where # and [ ] have a meaning.
 */
export function storyRules(setting: Setting): Record<string, string[]> {
  const { town: _town, local: _local, name: _name, keywords: _keywords, ...lists } = setting;
  return { ...lists, ...PARAGRAPHS, ...WORDS };
}

const PARAGRAPHS = {
  story: ['#legend#\n\n#arrival#\n\n#warning#\n\n#night#\n\n#truth#\n\n#after#'],
  legend: [
    '{town} had two rules: be indoors before dark, and never make light of {subject}. The first was kept by the sensible. The second was kept by everyone, because sooner or later, when #weather#, each of them had heard #sound#, quite close, and had known that it was meant for them.',
    'The first thing you were told in {town} was the way to the inn. The last thing, if they trusted you, was the story of {subject}. They told it quietly, with one hand on the door, and they stopped whenever #sound# could be heard outside, as it can be when #weather#.',
    'A page is missing from the parish book of {town}. Those who have seen it say that it holds one line in brown ink: “{Idea}” There is no date and no name. But on the nights when #weather#, the people there still lie awake and listen for #sound#.',
    'Nobody remembers who first spoke of {subject}. In {town} it was simply known, as one knows which stair will creak. Mothers hummed it, drunkards swore by it, and when #weather#, even the priest would close the shutters early so as not to hear #sound#.',
  ],
  arrival: [
    '{hero} came on the last #ride# of the year with #luggage# and no intention of believing any of it. On the back of an envelope {they} had copied out the words “{idea}”, because somebody had sent them to {them}, again and again, in {their} own handwriting.',
    'It was {hero} who came to prove it false. {They} had #luggage#, a return ticket for the last #ride#, and a letter that said only: “{Idea}” {They} had read it so often that the folds had worn through.',
    '{hero} had not meant to stay. The last #ride# left without {them}, that was all, and the one room to be had looked out on #spot#. On its wall, under seven coats of paint, one could still make out what someone had written there: “{Idea}”',
  ],
  warning: [
    '“{Word1},” said the {local} at once, though {first} had asked only for tea. “That is how it begins. First you hear the word, then you hear #sound#. When you see #light#, do not follow it. And if you follow it, do not give it your name.”',
    'The {local} listened to the end, and then drew a single word in the dust on the table: ‘{word1}’. “It will ask you about this,” said the {local}. “Lie, if you can. Nobody has yet managed it.” Outside, #light# went slowly past the window, looking in.',
    '“You have come about ‘{word1}’,” said the {local}. It was not a question. “They all say they have come for the quiet.” The cups rattled on the shelf. From far off came #sound#, and then, much nearer, the silence that comes after it.',
  ],
  night: [
    'At the twelfth stroke {they} saw it: #light#, waiting at #spot#. {first} went out without a coat. There stood #figure#, so thin that the stars showed through, and the air smelt of #smell#. “{Word2},” it said, as if it were giving back something it had borrowed.',
    'That night {they} woke because the room had grown larger. #light.capitalize# hung in the middle of it. {first} followed it as far as #spot#, where #figure# was writing one word over and over in the frost: ‘{word2}’. It did not look up. It had been expecting {them}.',
    'Sleep would not come, and so {first} walked to #spot#, telling {them}self it was for the air. The air smelt of #smell#. #figure.capitalize# was there already, and behind it hung #light#. “Say it,” it begged. “Say ‘{word2}’. It has been so long since anyone did.”',
  ],
  truth: [
    'Then {first} understood. Nothing here had ever wished anyone harm. {It} was only a memory with nobody left to have it, passing from sleeper to sleeper like a coat too heavy for one pair of shoulders. So {they} held out {their} arms and said: “Tell me, then. All of it, from the start.”',
    'It was not a haunting at all, {they} saw, but a kind of asking. {It} had kept every name that the living had let fall, and had grown tired, and wanted only to be told that it might stop. {first} sat down in the cold and began to read the names aloud.',
    '“You are not the one who is frightening,” {first} said slowly. “You are the one who is afraid.” And {it}, which had waited longer than the town had stood, let go of its breath. It sounded like #sound#, and after that, for the first time, like somebody laughing.',
  ],
  after: [
    'In the morning the room was empty, and on the pillow lay #keepsake#. The people of {town} do not speak of it. But they have a third rule now: when #weather#, somebody must say the words aloud, kindly, so that they are never lonely again: “{Idea}”',
    'They found #keepsake# at #spot#, and the envelope beside it, and nothing more. Some say {first} left by the early #ride#. But there are two voices now, when #weather#, and if you stand quite still you can hear that they are telling each other the same story: “{Idea}”',
    '{first} still lives in {town}, and is the one to whom strangers are sent. {They} will give you tea, and let you hold #keepsake#, and when #weather#, {they} will ask what you have heard. Think before you answer. Whatever you say will be remembered: “{Idea}”',
  ],
};

const WORDS = {
  luggage: [
    'one small suitcase',
    'a borrowed umbrella',
    'a camera wrapped in a scarf',
    'a bag of unanswered letters',
    'a tin of good matches',
  ],
  smell: ['snuffed candles', 'cold iron', 'old rain', 'violets and dust', 'burnt sugar'],
};
