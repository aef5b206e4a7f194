/**
 * Declares the names that the snippets use without declaring them. Each call to one of them is printed as a line with a
 * JSON array. Loaded before a snippet, and type-checked together with it.
 */
import { Server } from 'node:net';

declare global {
  var prisma: { room: { update(query: { where: { id: string }; data: { status: string } }): Promise<void> } };
  var tokenService: { rewardUser(roomId: string, amount: number): Promise<void> };
  var updateRoomStatus: (roomId: string, status: string) => Promise<void>;
  var rewardUser: (roomId: string, amount: number) => Promise<void>;
  var roomId: string;
  var userInput: string;
  var deploymentUrl: string;
  var codeCid: string;
}

const print = async (...call: unknown[]) => console.log(JSON.stringify(call));

globalThis.updateRoomStatus = (room, status) => print('status', room, status);
globalThis.rewardUser = (room, amount) => print('reward', room, amount);
globalThis.prisma = { room: { update: ({ where, data }) => updateRoomStatus(where.id, data.status) } };
globalThis.tokenService = { rewardUser };
globalThis.roomId = process.env['ROOM'] ?? 'room-1';
globalThis.userInput = 'a lighthouse that remembers drowned sailors';
globalThis.deploymentUrl = 'http://127.0.0.1/deployments/code-cid/';
globalThis.codeCid = 'code-cid';

// The snippet listens on port 3000, which may be in use here. It gets a free port instead, which is printed.
const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, port: unknown) {
  this.once('listening', () => print('port', (this.address() as { port: number }).port));
  return Reflect.apply(listen, this, [port === 3000 ? 0 : port, '127.0.0.1']);
} as typeof listen;
