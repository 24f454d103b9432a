import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { ADMINISTRATOR, expect, test } from '../fixtures/test';
import { SignInPage } from '../pages/sign-in-page';

/** Every page that is not opened by a test of its own, by its heading in both languages. */
const PAGES = [
  { path: '/jobs', en: 'Jobs', fr: 'Tâches' },
  { path: '/account', en: ADMINISTRATOR.username, fr: ADMINISTRATOR.username },
  { path: '/users', en: 'Users', fr: 'Utilisateurs' },
  { path: '/groups', en: 'Groups', fr: 'Groupes' },
  { path: '/roles', en: 'Roles', fr: 'Rôles' },
  { path: '/audit', en: 'Audit log', fr: 'Journal d’audit' },
  { path: '/inbox', en: 'Inbox', fr: 'Arrivées' },
  { path: '/settings', en: 'Settings', fr: 'Réglages' },
  { path: '/findings/OPF-014', en: /needs the property/, fr: /requiert la propriété/ },
  { path: '/releases', en: 'Releases', fr: 'Releases' },
  { path: '/new', en: 'New release', fr: 'Nouvelle release' },
];

for (const language of ['en', 'fr'] as const) {
  test.describe(`in ${language}`, () => {
    test.use({ locale: language === 'en' ? 'en-GB' : 'fr-FR' });

    test('every page has its heading, its language and no barrier', async ({ page }) => {
      // A dozen pages, each read against the rules in both themes.
      test.setTimeout(180_000);
      await page.goto('/sign-in');
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expectAccessible(page);
      await page.locator('#field-username').fill(ADMINISTRATOR.username);
      await page.locator('#field-password').fill(ADMINISTRATOR.password);
      await page.locator('#field-password').press('Enter');
      await expect(page).not.toHaveURL(/sign-in/);
      for (const { path, [language]: heading } of PAGES) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
        await expectAccessible(page);
      }
    });

    test('a release and its job say in words what they are', async ({ page, api, server }) => {
      const release = await api.upload(book('lighthouse'));
      expect((await api.settled(release)).status).toBe('draft');
      await page.goto('/sign-in');
      await page.locator('#field-username').fill(ADMINISTRATOR.username);
      await page.locator('#field-password').fill(ADMINISTRATOR.password);
      await page.locator('#field-password').press('Enter');
      await expect(page).not.toHaveURL(/sign-in/);
      for (const path of [`/releases/${release}`, `/releases/${release}/review`]) {
        await page.goto(path);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText('The Lighthouse Keeper’s Almanac');
        await expectAccessible(page);
      }
      await page.goto('/jobs');
      await page.locator('#jobs a').first().click();
      await expect(page).toHaveURL(new RegExp(`^${server.address}/jobs/\\w+$`));
      await expect(page.getByText(language === 'en' ? 'Done' : 'Terminé').first()).toBeVisible();
      await expectAccessible(page);
    });
  });
}

test('a new user signs in, and once deactivated no longer', async ({ signedIn: page, browser, baseURL, group }) => {
  const username = group.toLowerCase();
  const password = 'folios-and-colophons-34';
  await page.goto('/users');
  const form = page.locator('form[action="/api/app/create-user"]');
  await form.getByLabel('Name', { exact: true }).fill('Ada Example');
  await form.getByLabel('Username').fill(username);
  await form.getByLabel('First password').fill(password);
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByText('The user can sign in now.')).toBeVisible();

  const other = await browser.newContext(baseURL ? { baseURL } : {});
  const theirs = await other.newPage();
  const door = new SignInPage(theirs);
  await door.open();
  await door.signIn(username, password);
  await expect(door.heading).toBeHidden();
  await theirs.goto('/users');
  await expect(theirs.getByText('Your role does not allow this.')).toBeVisible();

  await page.getByRole('row').filter({ hasText: username }).getByRole('link').click();
  await page.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText('The user is changed.')).toBeVisible();
  await theirs.goto('/releases');
  await expect(door.heading).toBeVisible();
  await door.signIn(username, password);
  await expect(door.alert).toBeVisible();
  await other.close();
});

test('the theme and the language are kept from page to page', async ({ signedIn: page }) => {
  await page.getByRole('button', { name: /^Theme: as the system/ }).click();
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  await page.goto('/releases');
  await expect(page.getByRole('button', { name: /^Theme: dark/ })).toBeVisible();
  await page.getByRole('button', { name: 'Français' }).click();
  await page.goto('/jobs');
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('who asked for less motion sees the other theme at once', async ({ signedIn: page }) => {
  await page.goto('/releases');
  const colours = () => page.getByRole('link').evaluateAll((links) => links.map((link) => getComputedStyle(link).color));
  for (let round = 0; round < 10; round += 1) {
    await page.emulateMedia({ colorScheme: round % 2 === 0 ? 'dark' : 'light' });
    const first = await colours();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await colours(), 'no colour was on its way').toEqual(first);
  }
});
