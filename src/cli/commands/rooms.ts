import { type Command, Option } from 'commander';
import { parseLimit, withApiOptions } from '../parse-options.ts';
import { ROOM_STATUSES } from '../room-statuses.ts';
import type { RoomsOptions } from '../rooms/print-rooms.ts';

export function addRoomsCommand(program: Command): void {
  const command = program
    .command('rooms')
    .description('list your rooms, newest first')
    .addOption(new Option('--status <status>', 'only rooms with this status').choices(ROOM_STATUSES))
    .option('--limit <number>', 'how many rooms to list, from 1 to 100', parseLimit, 20)
    .option('--json', 'print each room as JSON');
  withApiOptions(command).action(async (options: RoomsOptions) => {
    const { printRooms } = await import('../rooms/print-rooms.ts');
    process.exitCode = await printRooms(options);
  });
}
