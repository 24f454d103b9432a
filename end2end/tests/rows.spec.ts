import type { Api } from '../fixtures/api';
import { book } from '../fixtures/books';
import { holdBack } from '../fixtures/held';
import { expect, test } from '../fixtures/test';
import { ReviewPage } from '../pages/review-page';

/** Brings two books to the desk, each with a title of its own, and gives their ids. */
async function two(api: Api, group: string): Promise<[string, string]> {
  const bring = async (title: string) => {
    const id = await api.upload(book('lighthouse'));
    await api.settled(id);
    await api.retitle(id, `${title} ${group}`);
    return id;
  };
  return [await bring('First'), await bring('Second')];
}

const addressOf = (release: string) => `/releases/${release}/review`;

test('the way back saves what is typed, and writes it into no other book', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  const title = review.field('Title');
  await review.of(first);
  await page.locator(`#row-${second}`).click();
  await expect(title).toHaveValue(`Second ${group}`);
  await title.fill(`Typed ${group}`);
  await expect(title).toBeFocused();
  await page.goBack();
  await expect(review.title).toHaveText(`First ${group}`);
  await expect(page).toHaveURL(new RegExp(`${addressOf(first)}$`));
  await expect(title).toHaveValue(`First ${group}`);
  expect((await api.lookup(second)).title).toBe(`Typed ${group}`);
  await review.fill('Publisher', 'Rocks & Sons');
  expect((await api.lookup(first)).title).toBe(`First ${group}`);
});

test('what is typed last is saved before the next book is opened, however slow the save before it', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  await review.of(first);
  const letGo = await holdBack(page, '**/api/app/review-save');
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/api/app/review-save' || pathname === addressOf(second)) asked.push(pathname);
  });
  const begun = page.waitForRequest('**/api/app/review-save');
  await review.field('Publisher').fill('Rocks & Sons');
  await review.field('Title').fill(`Typed ${group}`);
  await begun;
  await page.locator(`#row-${second}`).click();
  letGo();
  await expect(review.title).toHaveText(`Second ${group}`);
  expect(asked.slice(0, 3)).toEqual(['/api/app/review-save', '/api/app/review-save', addressOf(second)]);
  expect((await api.lookup(first)).title).toBe(`Typed ${group}`);
});

test('a book stays open with what is not taken, until one goes on knowing it', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  await review.of(first);
  const next = page.locator(`#row-${second}`);
  await page.locator('.further > summary').click();
  await review.field('ISBN').fill('no number at all');
  await next.click();
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await expect(review.field('ISBN')).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`${addressOf(first)}$`));
  await expect(review.field('ISBN')).toHaveValue('no number at all');
  await next.click();
  await expect(review.title).toHaveText(`Second ${group}`);
  await expect(page).toHaveURL(new RegExp(`${addressOf(second)}$`));
  await expect(review.field('ISBN')).not.toHaveValue('no number at all');
});

test('what was refused before is not thrown away by the first step to another book', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  await review.of(first);
  const next = page.locator(`#row-${second}`);
  await page.locator('.further > summary').click();
  await review.fill('ISBN', 'no number at all');
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await next.click();
  await expect(review.field('ISBN')).toBeFocused();
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await expect(page).toHaveURL(new RegExp(`${addressOf(first)}$`));
  await expect(review.field('ISBN')).toHaveValue('no number at all');
  await next.click();
  await expect(review.title).toHaveText(`Second ${group}`);
});

test('a book is opened while something else is on its way', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  await review.of(first);
  const letGo = await holdBack(page, '**/api/app/review-batch');
  await page.getByRole('checkbox', { name: `Choose First ${group}`, exact: true }).check();
  const begun = page.waitForRequest('**/api/app/review-batch');
  await page.getByRole('button', { name: 'Pack the chosen' }).click();
  await begun;
  await page.locator(`#row-${second}`).click();
  await expect(review.title).toHaveText(`Second ${group}`);
  letGo();
  await expect(page.locator('#batch-said')).toContainText(`First ${group}`);
});

test('of two books that one asks for quickly the last is opened, whichever comes last', async ({ signedIn: page, api, group }) => {
  const [first, second] = await two(api, group);
  const review = new ReviewPage(page);
  await review.open();
  const letGo = await holdBack(page, `**${addressOf(first)}`);
  const asked = page.waitForRequest(`**${addressOf(first)}`);
  const late = page.waitForResponse(`**${addressOf(first)}`);
  await page.locator(`#row-${first}`).click();
  await asked;
  await page.locator(`#row-${second}`).click();
  await expect(review.title).toHaveText(`Second ${group}`);
  letGo();
  await (await late).finished();
  // What happens later is shown in the one that is open.
  await api.year(second, '1914');
  await expect(review.field('Year')).toHaveValue('1914');
  await expect(review.title).toHaveText(`Second ${group}`);
  await expect(page).toHaveURL(new RegExp(`${addressOf(second)}$`));
});
