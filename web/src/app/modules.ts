import { admin } from '../modules/admin';
import { casework } from '../modules/casework';
import { evidence } from '../modules/evidence';
import { identity } from '../modules/identity';
import { records } from '../modules/records';
import { safeguards } from '../modules/safeguards';
import type { Module } from './module';

export const modules: readonly Module[] = [evidence, records, casework, identity, safeguards, admin];
