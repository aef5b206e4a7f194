/**
 * Writes src/built-in-agents/things/: what the built-in agents can draw and name, in nine languages. Needed only when the
 * list below changes. Shapes come from game-icons (CC BY 3.0), words from Unicode CLDR. Run it after
 * `npm install --no-save @iconify-json/game-icons@1.2.4 cldr-annotations-full@48.2.0`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** The further words of a thing are too far from it: a ghost is a creature and a fairy tale too. */
const MOST_NAMES = 2;
const LANGUAGES = ['en', 'es', 'de', 'fr', 'ar', 'hi', 'ja', 'zh', 'pt'];

/** Emoji, shape, and further English words, one thing a line. An emoji brings its own words. */
const THINGS = `
👻 ghost | ghost spirit phantom spectre spook fantasma geist gespenst fantôme شبح भूत 幽霊 鬼 призрак
🤖 vintage-robot | robot android machine ai
🧛 vampire-dracula | vampire Dracula
🦜 parrot-head | parrot bird
🐍 snake | snake serpent cobra
🕰️ cuckoo-clock | clock clockmaker reloj relojes uhr horloge ساعة घड़ी 時計 钟
⌚ pocket-watch | watch
🎃 pumpkin-lantern | pumpkin halloween
🦇 bat | bat
🐉 spiked-dragon-head | dragon
🐺 wolf-howl | wolf werewolf wolves
🦉 owl | owl
🐦‍⬛ raven | raven crow
🐈 cat | cat kitten кошка кот gato gata katze chat chats 猫
🐕 sitting-dog | dog puppy hound собака perro hund chien
🐀 rat | rat
🐁 mouse | mouse mice hamster
🕷️ hanging-spider | spider
🐟 angler-fish | fish
🐋 sperm-whale | whale
🦈 shark-jaws | shark
🐙 octopus | octopus kraken
🧜 mermaid | mermaid
🏴‍☠️ pirate-captain | pirate captain
⛵ drakkar | boat sailboat sailor sailors моряков البحارة marinero matrosen marins 船
🚢 cargo-ship | ship ferry riverboat
🤿 submarine | submarine
⚓ anchor | anchor harbour
🏝️ island | island
🌧️ heavy-rain | rain storm monsoon lluvia regen pluie chuva مطر बारिश 雨 дождь
☂️ umbrella | umbrella
⚡ lightning-storm | lightning thunder
❄️ snowflake-1 | snow snowflake ice freezer frost
🔥 fire | fire flame
🕯️ candle-holder | candle दीपक दीया दीप
🏮 old-lantern | lantern lamp
🔑 key | key
🔒 padlock | lock
🚪 wooden-door | door
🪟 window | window
🪞 mirror-mirror | mirror
🛏️ bed | bed bedroom
🪑 rocking-chair | chair
☕ coffee-cup | cup coffee tea चाय شاي 茶
🍞 sliced-bread | bread bakery baker
🍪 cookie | cookie biscuit
🧀 cheese-wedge | cheese
🍎 shiny-apple | apple
🌲 pine-tree | forest woods bosque wald forêt غابة जंगल 森 森林 лес
🌳 dead-wood | tree
🍄 mushrooms | mushroom
🌷 flowers | flower garden
🌹 rose | rose
❤️ hearts | heart love
💍 diamond-ring | ring wedding
👑 crown | crown king queen prince princess
⚔️ crossed-swords | sword knight
📖 book-cover | book library biblioteca bibliothek bibliothèque مكتبة 図書館 图书馆 книга
📜 tied-scroll | scroll
✉️ envelope | letter letters mailman postman envelope
✒️ quill-ink | pen quill
🎻 violin | violin violinist violinista
🎹 grand-piano | piano
🎸 guitar | guitar
🥁 drum | drum
🎺 trumpet | trumpet
🎵 musical-notes | music song lullaby
📻 pocket-radio | radio
📺 tv | television tv
💻 laptop | computer laptop software app website program function dashboard button checkout browser password wifi internet server database spreadsheet email algorithm code bug
☎️ rotary-phone | phone telephone
📷 photo-camera | camera photograph
🧊 fridge | fridge freezer refrigerator
🛒 shopping-cart | supermarket market shop cashier
🚗 city-car | car taxi
🚲 dutch-bike | bicycle bike
🚀 rocket | rocket spaceship
🛰️ satellite | satellite
🪐 ringed-planet | planet planets saturn mars venus jupiter
🌍 earth-africa-europe | earth world globe
🌙 moon | moon luna mond lune قمر चाँद 月 月亮 луна
☀️ sun | sun
⭐ barbed-star | star stars
🧑‍🚀 astronaut-helmet | astronaut cosmonaut space
👽 alien-skull | alien
🛸 ufo | ufo
🔭 telescope | telescope astronomer
💀 skull-crossed-bones | skull death
🦴 skeleton | skeleton bones
⚰️ coffin | coffin
🧙 witch-flight | witch bruja hexe sorcière ведьма
🧹 broom | broom
🧪 cauldron | cauldron potion
🎭 drama-masks | theatre theater mask
🧟 shambling-zombie | zombie
🏥 hospital | hospital nurse doctor patient
🏫 school-bag | school teacher class pupil
🌉 stone-bridge | bridge
💨 windmill | windmill mill
📡 radio-tower | tower antenna
⛺ camping-tent | tent camp
🧳 suitcase | suitcase luggage
🪙 coins | coin money gold treasure
💎 cut-diamond | diamond jewel
🍾 brandy-bottle | bottle
✂️ scissors | scissors
🔨 hammer-nails | hammer
🪓 wood-axe | axe
⚙️ gears | gear factory engine
🐴 horse-head | horse
🦄 unicorn | unicorn
🐘 elephant | elephant circus
🐻 bear-head | bear
🦁 lion | lion
🐒 monkey | monkey
🐸 frog | frog toad
🐢 turtle | turtle tortoise
🦋 butterfly | butterfly moth
🐝 bee | bee bees
🐌 snail | snail
🦊 fox | fox
🐇 rabbit | rabbit hare
🦌 deer | deer stag
🦢 swan | swan
🦆 duck | duck
🐔 chicken | chicken hen
🦖 dinosaur-rex | dinosaur
🎈 balloons | balloon party
🪁 kite | kite
🔔 ringing-bell | bell
🗺️ treasure-map | map
🧭 compass | compass
🎪 carousel | carousel circus carnival fair
♟️ chess-queen | chess
🎲 dice-six-faces-five | dice
🪆 voodoo-doll | doll toy गुड़िया دمية muñeca puppe poupée
🤡 clown | clown
🗿 moai | statue stone
🚁 delivery-drone | drone helicopter
🌡️ thermometer-cold | temperature thermometer
👧 meeple | girl child children daughter
👵 spectre | grandmother widow nun bride औरत दादी abuela avó großmutter
👤 shadow-follower | shadow
💤 night-sleep | dream dreams sleep
🍷 wine-glass | wine
⛰️ mountains | mountain 山
🌊 big-wave | sea ocean wave mar meer mer بحر समुद्र 海 море
🕳️ well | well
🪦 tombstone | grave graves graveyard cemetery tomb
🧁 cake-slice | cake
👓 spectacles | glasses
🐬 dolphin | dolphin
🦷 tooth | tooth teeth dentist
🍕 pizza-slice | pizza
🛗 elevator | elevator lift
🎤 microphone | microphone singer concert
🏞️ river | river lake नदी río fluss rivière rio نهر 川 河 река
🚌 bus | bus
⛄ snowman | snowman
🌻 sunflower | sunflower
🪷 lotus | lotus
🦀 crab | crab
🐧 penguin | penguin
🦘 kangaroo | kangaroo
🐫 camel | camel
🐐 goat | goat
🐑 sheep | sheep lamb
🐄 cow | cow
🐖 pig | pig
🐅 tiger | tiger
🐼 panda | panda
🧵 sewing-machine | sewing tailor dressmaker
🧮 calculator | calculator accountant invoice
🪜 stairs | stairs staircase
✈️ airplane | airplane plane airport pilot
🍺 beer-stein | beer pub
🍦 ice-cream-cone | ice-cream icecream
🍔 hamburger | hamburger burger
🍌 banana | banana
🍚 bowl-of-rice | rice
🍜 noodles | noodle noodles ramen soup
🌵 cactus | cactus desert
🌋 volcano | volcano
⚽ soccer-ball | football soccer goalkeeper
🎩 top-hat | hat magician
👟 running-shoe | shoe shoes
👢 boots | boot boots
🔎 magnifying-glass | detective magnifier
🧠 brain | brain
🔬 microscope | microscope scientist
💉 syringe | syringe vaccine
💊 pill | pill medicine
⚖️ scales | scales judge lawyer
🏆 trophy | trophy
🎁 present | present gift
🧩 puzzle | puzzle
💡 light-bulb | bulb
🎷 saxophone | saxophone
🎨 palette | painter painting palette
🪚 hand-saw | carpenter
🥔 potato | potato potatoes
🍂 falling-leaf | leaf leaves autumn
👹 ogre | monster ogre demon
🔧 spanner | spanner wrench plumber plumbers mechanic
🏠 spooky-house | house home mansion hotel casa haus maison بيت घर हवेली 家 房子 дом bakery
🏰 castle | castle palace
⛪ church | church cathedral chapel
🏙️ modern-city | city street
🚆 steam-locomotive | train railway subway metro tren zug train bahnhof estación gare station 駅 车站 火车 поезд
🗼 lighthouse | lighthouse beacon faro leuchtturm phare منارة 灯台 灯塔 маяк
`;

type Icons = { icons: Record<string, { body: string }> };
type Annotations = { annotations: { annotations: Record<string, { default?: string[]; tts?: string[] }> } };
const read = <T>(path: string): T => JSON.parse(readFileSync(`node_modules/${path}`, 'utf8'));
const { icons } = read<Icons>('@iconify-json/game-icons/icons.json');
const annotations = LANGUAGES.map(
  (language) =>
    read<Annotations>(`cldr-annotations-full/annotations/${language}/annotations.json`).annotations.annotations,
);

const rows = THINGS.trim()
  .split('\n')
  .flatMap((line) => {
    const [, emoji = '', icon = '', words = ''] = /^(\S+) (\S+) \| (.+)$/.exec(line) ?? [];
    const shape = [...(icons[icon]?.body ?? '').matchAll(/ d="([^"]+)"/g)].map(([, d]) => d).join('');
    if (shape === '') {
      console.warn(`no shape ${icon} for ${emoji}`);
      return [];
    }
    const bare = emoji.replaceAll('\ufe0f', '');
    const names = annotations.map((byEmoji, index) => {
      const found = byEmoji[emoji] ?? byEmoji[bare];
      if (!found) console.warn(`no words for ${emoji} in ${LANGUAGES[index]}`);
      const known = [found?.tts?.[0] ?? '', ...(found?.default ?? [])].filter((name) => name !== '');
      return known.slice(0, index === 0 ? 1 : MOST_NAMES);
    });
    return [{ emoji: bare, words: words.split(' '), names, shape }];
  });
const id = (row: { words: string[] }) => row.words[0]?.toLowerCase() ?? '';
const string = (value: unknown) => JSON.stringify(value);
writeFileSync(
  'src/built-in-agents/things/shapes.ts',
  `// Generated by scripts/print-things.ts. Shapes by the authors of game-icons.net, CC BY 3.0.\nexport const SHAPES: Record<string, string> = {\n${rows.map((row) => `${string(id(row))}: ${string(row.shape)},\n`).join('')}};\n`,
);
writeFileSync(
  'src/built-in-agents/things/words.ts',
  `// Generated by scripts/print-things.ts from Unicode CLDR (Unicode License v3).\n/** Emoji, further words, and the usual names in ${LANGUAGES.join(', ')}. */\nexport type ThingWords = { emoji: string; words: string[]; names: string[][] };\n\nexport const WORDS: Record<string, ThingWords> = {\n${rows.map((row) => `${string(id(row))}: ${string({ emoji: row.emoji, words: row.words, names: row.names })},\n`).join('')}};\n`,
);
console.log(`${rows.length} things`);
