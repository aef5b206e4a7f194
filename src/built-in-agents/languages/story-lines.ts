import type { Language } from './language-of.ts';

/**
 * The lines of a story in pictures: six acts, each with alternatives. {w} stands by itself, as a title or an exclamation
 * would, so it needs no grammar; {idea} is the whole idea.
 */
export const LINES: Record<Language, readonly (readonly string[])[]> = {
  en: [
    ['Night. “{idea}”', 'It begins: “{idea}”', 'Nobody slept. “{idea}”'],
    ['A sound. {w}.', '{w}: it was there before us.', 'First, only {w}.'],
    ['“{w}?” No answer.', 'Who whispered “{w}”?', '{w}, written in dust.'],
    ['Closer now. {w}.', 'The light went out. {w}!', '{w}. Then silence.'],
    ['It was not angry. It was alone. {w}.', '“Stay,” somebody said. {w}.', '{w}. A hand in the dark.'],
    ['Morning. {w} is still here. So are we.', 'Leave a light on for {w}.', 'And if you hear {w} tonight, answer.'],
  ],
  es: [
    ['Es de noche. «{idea}»', 'Así empieza: «{idea}»', 'Nadie dormía. «{idea}»'],
    ['Un ruido. {w}.', '{w}: ya estaba aquí antes que nosotros.', 'Al principio, solo esto: {w}.'],
    ['«¿{w}?» Nadie responde.', '¿Quién ha susurrado «{w}»?', '{w}, escrito en el polvo.'],
    ['Cada vez más cerca. {w}.', 'Se apagó la luz. ¡{w}!', '{w}. Después, silencio.'],
    ['No era rabia. Era soledad. {w}.', '«Quédate», dijo alguien. {w}.', '{w}. Una mano en la oscuridad.'],
    [
      'Amanece. {w}: sigue aquí. Nosotros también.',
      'Deja una luz encendida. {w}.',
      'Si esta noche oyes «{w}», responde.',
    ],
  ],
  de: [
    ['Nacht. „{idea}“', 'So fängt es an: „{idea}“', 'Niemand schlief. „{idea}“'],
    ['Ein Geräusch. {w}.', '{w}: Das war schon vor uns da.', 'Zuerst nur das: {w}.'],
    ['„{w}?“ Keine Antwort.', 'Wer hat „{w}“ geflüstert?', '{w}, in den Staub geschrieben.'],
    ['Jetzt ganz nah. {w}.', 'Das Licht ging aus. {w}!', '{w}. Dann Stille.'],
    ['Es war kein Zorn. Es war Einsamkeit. {w}.', '„Bleib“, sagte jemand. {w}.', '{w}. Eine Hand im Dunkeln.'],
    [
      'Morgen. {w}: noch da. Wir auch.',
      'Lass heute Nacht ein Licht brennen. {w}.',
      'Und wenn du heute Nacht „{w}“ hörst, antworte.',
    ],
  ],
  pt: [
    ['É noite. “{idea}”', 'Começa assim: “{idea}”', 'Ninguém dormia. “{idea}”'],
    ['Um ruído. {w}.', '{w}: já estava aqui antes de nós.', 'No começo, só isto: {w}.'],
    ['“{w}?” Ninguém responde.', 'Quem sussurrou “{w}”?', '{w}, escrito na poeira.'],
    ['Cada vez mais perto. {w}.', 'A luz se apagou. {w}!', '{w}. Depois, silêncio.'],
    ['Não era raiva. Era solidão. {w}.', '“Fique”, disse alguém. {w}.', '{w}. Uma mão no escuro.'],
    [
      'Amanhece. {w}: ainda aqui. Nós também.',
      'Deixe uma luz acesa. {w}.',
      'Se esta noite você ouvir “{w}”, responda.',
    ],
  ],
  fr: [
    ['La nuit. « {idea} »', 'Tout commence ainsi : « {idea} »', 'Personne ne dormait. « {idea} »'],
    ['Un bruit. {w}.', '{w} : c’était là avant nous.', 'D’abord, rien que ceci : {w}.'],
    ['« {w} ? » Pas de réponse.', 'Qui a murmuré « {w} » ?', '{w}, écrit dans la poussière.'],
    ['Tout près, maintenant. {w}.', 'La lumière s’éteint. {w} !', '{w}. Puis le silence.'],
    [
      'Ce n’était pas de la colère. C’était la solitude. {w}.',
      '« Reste », dit une voix. {w}.',
      '{w}. Une main dans le noir.',
    ],
    [
      'Le matin. {w} : toujours là. Nous aussi.',
      'Laissez une lumière allumée. {w}.',
      'Et si cette nuit tu entends « {w} », réponds.',
    ],
  ],
  ar: [
    ['ليل. «{idea}»', 'هكذا تبدأ الحكاية: «{idea}»', 'لم ينم أحد. «{idea}»'],
    ['صوت بعيد. {w}.', '{w}: كان هنا قبلنا.', 'في البداية، هذا فقط: {w}.'],
    ['«{w}؟» لا جواب.', 'من الذي همس: «{w}»؟', '{w}، مكتوبة على الغبار.'],
    ['أقرب الآن. {w}.', 'انطفأ النور. {w}!', '{w}. ثم صمت.'],
    ['لم يكن غضبًا، بل وحدة. {w}.', '«ابقَ»، قال أحدهم. {w}.', '{w}. يد في الظلام.'],
    ['طلع الصباح. {w}: ما زال هنا، ونحن أيضًا.', 'اترك نورًا مضاءً الليلة. {w}.', 'وإن سمعت الليلة «{w}»، فأجب.'],
  ],
  hi: [
    ['रात। “{idea}”', 'बात यहाँ से शुरू होती है: “{idea}”', 'कोई सोया नहीं। “{idea}”'],
    ['एक आवाज़। {w}।', '{w}: हमसे पहले से यहाँ।', 'पहले बस इतना: {w}।'],
    ['“{w}?” कोई जवाब नहीं।', 'किसने फुसफुसाया: “{w}”?', '{w}, धूल में लिखा हुआ।'],
    ['अब और पास। {w}।', 'रोशनी बुझ गई। {w}!', '{w}। फिर सन्नाटा।'],
    ['यह गुस्सा नहीं, अकेलापन था। {w}।', '“रुको,” किसी ने कहा। {w}।', '{w}। अँधेरे में एक हाथ।'],
    ['सुबह। {w}: अब भी यहाँ। हम भी।', 'आज रात एक दीया जलता छोड़ना। {w}।', 'और अगर आज रात “{w}” सुनाई दे, तो जवाब देना।'],
  ],
  ja: [
    ['夜。「{idea}」', '始まりはこうだ。「{idea}」', '誰も眠れなかった。「{idea}」'],
    ['物音がした。{w}。', '{w}。それは私たちより先にいた。', '最初は、ただ{w}。'],
    ['「{w}?」返事はない。', '「{w}」とささやいたのは誰?', '{w}。埃の上の文字。'],
    ['もうすぐそこに。{w}。', '明かりが消えた。{w}!', '{w}。そして静けさ。'],
    ['怒りではなかった。寂しさだった。{w}。', '「ここにいて」と誰かが言った。{w}。', '{w}。暗闇の中の手。'],
    [
      '朝。{w}。まだここにいる。私たちも。',
      '今夜は明かりをつけておいて。{w}。',
      '今夜「{w}」と聞こえたら、返事をして。',
    ],
  ],
  zh: [
    ['夜。“{idea}”', '故事这样开始:“{idea}”', '没有人睡着。“{idea}”'],
    ['一个声音。{w}。', '{w}。它比我们先来。', '起初,只有{w}。'],
    ['“{w}?”没有回答。', '是谁低声说“{w}”?', '{w}。写在灰尘上。'],
    ['越来越近。{w}。', '灯灭了。{w}!', '{w}。然后一片寂静。'],
    ['那不是愤怒,是孤独。{w}。', '“留下吧,”有人说。{w}。', '{w}。黑暗里的一只手。'],
    ['天亮了。{w}还在。我们也在。', '今夜留一盏灯。{w}。', '如果今夜听见“{w}”,请回答。'],
  ],
};
