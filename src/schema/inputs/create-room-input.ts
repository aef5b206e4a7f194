import { builder } from '../builder.ts';

export const CreateRoomInputRef = builder.inputType('CreateRoomInput', {
  description: 'What a room is made of.',
  fields: (t) => ({
    title: t.string({ description: 'What to call it; none unless told.' }),
  }),
});
