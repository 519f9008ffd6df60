import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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
  test: { include: ['src/**/*.test.{ts,tsx}', 'tools/**/*.test.mjs'], testTimeout: 20_000 },
});
