import { builder } from '../builder.ts';

export const CreateRoomInputRef = builder.inputType('CreateRoomInput', {
  description: 'What a room is made of.',
  fields: (t) => ({
    title: t.string({ description: 'What to call it, 1 to 200 characters once trimmed; it has no title unless told.' }),
  }),
});
