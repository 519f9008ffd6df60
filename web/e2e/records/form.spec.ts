import { expect, test } from '../guard';
import { setLanguage } from '../office';
import { addLead, call, openLead, tabTo, unique } from './leads';

test('a record is made by keyboard alone', async ({ page, axe }) => {
  const title = unique('Checkpoint at the bridge');
  await page.goto('/#/records/lead');
  await expect(page.getByRole('grid', { name: 'Leads' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { level: 1, name: 'Lead: new' })).toBeVisible();
  await tabTo(page, page.getByLabel(/^Title/));
  await page.keyboard.type(title);
  await tabTo(page, page.getByRole('group', { name: /^Received/ }).getByRole('textbox'));
  await page.keyboard.type('March 2024');
  await expect(page.getByRole('group', { name: /^Received/ }).getByRole('status')).toHaveText('= March 2024');
  await tabTo(page, page.getByRole('radio', { name: 'From a person' }));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('radio', { name: 'From a State' })).toBeChecked();
  await tabTo(page, page.getByLabel(/^What is said/));
  await page.keyboard.type('A driver says so.');
  await axe();
  await page.keyboard.press('Tab');
  await tabTo(page, page.getByRole('button', { name: 'Add', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.locator('[data-value=received]')).toContainText('March 2024');
  await expect(page.locator('[data-value=channel]')).toContainText('From a State');
});

test('what is missing is told at the top with the focus, and beside its field', async ({ page, axe }) => {
  await page.goto('/#/records/lead/new');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('.form-summary')).toBeFocused();
  await expect(page.locator('.form-summary').getByRole('listitem')).toHaveCount(3);
  await expect(page.getByLabel(/^Title/)).toHaveAttribute('aria-invalid', 'true');
  await axe();
  await page.locator('.form-summary').getByRole('button', { name: 'What is said' }).click();
  await expect(page.getByLabel(/^What is said/)).toBeFocused();
});

test('a conditional field appears in its place, and leaves again', async ({ page, axe }) => {
  await page.goto('/#/records/lead/new');
  await expect(page.getByLabel(/^Why it is urgent/)).toHaveCount(0);
  const urgent = page.getByRole('group', { name: 'Urgent' });
  await urgent.getByLabel('Yes').check();
  await expect(page.getByLabel(/^Why it is urgent/)).toBeVisible();
  await axe();
  await urgent.getByLabel('No').check();
  await expect(page.getByLabel(/^Why it is urgent/)).toHaveCount(0);
});

test('what only the server can know is shown at its field', async ({ page, axe }) => {
  await page.goto('/#/records/lead/new');
  await page.getByLabel(/^Title/).fill(unique('With an unknown item'));
  await page.getByRole('group', { name: /^Received/ }).getByRole('textbox').fill('2024');
  await page.getByLabel(/^What is said/).fill('x');
  await page.getByLabel('Items').fill('9-999999');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.locator('.form-summary')).toBeFocused();
  await expect(page.locator('[data-field=items] .wrong')).toBeVisible();
  await axe();
  await page.getByRole('button', { name: 'Remove 9-999999' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /With an unknown item/ })).toBeVisible();
});

test('every kind of field, in French, with a decimal comma', async ({ page, axe }) => {
  const other = await addLead(page, { title: unique('Earlier lead') });
  await page.goto('/#/records/lead/new');
  await setLanguage(page, 'Français');
  await page.getByLabel(/^Titre/).fill(unique('Piste complète'));
  await page.getByRole('group', { name: /^Reçue le/ }).getByRole('textbox').fill('5 mars 2024');
  await page.getByLabel(/^Teneur/).fill('Témoignage.');
  await page.getByLabel('Source', { exact: true }).selectOption('B');
  await page.getByLabel('Information', { exact: true }).selectOption('2');
  const happened = page.getByRole('group', { name: 'Date des faits' });
  await happened.getByLabel(/forme de date/).selectOption('between');
  await happened.getByRole('textbox').first().fill('11/2023');
  await happened.getByRole('textbox').last().fill('2024');
  await happened.getByLabel('à, certitude').selectOption('~');
  await expect(happened.getByRole('status')).toContainText('novembre 2023 à vers 2024');
  await page.getByLabel('Nom du lieu').fill('Kovar');
  await page.getByLabel('Latitude').fill('48,5');
  await page.getByLabel('Longitude').fill('38°15′E');
  await page.getByLabel('Décès signalés').fill('1 200');
  await page.getByLabel('Fait suite à').fill('Earlier');
  await page.getByRole('option', { name: new RegExp(other) }).click();
  await page.getByLabel('Montant').fill('1234,50');
  await page.getByRole('button', { name: 'Ajouter une ligne' }).click();
  await page.getByLabel('Démarche, ligne 1').fill('Appeler');
  await page.getByLabel('Avant le, ligne 1').fill('06/2024');
  await page.getByLabel('Appréciation').fill('Fiable.');
  await axe();
  await page.getByRole('button', { name: 'Ajouter', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Piste complète/ })).toBeVisible();
  await expect(page.locator('[data-value=place]')).toContainText('48,5; 38,25');
  await expect(page.locator('[data-value=deaths]')).toContainText(/1\s200/);
  await expect(page.locator('[data-value=costs]')).toContainText('1 234,50');
  await expect(page.locator('[data-value=grade]')).toContainText('B2: généralement fiable; probablement vrai');
  await expect(page.locator('[data-value=follows]').getByRole('link')).toContainText(other);
  await expect(page.locator('[data-value=steps]')).toContainText('juin 2024');
  await axe();
  await setLanguage(page, 'English');
});

test('a place is chosen on the map by keyboard, and shown on one', async ({ page, axe }) => {
  const code = await addLead(page, { title: unique('Somewhere'), place: { name: 'Kovar' } });
  await page.goto(`/#/record/${code}/edit`);
  await page.getByRole('button', { name: 'Choose on a map' }).click();
  const map = page.getByRole('application', { name: /Map to choose a place/ });
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Longitude')).not.toHaveValue('');
  await axe();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Show on a map' }).click();
  await expect(page.getByRole('application', { name: /Map of the place/ })).toBeVisible();
  await axe();
});

test('two people edit one record: both versions field by field, nothing is lost', async ({ page, context, axe }) => {
  const code = await addLead(page, { title: unique('Edited by two') });
  await page.goto(`/#/record/${code}/edit`);
  await page.getByLabel(/^What is said/).fill('Mine.');
  await page.getByLabel('Deaths reported').fill('7');

  const other = await context.newPage();
  await other.goto(`/#/record/${code}/edit`);
  await other.getByLabel(/^What is said/).fill('Theirs.');
  await other.getByLabel('Conclusion', { exact: true }).fill('Their conclusion.');
  await other.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.locator('[data-value=account]')).toContainText('Theirs.');
  await other.close();

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Changed by somebody else meanwhile')).toBeVisible();
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('What is said').getByRole('radio').first()).toBeChecked();
  await expect(row('Conclusion').getByRole('radio').last()).toBeChecked();
  await expect(row('Deaths reported').getByRole('radio').first()).toBeChecked();
  await axe();
  await row('What is said').getByRole('radio').last().check();
  await page.getByRole('button', { name: 'Save what is chosen' }).click();
  await expect(page.locator('[data-value=account]')).toContainText('Theirs.');
  await expect(page.locator('[data-value=conclusion]')).toContainText('Their conclusion.');
  await expect(page.locator('[data-value=deaths]')).toContainText('7');
});

test('a draft outlives leaving the page, and is thrown away only on demand', async ({ page }) => {
  await page.goto('/#/records/lead/new');
  await page.getByLabel(/^Title/).fill('Half a lead');
  await page.getByRole('navigation').getByRole('link', { name: 'Leads' }).click();
  await page.getByRole('button', { name: 'Go on with your draft' }).click();
  await expect(page.getByText('What you had typed is back.')).toBeVisible();
  await expect(page.getByLabel(/^Title/)).toHaveValue('Half a lead');
  expect(await page.evaluate(() => [localStorage, sessionStorage].flatMap((s) => Object.values(s)).join(' '))).not.toContain('Half');
  await page.getByRole('button', { name: 'Throw it away and begin anew' }).click();
  await expect(page.getByLabel(/^Title/)).toHaveValue('');
});

test('script in a field stays text', async ({ page }) => {
  const code = await addLead(page, { title: '<img src=x onerror=alert(1)>', account: '<script>1</script>' });
  await openLead(page, code);
  await expect(page.getByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' })).toBeVisible();
  await expect(page.locator('[data-value=account]')).toContainText('<script>1</script>');
  await page.goto('/#/records/lead');
  await expect(page.getByRole('grid', { name: 'Leads' })).toBeVisible();
  expect(await call<{ kind: string }>(page, 'GET', '/kinds/lead')).toHaveProperty('kind', 'lead');
});
