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
  await expect(page).not.toHaveURL(/sign-in|setup/);

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
  await setup.setUp(FIRST);
  await expect(setup.heading).toBeHidden();
});
