import { admin } from '../modules/admin';
import { evidence } from '../modules/evidence';
import type { Module } from './module';

export const modules: readonly Module[] = [evidence, admin];
