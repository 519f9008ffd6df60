import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const MOCKED = ['src/**/*.mocked.test.{ts,tsx}'];

// assetsInlineLimit and modulePreload.polyfill: neither data: URLs nor inline helpers pass the Content-Security-Policy.
export default defineConfig({
  plugins: [react()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    outDir: 'dist',
    manifest: true,
    chunkSizeWarningLimit: 700,
  },
  // Modules and jsdom are set up once for all tests (a third of the time); those that put others in the place of modules
  // are named *.mocked.test.
  test: {
    testTimeout: 20_000,
    projects: [
      { extends: true, test: { name: 'together', isolate: false, include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.mjs'], exclude: MOCKED } },
      { extends: true, test: { name: 'mocked', include: MOCKED } },
    ],
  },
});
