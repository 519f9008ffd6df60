// Around every test: no CSP or Trusted Types report, no error of the page or in the console, no request that leaves
// the office, nothing kept in localStorage but preferences. The person signs in once for all tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type CDPSession, type Page } from '@playwright/test';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PREFERENCES = ['custos.theme', 'custos.locale', 'custos.keys'];
// The browser itself writes refused answers (401 before signing in, 422 of a wrong query) to the console.
const EXPECTED = /Failed to load resource.*status of (401|404|412|422)/;

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async (rules) => {
    type Axe = { run: (o: object) => Promise<{ violations: Violation[] }> };
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run({ runOnly: rules });
    return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.html} ${n.failureSummary}`).join('\n')}`);
  }, RULES);
}

export async function watch(page: Page): Promise<string[]> {
  const bad: string[] = [];
  const origin = new URL(process.env.CUSTOS_URL ?? 'http://localhost:8200').origin;
  page.on('pageerror', (e) => bad.push(`page: ${e.message}`));
  page.on('console', (m) => {
    if (['error', 'warning'].includes(m.type()) && !EXPECTED.test(m.text())) bad.push(`console: ${m.text()}`);
  });
  page.on('request', (r) => {
    if (!r.url().startsWith(origin) && !r.url().startsWith('blob:')) bad.push(`outside: ${r.url()}`);
  });
  await page.addInitScript(() => {
    // oxlint-disable-next-line no-console -- the console is what is watched
    document.addEventListener('securitypolicyviolation', (e) => console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
  });
  return bad;
}

export async function clean(page: Page, bad: string[]) {
  const kept = await page.evaluate(() => Object.keys(localStorage));
  expect(kept.filter((k) => !PREFERENCES.includes(k))).toEqual([]);
  expect(bad).toEqual([]);
}

// Chromium's own authenticator, so that passkeys are made and used without a device.
export async function authenticator(page: Page): Promise<CDPSession> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return cdp;
}

type Fixtures = { guarded: string[]; axe: () => Promise<void> };

export const test = base.extend<Fixtures>({
  guarded: [
    async ({ page }, use) => {
      const bad = await watch(page);
      await use(bad);
      await clean(page, bad);
    },
    { auto: true },
  ],
  axe: async ({ page }, use) => {
    await use(async () => expect(await violations(page)).toEqual([]));
  },
});

export { expect };
export { violations };
