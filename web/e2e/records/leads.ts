// Leads for the tests, made over the same API that the screens use.
import { expect, type Locator, type Page } from '@playwright/test';

export const LEAD = { title: 'Convoy seen near the quarry', received: '2024-03-05', account: 'A driver says so.' };

export async function call<T>(page: Page, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  if (!page.url().startsWith('http')) await page.goto('/#/inbox');
  return page.evaluate(
    async ({ method: m, path: p, body: b, headers: h }) => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const text = typeof b === 'string';
      const answer = await fetch(`/api/v1${p}`, {
        method: m,
        headers: { 'X-CSRF': csrf, ...(b === undefined ? {} : { 'Content-Type': text ? 'text/csv' : 'application/json' }), ...h },
        body: b === undefined ? null : text ? b : JSON.stringify(b),
      });
      if (!answer.ok) throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`);
      return answer.status === 204 ? null : answer.json();
    },
    { method, path, body, headers },
  ) as Promise<T>;
}

export async function firstCase(page: Page): Promise<string> {
  const { cases } = await call<{ cases: { id: string }[] }>(page, 'GET', '/kinds/lead');
  return cases[0]!.id;
}

let made = 0;

export async function addLead(page: Page, values: Record<string, unknown> = {}): Promise<string> {
  const key = `${Date.now()}-${(made += 1)}-0123456789abcdef`;
  const { code } = await call<{ code: string }>(page, 'POST', '/kinds/lead/records', { case: await firstCase(page), class: 'INTERNAL', values: { ...LEAD, ...values } }, { 'Idempotency-Key': key });
  return code;
}

export async function openLead(page: Page, code: string) {
  await page.goto(`/#/record/${code}`);
  await expect(page.getByText(code, { exact: true }).first()).toBeVisible();
}

// Goes on by Tab alone until an element has the focus.
export async function tabTo(page: Page, target: Locator, most = 60) {
  for (let i = 0; i < most; i += 1) {
    if (await target.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('not reached by Tab');
}

export const unique = (word: string) => `${word} ${Date.now().toString(36)}${(made += 1)}`;
