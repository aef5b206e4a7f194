/** Where a story takes place: word lists for the grammar. Every entry fits wherever its list is used. */
export type Setting = {
  name: 'sea' | 'forest' | 'house' | 'city' | 'moor';
  /** Words of the user that lead to this setting. */
  keywords: RegExp;
  town: string[];
  /** Used after “when”. */
  weather: string[];
  /** Something that is heard, with an article. */
  sound: string[];
  /** Something that is seen, with an article. */
  light: string[];
  /** Used after “at”. */
  spot: string[];
  /** Somebody who lives there, without an article. */
  local: string[];
  /** What brings strangers; used after “the last”. */
  ride: string[];
  /** Somebody who is met, with an article. */
  figure: string[];
  /** Something that is left behind, with an article. */
  keepsake: string[];
};

/** The setting whose keywords occur most often in the text; the moor when none does. */
export function settingFor(text: string): Setting {
  let best: Setting = MOOR;
  let most = 0;
  for (const setting of [SEA, FOREST, CITY, HOUSE]) {
    const found = [...text.matchAll(new RegExp(setting.keywords, 'gi'))].length;
    if (found > most) [best, most] = [setting, found];
  }
  return best;
}

const HOUSE: Setting = {
  name: 'house',
  keywords:
    /\b(?:house|home|mansion|hotel|attic|cellar|rooms?|castle|library|school|doors?|dolls?|mirrors?|piano|clock|cats?|kitchen|museum|theat(?:re|er)|bakery|books?|paintings?|staircase|tower)\b/i,
  town: ['Candlewick Row', 'Dunmere', 'Latchford', 'Hob Lane', 'Sorrow Hall', 'Great Wexing'],
  weather: [
    'the rain forgets the roof',
    'the clocks disagree',
    'the fires burn low and blue',
    'the frost draws on the inside of the glass',
  ],
  sound: [
    'a piano playing one note',
    'someone setting a table upstairs',
    'a door being closed politely',
    'laughter behind the wallpaper',
  ],
  light: [
    'a candle going from room to room',
    'a lamp that lit itself',
    'a thin gold line under the door',
    'a match struck in the dark',
  ],
  spot: ['the top of the back stairs', 'the locked nursery', 'the long gallery', 'the door that was painted shut'],
  local: ['housekeeper', 'clockmaker', 'piano tuner', 'gardener’s son'],
  ride: ['coach', 'evening bus', 'train'],
  figure: [
    'a lady with no reflection',
    'a butler in grey gloves',
    'a child in a paper crown',
    'an old man carrying his own portrait',
  ],
  keepsake: ['a silver thimble', 'a visiting card edged in black', 'a stopped watch', 'a single piano key'],
};

const CITY: Setting = {
  name: 'city',
  keywords:
    /\b(?:city|street|trains?|subway|metro|station|computers?|robots?|phones?|internet|office|hospital|factory|machines?|spaceship|space|android|server|elevator|taxi|traffic|neon|radio|television|ai)\b/i,
  town: [
    'Eastgate Terminus',
    'the Ninth District',
    'Lowline',
    'Glasshouse Yard',
    'Old Circuit Street',
    'Platform Town',
  ],
  weather: [
    'the neon begins to stutter',
    'the last trains run empty',
    'every screen goes dark for a breath',
    'steam stands still above the grates',
  ],
  sound: [
    'a telephone ringing in a wall',
    'an announcement for a train long withdrawn',
    'a dial tone that hums along',
    'typing from a locked office',
  ],
  light: [
    'a blinking cursor',
    'a vacant sign',
    'a signal stuck at amber',
    'a lit window on a floor that was never built',
  ],
  spot: [
    'the disused platform',
    'the bottom of the lift shaft',
    'the last booth on the corner',
    'the door marked with no number',
  ],
  local: ['night porter', 'switchboard operator', 'signalman', 'newspaper seller'],
  ride: ['tram', 'night bus', 'train'],
  figure: [
    'a conductor with no face',
    'a woman of static',
    'a messenger who never arrived',
    'a passenger still waiting for 1962',
  ],
  keepsake: ['a punched ticket', 'a warm coin', 'a burnt-out fuse', 'a cassette with no label'],
};

const SEA: Setting = {
  name: 'sea',
  keywords:
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

const FOREST: Setting = {
  name: 'forest',
  keywords:
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

/** Used when no keyword leads elsewhere. */
const MOOR: Setting = {
  name: 'moor',
  keywords: /(?!)/,
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
