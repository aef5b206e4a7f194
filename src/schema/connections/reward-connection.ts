import { RewardRef } from '../types/refs.ts';
import { connectionOf } from './connection.ts';

export const RewardConnectionRef = connectionOf('Reward', RewardRef, 'A page of rewards, newest first.');
