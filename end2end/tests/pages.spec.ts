import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessible';
import { book } from '../fixtures/books';
import { comeIn } from '../fixtures/come-in';
import { looks } from '../fixtures/looks';
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
  { path: '/findings', en: 'What the checks find', fr: 'Ce que trouvent les contrôles' },
  { path: '/tour', en: 'First steps', fr: 'Premiers pas' },
  { path: '/findings/OPF-014', en: /needs the property/, fr: /requiert la propriété/ },
  { path: '/releases', en: 'Releases', fr: 'Releases' },
  { path: '/new', en: 'New release', fr: 'Nouvelle release' },
];

/** Pages that tests of their own open in English, and where each is opened in French. */
const FURTHER = [
  { route: '/', path: '/' },
  { route: '/profiles', path: '/profiles' },
  { route: '/profiles/new', path: '/profiles/new?from=scene-ebook' },
  { route: '/profiles/:name', path: '/profiles/plain' },
  { route: '/profiles/:name/edit', path: '/profiles/plain/edit' },
  { route: '/verify', path: '/verify' },
  { route: '/forgotten', path: '/forgotten' },
  { route: '/sign-in/code', path: '/sign-in/code' },
];

/** Pages that tests of their own open in both languages; and the gallery, which is for those who build the product. */
const ELSEWHERE = [
  '/sign-in',
  '/setup',
  '/reset',
  '/confirm-email',
  '/users/:id',
  '/releases/:id',
  '/releases/:release/review',
  '/jobs/:id',
  '/verify/release',
  '/design',
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
      await comeIn(page);
      for (const { path, [language]: heading } of PAGES) {
        await page.goto(path);
        await expect(page.locator('html')).toHaveAttribute('lang', language);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
        await expectAccessible(page);
        if (language === 'en') await looks(page, `page${path.replaceAll('/', '-')}`);
      }
    });

    test('a release and its job say in words what they are', async ({ page, api, server }) => {
      const release = await api.upload(book('lighthouse'));
      expect((await api.settled(release)).status).toBe('draft');
      await comeIn(page);
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

test('every page of the product is opened in both languages', async ({}, info) => {
  const app = await readFile(join(info.file, '../../../app/src/app.rs'), 'utf8');
  const routes = [...app.matchAll(/<Route path=path!\("([^"]+)"\)/g)].map(([, route]) => route ?? '');
  expect(routes.length).toBeGreaterThan(20);
  const opened = [...PAGES.map(({ path }) => path), ...FURTHER.map(({ route }) => route), ...ELSEWHERE];
  const isOpened = (route: string) => opened.includes(route) || PAGES.some(({ path }) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`).test(path));
  expect(routes.filter((route) => !isOpened(route))).toEqual([]);
  expect(opened.filter((path) => path.includes(':') && !routes.includes(path)), 'and none that is no longer there').toEqual([]);
});

test.describe('in fr', () => {
  test.use({ locale: 'fr-FR' });

  test('what other tests open in English has no barrier in French', async ({ page, complaints }) => {
    complaints.expect(/status of 404/);
    await comeIn(page);
    await page.goto('/users');
    const user = (await page.locator('table').getByRole('link').first().getAttribute('href')) ?? '';
    for (const path of [...FURTHER.map(({ path }) => path), user, '/no-such-page']) {
      await page.goto(path);
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      // Words are other ones; colours are not.
      await expectAccessible(page, ['light']);
    }
  });
});

test('a new user signs in, and once deactivated no longer', async ({ signedIn: page, stranger, complaints, group }) => {
  // Users are not for everybody.
  complaints.expect(/status of 403/);
  const username = group.toLowerCase();
  const password = 'folios-and-colophons-34';
  await page.goto('/users');
  const form = page.locator('form[action="/api/app/create-user"]');
  await form.getByLabel('Name', { exact: true }).fill('Ada Example');
  await form.getByLabel('Username').fill(username);
  await form.getByLabel('First password').fill(password);
  await form.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByText('The user can sign in now.')).toBeVisible();

  const theirs = await stranger();
  const door = new SignInPage(theirs);
  await door.open();
  await door.signIn(username, password);
  await expect(door.heading).toBeHidden();
  await theirs.goto('/users');
  await expect(theirs.getByText('Your role does not allow this.')).toBeVisible();

  await page.getByRole('row').filter({ hasText: username }).getByRole('link').click();
  await page.getByRole('button', { name: 'Deactivate' }).click();
  const ask = page.getByRole('dialog', { name: 'Deactivate Ada Example?' });
  await expect(ask).toContainText('Every session and every token of this person ends at once');
  await ask.getByRole('button', { name: 'Deactivate' }).click();
  await expect(page.getByText('The user is changed.')).toBeVisible();
  await theirs.goto('/releases');
  await expect(door.heading).toBeVisible();
  await door.signIn(username, password);
  await expect(door.alert).toBeVisible();
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
  // Nobody rings: between two looks the list is not drawn anew.
  await page.route('**/api/v1/events**', () => undefined);
  await page.goto('/releases');
  const colours = () => page.getByRole('link').evaluateAll((links) => links.map((link) => getComputedStyle(link).color));
  expect((await colours()).length).toBeGreaterThan(0);
  for (let round = 0; round < 10; round += 1) {
    await page.emulateMedia({ colorScheme: round % 2 === 0 ? 'dark' : 'light' });
    const first = await colours();
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await colours(), 'no colour was on its way').toEqual(first);
  }
});

test('the codes of findings are listed, searched and opened from the help, and the tour is there again', async ({ signedIn: page }) => {
  await page.goto('/releases');
  const help = page.getByRole('button', { name: 'Keyboard' });
  await help.click();
  await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('link', { name: 'What the checks find' }).click();
  await expect(page.getByRole('region', { name: /^OPF/ })).toBeVisible();
  await page.getByLabel('Code or words').fill('opf-014');
  await page.getByLabel('Code or words').press('Enter');
  await expect(page).toHaveURL(/\/findings\?q=opf-014$/);
  await expect(page.getByRole('status')).toHaveText(/code/);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'OPF-014', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/needs the property/);
  await page.getByRole('link', { name: 'All codes' }).click();
  await page.goto('/findings?q=nothing-has-this-word');
  await expect(page.getByText('No code has all of these words.')).toBeVisible();
  await help.click();
  await page.getByRole('dialog', { name: 'Keyboard' }).getByRole('link', { name: 'First steps' }).click();
  await expect(page.locator('.tour__card')).toHaveCount(3);
});

test.describe('in Paris', () => {
  test.use({ timezoneId: 'Europe/Paris' });

  test('times are those of where the reader sits', async ({ signedIn: page, api }) => {
    await api.settled(await api.upload(book('lighthouse')));
    await page.goto('/jobs');
    const time = page.locator('#jobs time').first();
    const instant = new Date((await time.getAttribute('datetime')) ?? '');
    const clock = instant.toLocaleTimeString('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit', minute: '2-digit' });
    await expect(time).toHaveText(new RegExp(`, ${clock}$`));
  });
});
