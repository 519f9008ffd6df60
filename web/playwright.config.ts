// Drives the real server: CUSTOS_URL is its address, CUSTOS_LINK the one-time link that it printed.
import { defineConfig } from '@playwright/test';
import { RESULTS, STATE } from './e2e/office';

const args = ['--no-sandbox', '--disable-gpu', '--in-process-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export default defineConfig({
  testDir: 'e2e',
  workers: 1, // one office, one person: the tests follow one another
  fullyParallel: false,
  reporter: [['list']],
  timeout: 300_000,
  expect: { timeout: 40_000 }, // a busy machine is slow, not wrong
  outputDir: RESULTS,
  projects: [
    { name: 'sign-in', testMatch: 'sign-in.spec.ts' },
    { name: 'office', testIgnore: 'sign-in.spec.ts', dependencies: ['sign-in'], use: { storageState: STATE } },
  ],
  use: {
    baseURL: process.env.CUSTOS_URL ?? 'http://localhost:8200',
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', args },
  },
});
