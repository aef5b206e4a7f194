import type { Setting } from './setting.ts';

export const SEA: Setting = {
  name: 'sea',
  signs:
    /\b(?:sea|seas|ocean|lighthouse|sailors?|ships?|boats?|harbou?r|drown(?:ed|ing)?|island|coast|waves?|tides?|pirates?|mermaids?|fish|whales?|beach|captain|anchor|submarine|river|lake|water)\b/i,
  town: ['Saltreach', 'Greywater', 'Marrow Quay', 'Kelpness', 'Lastlight', 'Brinemouth'],
  weather: [
    'the fog comes in off the water',
    'the tide goes out too far',
    'the wind drops all at once',
    'the gulls fly inland',
  ],
  sound: [
    'a bell with no rope',
    'oars that never reach the shore',
    'someone counting under the water',
    'a hymn sung backwards',
  ],
  light: ['a green lamp', 'a candle in a bottle', 'a pale beam', 'a lantern with no flame'],
  spot: ['the end of the harbour wall', 'the foot of the sea stairs', 'the drowned chapel', 'the tide mark'],
  local: ['ferryman', 'netmender', 'harbour master', 'pilot’s widow'],
  ride: ['ferry', 'mail boat', 'herring train'],
  figure: [
    'a figure in wet oilskins',
    'a boy with seaweed in his hair',
    'a woman made of spray',
    'the last of a grey crew',
  ],
  keepsake: ['a brass button', 'a ring crusted with salt', 'a cork float with a name on it', 'a wet glove'],
};

export const FOREST: Setting = {
  name: 'forest',
  signs:
    /\b(?:forest|woods?|trees?|wolf|wolves|garden|deer|owls?|fox|roots?|leaves|mushrooms?|witch|mountain|cabin|hunters?|bears?)\b/i,
  town: ['Thornwick', 'Hollin Deep', 'Nether Alder', 'Ashenholt', 'Crowsfold', 'Yewbarrow'],
  weather: [
    'the leaves turn their backs',
    'the mist climbs out of the ferns',
    'the owls stop answering',
    'the snow falls upwards',
  ],
  sound: [
    'a branch that breaks twice',
    'footsteps keeping pace',
    'a child humming in the bark',
    'an axe with no woodsman',
  ],
  light: [
    'a will-o’-the-wisp',
    'a window where no house stands',
    'a ring of small blue fires',
    'a lantern hung too high',
  ],
  spot: ['the crossing of the seven paths', 'the hollow oak', 'the old charcoal pit', 'the last gate before the trees'],
  local: ['forester', 'beekeeper', 'miller', 'midwife'],
  ride: ['cart', 'timber wagon', 'sleigh'],
  figure: [
    'a stag with a tired human face',
    'a girl crowned with moths',
    'a man whose shadow had roots',
    'a grey wolf that did not breathe',
  ],
  keepsake: [
    'a feather as white as salt',
    'a wooden button',
    'an acorn that was warm to the touch',
    'a key grown over with moss',
  ],
};

/** Where no word leads elsewhere. */
export const MOOR: Setting = {
  name: 'moor',
  signs: /(?!)/,
  town: ['Hallow Cross', 'Wintermoor', 'Dusk End', 'Cold Harrow', 'Bleakstead', 'Saint Orrin'],
  weather: [
    'the mist lies down in the road',
    'the moon comes up the wrong colour',
    'the dogs refuse the hill',
    'the bells freeze in the tower',
  ],
  sound: [
    'a voice reading out names',
    'wheels on a road that is gone',
    'a whisper in the chimney',
    'three slow knocks',
  ],
  light: ['a lantern on the hill', 'a blue spark', 'a candle that the wind could not find', 'a lit window in the ruin'],
  spot: ['the churchyard gate', 'the standing stones', 'the well with the iron lid', 'the milestone with no number'],
  local: ['sexton', 'shepherd', 'innkeeper', 'bell ringer'],
  ride: ['coach', 'post van', 'train'],
  figure: [
    'a pale rider with no horse',
    'a bride in grey lace',
    'a watchman without a shadow',
    'a small ghost with grave manners',
  ],
  keepsake: ['a black ribbon', 'a cold coin', 'a pressed flower', 'a page in an unknown hand'],
};
