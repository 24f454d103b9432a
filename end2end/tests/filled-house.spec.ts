import type { Api } from '../fixtures/api';
import { ON_CLUSTER } from '../fixtures/backing';
import { book } from '../fixtures/books';
import { ADMINISTRATOR, expect, test } from '../fixtures/own-house';
import { standStill } from '../fixtures/still';
import { SignInPage } from '../pages/sign-in-page';

/** Lower down a page goes on as it began. */
const HIGHEST = 1_600;

/** A house in which something was done: a package that was verified, a draft with findings, and a book that was refused. */
async function fill(api: Api): Promise<{ packed: string; draft: string }> {
  const group = await api.createGroup('QUIRE');
  const packed = await api.upload(book('lighthouse'));
  await api.settled(packed);
  await api.ready(packed, group);
  await api.date(packed, '2026-01-15');
  await api.pack(packed);
  expect((await api.settled(packed)).status).toBe('packed');
  expect(await api.verified(packed)).toBe('done');
  const draft = await api.upload(book('scattered'));
  await api.settled(draft);
  await api.date(draft, '2026-01-15');
  await api.settled(await api.upload(book('protected')));
  return { packed, draft };
}

test('every page of a house in which something was done looks as before', async ({ page, api }) => {
  // Twenty pages, each in both themes.
  test.setTimeout(240_000);
  const { packed, draft } = await fill(api);
  // Nobody rings: what was made to stand still is not drawn anew.
  await page.route('**/api/v1/events**', () => undefined);
  await page.goto('/sign-in');
  await new SignInPage(page).signIn(ADMINISTRATOR.username, ADMINISTRATOR.password);
  await expect(page).not.toHaveURL(/sign-in/);
  const first = async (path: string, link: string) => {
    await page.goto(path);
    return (await page.locator(link).first().getAttribute('href')) ?? '';
  };
  const pages = {
    'overview': '/',
    'releases': '/releases',
    'releases-table': '/releases?view=table',
    'releases-covers': '/releases?view=covers',
    'release': `/releases/${packed}`,
    'review': `/releases/${draft}/review`,
    'desk': '/new',
    'jobs': '/jobs',
    'job': await first('/jobs', '#jobs a'),
    'inbox': '/inbox',
    'profiles': '/profiles',
    'profile': '/profiles/plain',
    'profile-editor': '/profiles/new?from=plain',
    'users': '/users',
    'user': await first('/users', 'table a'),
    'groups': '/groups',
    'roles': '/roles',
    'audit': '/audit',
    // A cluster is told other things.
    ...(ON_CLUSTER ? {} : { 'settings': '/settings' }),
    'account': '/account',
  };
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    // What wakes is awake, and what it asks for is there.
    await page.waitForLoadState('networkidle');
    await standStill(page);
    const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: document.documentElement.scrollHeight }));
    const clip = { x: 0, y: 0, width, height: Math.min(height, HIGHEST) };
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await expect.soft(page).toHaveScreenshot(`pages/filled-${name}-${theme}.png`, { fullPage: true, clip });
    }
  }
});
