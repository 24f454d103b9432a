import type { Page } from '@playwright/test';
import { expectAccessible } from '../fixtures/accessible';
import type { Api } from '../fixtures/api';
import { ON_CLUSTER } from '../fixtures/backing';
import { book } from '../fixtures/books';
import { comeIn } from '../fixtures/come-in';
import { expect, test } from '../fixtures/own-house';
import { standStill } from '../fixtures/still';

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

/** Signs in, and gives the addresses of a filled house by their names. */
async function visit(page: Page, { packed, draft }: { packed: string; draft: string }): Promise<Record<string, string>> {
  await comeIn(page);
  const first = async (path: string, link: string) => {
    await page.goto(path);
    return (await page.locator(link).first().getAttribute('href')) ?? '';
  };
  return {
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
}

test('every page of a house in which something was done looks as before', async ({ page, api }) => {
  // Twenty pages, each in both themes.
  test.setTimeout(240_000);
  const filled = await fill(api);
  // Nobody rings: what was made to stand still is not drawn anew.
  await page.route('**/api/v1/events**', () => undefined);
  const pages = await visit(page, filled);
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

test.describe('in fr', () => {
  test.use({ locale: 'fr-FR' });

  test('every page of such a house has room for the longer words of French, and no barrier', async ({ page, api }) => {
    test.setTimeout(180_000);
    const pages = await visit(page, await fill(api));
    for (const path of Object.values(pages)) {
      await page.goto(path);
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(wide, `${path} is wider than its window by`).toBe(0);
      // Words are other ones; colours are not.
      await expectAccessible(page, ['light']);
    }
  });
});
