import { RoomRef } from '../types/refs.ts';
import { connectionOf } from './connection.ts';

export const RoomConnectionRef = connectionOf('Room', RoomRef, 'A page of rooms, newest first.');
