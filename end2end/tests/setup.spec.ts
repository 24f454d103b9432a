import { expectAccessible } from '../fixtures/accessible';
import { looks } from '../fixtures/looks';
import { expect, test } from '../fixtures/new-house';
import { SetupPage } from '../pages/setup-page';

const FIRST = { name: 'Edith Wharton', username: 'edith', password: 'quires-and-signatures-12', group: 'QUIRE' };

test('the printed link makes the first administrator, once', async ({ page, newServer, stranger }) => {
  const link = await newServer.setupLink();
  const setup = new SetupPage(page);
  await setup.open(link);
  await expect(setup.heading).toBeVisible();
  await expectAccessible(page);
  await looks(page, 'setup');
  const french = await stranger({ locale: 'fr-FR' });
  await french.goto(link);
  await expect(french.getByRole('heading', { level: 1 })).toHaveText('Premiers pas');
  await expectAccessible(french, ['light']);
  await setup.setUp(FIRST);
  await expect(setup.heading).toBeHidden();
  // Whoever is new finds what to do first.
  await expect(page).toHaveURL(/:\d+\/$/);
  await expect(page.locator('.tour__card')).toHaveCount(3);

  await setup.open(link);
  await expect(page.getByRole('heading', { level: 1, name: 'Already set up' })).toBeVisible();
});

test('a password that is too short is named at its field and makes nobody', async ({ page, newServer }) => {
  const setup = new SetupPage(page);
  await setup.open(await newServer.setupLink());
  await setup.setUp({ ...FIRST, password: 'short' });
  await expect(setup.heading).toBeVisible();
  await expect(setup.field('Password')).toHaveAttribute('aria-invalid', 'true');
  await expect(setup.field('Password')).toBeFocused();
  await expectAccessible(page);
  await looks(page, 'setup-refused');
  // Only the password is typed again.
  await expect(setup.field('Your name')).toHaveValue(FIRST.name);
  await expect(setup.field('Username')).toHaveValue(FIRST.username);
  await expect(setup.field('Tag of the first group')).toHaveValue(FIRST.group);
  await expect(setup.field('Password')).toHaveValue('');
  await setup.field('Password').fill(FIRST.password);
  await page.getByRole('button', { name: 'Create and sign in' }).click();
  await expect(setup.heading).toBeHidden();
});

test('a new house says how its first administrator comes in, and nobody fills in a form for nothing', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1, name: 'This server is new' })).toBeVisible();
  await expect(page.getByText('the link that the server printed')).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  await expectAccessible(page);
  await looks(page, 'sign-in-new-house');
  await page.goto('/setup?token=guessed');
  await expect(page.getByRole('heading', { level: 1, name: 'This link does not open the set-up' })).toBeVisible();
  await expect(page.getByText('Start the server again: it prints a new one.')).toBeVisible();
  await expect(page.getByLabel('Password')).toHaveCount(0);
  await expectAccessible(page);
});
