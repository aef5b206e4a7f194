import type { Form } from './form.ts';

/** Three people who were there disagree. */
export const WITNESSES: Form = {
  name: 'three witnesses',
  paragraphs: [
    [
      [
        'Three of us were {in} that night, and about {h} we never agreed.',
        'Ask three people {in} about {h} and you get three nights.',
        'The inquiry into {h} heard three witnesses. It was held {in}, by lamplight.',
        'They had a table, a clerk and a jug of water {in}, and no agreement about {h}.',
        'What happened {in} depends on whom you ask. All three began with {h}.',
      ],
    ],
    [
      [
        'The {local} spoke first. “{H} {did},” he said. “And {x} saw it too.”',
        '“Put down that {h} {did},” said the {local}, “and that I had not been drinking.”',
        'According to the {local}, it started when {h} {did}.',
        '“I will swear to it,” said the {local}: “{h} {did}, and {x} shook.”',
        'The {local} had drawn it: {h}, and how {h} {did}.',
      ],
      [
        '“Then came #sound#, and {x} moved, with nobody near.”',
        '“It was about #hour#. I was holding {x}.”',
        '“I know {h}. {They} would never harm anyone who was polite about {x}.”',
        '“First #sound#. Then {o}, running. I picked up {x} and stayed.”',
        '“I have seen stranger things, but not with {x} in them.”',
      ],
      [
        'The clerk underlined {h} twice.',
        'There was a murmur {in}, and somebody laughed.',
        'He was asked to point to {h} on the map. He pointed at the door.',
        'Someone at the back blew out a lamp for {h}.',
        'The clerk asked him to spell {h}. He could not.',
      ],
      [
        'Asked what else he saw, he said: “#light#.”',
        'He would not sit with his back to {h}.',
        'He had brought #keepsake# as proof, and would not let it be touched.',
        'They gave him water. He poured it over {y}.',
        'Before he left he nodded to an empty chair, and called it {h}.',
      ],
    ],
    [
      [
        '“No,” said {o}, quite calmly.',
        'Next came {o}.',
        'Next we heard {o}, who had been nearest.',
        '{O} had waited {n} hours to be called.',
        '“May I sit?” said {o}. “I have brought {y}.”',
      ],
      [
        '“Nobody was hurt. {H} only wanted to {do2}.”',
        '“You have it backwards. First {h} {did2}, and only then did we run.”',
        '“It is not {h} you should be afraid of. It is whatever {they} hid from, behind {x}.”',
        '“He was drunk and I was not. {H} {did2}, that is all.”',
        '“I have known {h} for {n} years, and nobody was ever hurt but {x}.”',
      ],
      [
        '“I still have {y} to prove it.”',
        '“Look at {y}. Would I have {y} if I were lying?”',
        '“When #weather#, I still set a place for {h}.”',
        '“Ask {x}, if you do not believe me.”',
        '“I would do it again,” said {o}, and put {y} on the table.',
      ],
    ],
    [
      [
        'The third witness had not been called, by {o} or by anyone.',
        'That left one chair, and it was not empty.',
        'Then #figure# rose, {in}, and made room.',
        'Then the door {in} opened, and there was no wind.',
        'The clerk turned the page, looked up and lost his place.',
      ],
      [
        'It was {h}.',
        '“May I?” said {h}.',
        '{H} had sat among us all the time, behind {o}.',
        'Nobody had seen {h} come in past {o}.',
        '{H} took the oath on {y}.',
      ],
      [
        '“Both of them are right about me,” {they} said. “{Doing} is lonely work.”',
        '“I would like it noted,” said {h}, “that {n} people watched me and one waved.”',
        '“I {did2},” said {h}, “because nobody, not even {o}, asked me to stay.”',
        '“I did not know that it frightened {o},” said {h}. “Nobody ever tells me.”',
        '“Write that I {did2},” said {h}. “Write that I would again.”',
      ],
    ],
    [
      [
        'The judge folded her glasses and gave {x} back.',
        'No verdict was given {in} that night.',
        'So the case of {h} was closed, with {n} votes for and none against.',
        'The court rose for {h}, and for {x}.',
        'They found neither guilt nor {y}.',
      ],
      [
        'It was {o} who had waved, with {y}, from the window.',
        'But there is always a third chair {in}, and we leave it for {h}.',
        'You are the fourth witness now. Tell it kindly, because {h} {h:is|are} listening.',
        '{H} went home by the road, and {o} walked along.',
        'On the last page the clerk has drawn {h}, with {x}, quite small.',
      ],
    ],
  ],
};
