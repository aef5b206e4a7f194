import type { Setting } from './setting.ts';

export const HOUSE: Setting = {
  name: 'house',
  signs:
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

export const CITY: Setting = {
  name: 'city',
  signs:
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
