import type { Language } from './language-of.ts';

/** The page's own words. {a} and {b} are numbers. */
export type PageWords = {
  listen: string;
  listenOn: string;
  fromStart: string;
  count: string;
  newGame: string;
  won: string;
  lost: string;
  up: string;
  down: string;
  left: string;
  right: string;
  card: string;
  names: Record<'snake' | 'lantern' | 'maze' | 'memory' | 'quiz', string>;
  goals: Record<'snake' | 'lantern' | 'maze' | 'memory' | 'quiz', string>;
  footer: string;
};

const words = (line: string, names: string, goals: string, footer: string): PageWords => {
  const [
    listen = '',
    listenOn = '',
    fromStart = '',
    count = '',
    newGame = '',
    won = '',
    lost = '',
    up = '',
    down = '',
    left = '',
    right = '',
    card = '',
  ] = line.split('|');
  const five = (list: string) => {
    const [snake = '', lantern = '', maze = '', memory = '', quiz = ''] = list.split('|');
    return { snake, lantern, maze, memory, quiz };
  };
  return {
    listen,
    listenOn,
    fromStart,
    count,
    newGame,
    won,
    lost,
    up,
    down,
    left,
    right,
    card,
    names: five(names),
    goals: five(goals),
    footer,
  };
};

export const PAGE_WORDS: Record<Language, PageWords> = {
  en: words(
    'Listen|Listen on|Begin again|{a} of {b}|New game|You have won.|You have lost. The night begins again.|Up|Down|Left|Right|Card',
    'The snake|By lantern light|The way out|What belongs together|What did you hear?',
    'Eat eight things without hitting a wall or yourself. Arrow keys or buttons.|Find the {b} hidden things before the lantern burns out. Move it and click, or use arrow keys and Enter.|Reach the light before your candle burns down. Arrow keys or buttons.|Find all pairs with at most {b} mistakes.|Which word is missing? Three of {b} right answers win.',
    'Told, drawn and published by four agents of a haunted room. Some shapes: game-icons.net, CC BY 3.0.',
  ),
  es: words(
    'Escuchar|Seguir escuchando|Empezar de nuevo|{a} de {b}|Nueva partida|Has ganado.|Has perdido. La noche vuelve a empezar.|Arriba|Abajo|Izquierda|Derecha|Carta',
    'La serpiente|A la luz del farol|La salida|Lo que va junto|¿Qué has oído?',
    'Come ocho cosas sin chocar con la pared ni contigo. Flechas o botones.|Encuentra las {b} cosas escondidas antes de que se apague el farol. Muévelo y haz clic, o usa las flechas y Entrar.|Llega a la luz antes de que se consuma la vela. Flechas o botones.|Encuentra todas las parejas con {b} errores como máximo.|¿Qué palabra falta? Con tres aciertos de {b} ganas.',
    'Contado, dibujado y publicado por cuatro agentes de una habitación embrujada. Algunas formas: game-icons.net, CC BY 3.0.',
  ),
  de: words(
    'Zuhören|Weiter zuhören|Von vorn|{a} von {b}|Neues Spiel|Gewonnen.|Verloren. Die Nacht beginnt von vorn.|Hoch|Runter|Links|Rechts|Karte',
    'Die Schlange|Im Licht der Laterne|Der Weg hinaus|Was zusammengehört|Was hast du gehört?',
    'Friss acht Dinge, ohne gegen die Wand oder dich selbst zu stoßen. Pfeiltasten oder Knöpfe.|Finde die {b} versteckten Dinge, bevor die Laterne erlischt. Bewegen und klicken, oder Pfeiltasten und Eingabe.|Erreiche das Licht, bevor die Kerze abgebrannt ist. Pfeiltasten oder Knöpfe.|Finde alle Paare mit höchstens {b} Fehlern.|Welches Wort fehlt? Mit drei von {b} richtigen Antworten gewinnst du.',
    'Erzählt, gezeichnet und veröffentlicht von vier Agenten eines Spukzimmers. Einige Formen: game-icons.net, CC BY 3.0.',
  ),
  pt: words(
    'Ouvir|Continuar ouvindo|Começar de novo|{a} de {b}|Novo jogo|Você venceu.|Você perdeu. A noite recomeça.|Cima|Baixo|Esquerda|Direita|Carta',
    'A cobra|À luz da lanterna|A saída|O que combina|O que você ouviu?',
    'Coma oito coisas sem bater na parede nem em você. Setas ou botões.|Encontre as {b} coisas escondidas antes que a lanterna se apague. Mova-a e clique, ou use as setas e Enter.|Chegue à luz antes que a vela acabe. Setas ou botões.|Encontre todos os pares com no máximo {b} erros.|Que palavra falta? Três respostas certas de {b} vencem.',
    'Contado, desenhado e publicado por quatro agentes de um quarto assombrado. Algumas formas: game-icons.net, CC BY 3.0.',
  ),
  fr: words(
    'Écouter|Écouter la suite|Recommencer|{a} sur {b}|Nouvelle partie|Gagné.|Perdu. La nuit recommence.|Haut|Bas|Gauche|Droite|Carte',
    'Le serpent|À la lueur de la lanterne|La sortie|Ce qui va ensemble|Qu’as-tu entendu ?',
    'Mange huit choses sans toucher le mur ni ton corps. Flèches ou boutons.|Trouve les {b} choses cachées avant que la lanterne s’éteigne. Déplace-la et clique, ou utilise les flèches et Entrée.|Atteins la lumière avant que ta bougie soit consumée. Flèches ou boutons.|Trouve toutes les paires avec {b} erreurs au plus.|Quel mot manque ? Trois bonnes réponses sur {b} et c’est gagné.',
    'Raconté, dessiné et publié par les quatre agents d’une chambre hantée. Certaines formes : game-icons.net, CC BY 3.0.',
  ),
  ar: words(
    'استمع|تابع الاستماع|من البداية|{a} من {b}|لعبة جديدة|لقد فزت.|لقد خسرت. يبدأ الليل من جديد.|أعلى|أسفل|يسار|يمين|بطاقة',
    'الأفعى|على ضوء الفانوس|المخرج|ما ينتمي معًا|ماذا سمعت؟',
    'كُل ثمانية أشياء دون أن تصطدم بالجدار أو بنفسك. استخدم الأسهم أو الأزرار.|اعثر على {b} أشياء مخفية قبل أن ينطفئ الفانوس. حرّكه وانقر، أو استخدم الأسهم ومفتاح الإدخال.|صِل إلى الضوء قبل أن تنطفئ شمعتك. استخدم الأسهم أو الأزرار.|اعثر على كل الأزواج بما لا يزيد عن {b} أخطاء.|أي كلمة ناقصة؟ ثلاث إجابات صحيحة من {b} تكفي للفوز.',
    'رواه ورسمه ونشره أربعة وكلاء لغرفة مسكونة. بعض الأشكال من game-icons.net، CC BY 3.0.',
  ),
  hi: words(
    'सुनो|आगे सुनो|फिर से शुरू|{b} में से {a}|नया खेल|आप जीत गए।|आप हार गए। रात फिर शुरू होती है।|ऊपर|नीचे|बाएँ|दाएँ|पत्ता',
    'साँप|लालटेन की रोशनी में|बाहर का रास्ता|जोड़ियाँ|आपने क्या सुना?',
    'दीवार या अपने आप से टकराए बिना आठ चीज़ें खाओ। तीर वाली कुंजियाँ या बटन।|लालटेन बुझने से पहले {b} छिपी चीज़ें खोजो। उसे घुमाकर क्लिक करो, या तीर और Enter दबाओ।|मोमबत्ती बुझने से पहले रोशनी तक पहुँचो। तीर वाली कुंजियाँ या बटन।|अधिक से अधिक {b} गलतियों में सारी जोड़ियाँ खोजो।|कौन सा शब्द गायब है? {b} में से तीन सही जवाब पर जीत।',
    'एक भुतहा कमरे के चार एजेंटों ने सुनाया, बनाया और प्रकाशित किया। कुछ आकृतियाँ: game-icons.net, CC BY 3.0।',
  ),
  ja: words(
    '聞く|続きを聞く|最初から|{b}のうち{a}|もう一度遊ぶ|あなたの勝ち。|あなたの負け。夜がまた始まる。|上|下|左|右|カード',
    'へび|ランタンの明かりで|出口へ|対になるもの|何が聞こえた?',
    '壁や自分にぶつからずに八つ食べよう。矢印キーかボタンで。|ランタンが消える前に、隠れた{b}つのものを見つけよう。動かしてクリック、または矢印キーとEnter。|ろうそくが燃え尽きる前に光へたどり着こう。矢印キーかボタンで。|間違いは{b}回まで。すべての組を見つけよう。|抜けている言葉はどれ? {b}問中三問正解で勝ち。',
    '幽霊の部屋の四つのエージェントが語り、描き、公開しました。一部の図形: game-icons.net, CC BY 3.0。',
  ),
  zh: words(
    '聆听|继续听|从头开始|{a}/{b}|新游戏|你赢了。|你输了。夜晚重新开始。|上|下|左|右|牌',
    '贪吃蛇|灯笼之光|出口|成双成对|你听到了什么?',
    '吃掉八样东西,别撞墙,也别撞到自己。用方向键或按钮。|在灯笼熄灭之前找到{b}样藏起来的东西。移动并点击,或用方向键和回车。|在蜡烛燃尽之前到达亮光处。用方向键或按钮。|最多错{b}次,找出所有的对子。|缺了哪个词?{b}题答对三题就赢。',
    '由闹鬼房间的四个代理讲述、绘制并发布。部分图形:game-icons.net,CC BY 3.0。',
  ),
};
