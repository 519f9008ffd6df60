// Every screen that axe looks at has each of its messages written. Around every test: no CSP or Trusted Types report, no
// error of the page or in the console, no request that leaves the office, nothing kept in localStorage but preferences.
// The person signs in once for all tests, and has their passkey at hand in each, as acts that need a fresh proof ask for
// it some minutes later.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type CDPSession, type Page } from '@playwright/test';
import { RESULTS, STATE } from './office';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const PREFERENCES = ['custos.theme', 'custos.locale', 'custos.keys'];
// The browser itself writes refused answers (401 before signing in, 409 what is missing, 422 of a wrong query) to the console.
const EXPECTED = /Failed to load resource.*status of (401|403|404|409|412|422)/;

type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  return page.evaluate(async (rules) => {
    type Axe = { run: (o: object) => Promise<{ violations: Violation[] }> };
    const { axe } = window as unknown as { axe: Axe };
    const found = await axe.run({ runOnly: rules });
    // A message that nobody wrote shows as its id.
    const unwritten = document.body.innerText.match(/(?<![\w./@-])(app|ui|admin|casework|evidence|identity|protection|records|safeguards)(\.[a-zA-Z_]+){2,}(?![\w/@])/g);
    if (unwritten) return unwritten.map((id) => `no message ${id}`);
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
export async function authenticator(page: Page): Promise<Key> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

const KEY = new URL(`../${RESULTS}/passkey.json`, import.meta.url).pathname;
type Key = { authenticatorId: string; cdp: CDPSession };

export async function keepKey({ cdp, authenticatorId }: Key) {
  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  if (credentials[0]) writeFileSync(KEY, JSON.stringify(credentials[0]));
}
// A fresh proof gives the session a new token: the tests that follow go on with that.
async function keep(page: Page, key: Key) {
  await keepKey(key);
  const cookies = await page.context().cookies();
  if (cookies.some((c) => c.name.endsWith('sid') && c.value)) await page.context().storageState({ path: STATE });
}
async function keyAtHand(page: Page): Promise<Key | undefined> {
  if (!existsSync(KEY)) return undefined;
  const key = await authenticator(page);
  await key.cdp.send('WebAuthn.addCredential', { authenticatorId: key.authenticatorId, credential: JSON.parse(readFileSync(KEY, 'utf8')) });
  return key;
}

type Fixtures = { guarded: string[]; axe: () => Promise<void> };

export const test = base.extend<Fixtures>({
  guarded: [
    async ({ page }, use, test) => {
      const bad = await watch(page);
      const key = test.project.name === 'office' ? await keyAtHand(page) : undefined;
      await use(bad);
      await clean(page, bad);
      if (key) await keep(page, key);
    },
    { auto: true },
  ],
  axe: async ({ page }, use) => {
    await use(async () => expect(await violations(page)).toEqual([]));
  },
});

export { expect };
export { violations };
