import fc from 'fast-check';

const hostile = fc.constantFrom(
  '<script>alert(1)</script>',
  '"onload="x',
  "'",
  '&amp;',
  ']]>',
  '-->',
  '</style>',
  '\u0000',
  'a ghost',
  '\n\n',
  '. ',
);
/** Text that tries to break out of markup. */
export const hostileText = () => fc.array(hostile, { maxLength: 8 }).map((parts) => parts.join(''));
