import { join } from 'node:path';
import { expectAccessible } from '../fixtures/accessible';
import { alive } from '../fixtures/alive';
import { book } from '../fixtures/books';
import { looks } from '../fixtures/looks';
import { expectBookInside } from '../fixtures/package';
import { holdBack } from '../fixtures/held';
import { expect, test } from '../fixtures/test';
import { ReleasePage } from '../pages/release-page';
import { ReviewPage } from '../pages/review-page';

test('a book is dropped, reviewed, packed and downloaded on one page', async ({ signedIn: page, api, group }, info) => {
  await api.createGroup(group);
  const review = new ReviewPage(page);
  await review.open();
  await expectAccessible(page);
  await looks(page, 'new');

  await review.choose(book('lighthouse'));
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac', { timeout: 30_000 });
  await expect(page).toHaveURL(/\/releases\/\w+\/review$/);
  await expect(review.pack).toBeDisabled();

  await review.select('Group', group);
  await expect(review.name).toContainText(`-${group}`);
  await review.select('Rights', 'Open licence');
  await review.fill('Licence (SPDX id)', 'CC-BY-4.0');
  await expect(review.nfo).toContainText('CC-BY-4.0');

  // What is typed shows before it is saved.
  const title = review.field('Title');
  await title.fill('Été à Paris');
  await expect(review.name).toContainText('Ete.a.Paris');
  await expect(review.title).toHaveText('Été à Paris');
  await title.blur();
  await expect(page.locator('#origin-title')).toContainText('set by hand');
  // Another test of this server may have packed the same title: this one has a name of its own.
  await review.fill('Title', `Été à Paris ${group}`);

  if (process.env['ESP_PICTURES'] && info.project.name === 'desk') {
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: join(process.env['ESP_PICTURES'], 'review.png'), fullPage: true });
  }
  await expectAccessible(page);
  await looks(page, 'review');

  await expect(review.pack).toBeEnabled();
  await review.pack.click();
  const download = await review.downloadPackage();
  expect(download.suggestedFilename()).toContain(`Ete.a.Paris.${group}`);
  await expectBookInside(await download.path(), book('lighthouse'), info);

  await page.getByRole('link', { name: "Open the release's page" }).click();
  await new ReleasePage(page).verify();
  await expect(page.getByText(/^All \d+ files were read, .+ together, and each is as it was made\./)).toBeVisible();
});

test('what is typed and not saved still shows after a change from elsewhere', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await review.field('Title').fill('Été à Paris');
  await expect(review.name).toContainText('Ete.a.Paris');
  await api.publish(id, 'Rocks & Sons');
  await expect(review.field('Publisher')).toHaveValue('Rocks & Sons');
  await expect(review.name).toContainText('Ete.a.Paris');
  await expect(review.nfo).toContainText('Rocks & Sons');
  await expect(review.field('Title')).toHaveValue('Été à Paris');
  // Each has changed another field: neither is in the way of the other.
  await review.field('Title').blur();
  await expect.poll(async () => (await api.lookup(id)).title).toBe('Été à Paris');
  await expect(review.field('Publisher')).toHaveValue('Rocks & Sons');
});

test('what somebody else saves comes into the field that one is in and has not typed in, and is not undone', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await review.field('Title').focus();
  await api.retitle(id, `Theirs ${group}`);
  await expect(page.locator(`#row-${id}`)).toHaveText(`Theirs ${group}`);
  await expect(review.field('Title')).toHaveValue(`Theirs ${group}`);
  await expect(review.field('Title')).toBeFocused();
  await review.fill('Publisher', 'Rocks & Sons');
  expect((await api.lookup(id)).title).toBe(`Theirs ${group}`);
});

test('what is typed over what somebody else has saved meanwhile is refused, and undoes nothing', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  const told = page.locator('#review-answer').getByRole('alert');
  await review.of(id);
  await review.field('Title').fill(`Ours ${group}`);
  await api.retitle(id, `Theirs ${group}`);
  await expect(page.locator(`#row-${id}`)).toHaveText(`Theirs ${group}`);
  await review.field('Title').blur();
  await expect(told).toContainText('Somebody changed this release in the meantime.');
  await expect(review.field('Title')).toHaveValue(`Ours ${group}`);
  // No other field takes it along.
  await review.fill('Publisher', 'Rocks & Sons');
  await expect(told).toBeVisible();
  expect((await api.lookup(id)).title).toBe(`Theirs ${group}`);
  await page.reload();
  await expect(review.field('Title')).toHaveValue(`Theirs ${group}`);
  await alive(page.locator('leptos-island[data-component^="Review"]'));
  await review.fill('Title', `Ours ${group}`);
  await expect(told).toHaveCount(0);
  expect((await api.lookup(id)).title).toBe(`Ours ${group}`);
});

test('what is typed while a save is on its way is saved with the next one', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  const letGo = await holdBack(page, '**/api/app/review-save');
  const [begun, ended] = [page.waitForRequest('**/api/app/review-save'), page.waitForResponse('**/api/app/review-save')];
  const title = review.field('Title');
  await title.fill(`One ${group}`);
  await title.blur();
  await begun;
  await title.fill(`Two ${group}`);
  letGo();
  await ended;
  await expect(page.locator(`#row-${id}`)).toHaveText(`One ${group}`);
  await expect(title).toHaveValue(`Two ${group}`);
  await title.blur();
  await expect.poll(async () => (await api.lookup(id)).title).toBe(`Two ${group}`);
});

test('a letter that is taken back leaves nothing to be saved, and nothing to be refused', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  const title = review.field('Title');
  await title.press('x');
  await title.press('Backspace');
  await title.blur();
  await api.retitle(id, `Theirs ${group}`);
  await expect(title).toHaveValue(`Theirs ${group}`);
  await review.fill('Publisher', 'Rocks & Sons');
  await expect(page.locator('#review-answer').getByRole('alert')).toHaveCount(0);
  await expect(review.nfo).toContainText('Rocks & Sons');
  expect((await api.lookup(id)).title).toBe(`Theirs ${group}`);
});

test('what is stored beside a field that is refused counts as stored', async ({ signedIn: page, api, group }) => {
  const other = await api.createGroup(`${group}B`);
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await page.getByText('More fields').click();
  await review.fill('ISBN', 'no number at all');
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await review.fill('or a new group', group);
  await expect.poll(async () => (await api.lookup(id)).group?.tag).toBe(group);
  await expect(review.field('or a new group')).toHaveValue('');
  // What was made is not chosen again in the place of what is chosen later.
  await review.field('Group').selectOption(other);
  await expect.poll(async () => (await api.lookup(id)).group?.tag).toBe(`${group}B`);
  await expect(review.field('ISBN')).toHaveValue('no number at all');
});

test('a field that was refused beside one that was saved is not taken for what somebody else has changed', async ({ signedIn: page, api, group }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await review.of(id);
  await page.getByText('More fields').click();
  // The page is not read anew before both have happened: what was saved here, and what somebody else has changed then.
  const letRead = await holdBack(page, (url) => url.pathname === `/releases/${id}/review` && url.search === '');
  const letSave = await holdBack(page, (url) => url.pathname.endsWith('/review-save'));
  const begun = page.waitForRequest('**/api/app/review-save');
  await review.fill('Publisher', 'Rocks & Sons', begun);
  await review.field('Title').fill(`Ours ${group}`);
  await review.field('ISBN').fill('no number at all');
  await review.field('ISBN').blur();
  letSave();
  await expect(page.locator('#problem-isbn')).not.toBeEmpty();
  await expect.poll(async () => (await api.lookup(id)).title).toBe(`Ours ${group}`);
  await api.year(id, '1914');
  letRead();
  await expect(review.field('Year')).toHaveValue('1914');
  await review.fill('Title', `Ours again ${group}`);
  expect((await api.lookup(id)).title).toBe(`Ours again ${group}`);
});

test('whoever reads by the keys stays there when the page is drawn anew, and what is scrolled along, too', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  await page.setViewportSize({ width: 390, height: 844 });
  const review = new ReviewPage(page);
  await review.of(id);
  await review.nfo.focus();
  const along = () => review.nfo.evaluate((nfo) => nfo.scrollLeft);
  await review.nfo.evaluate((nfo) => (nfo.scrollLeft = 60));
  expect(await along()).toBeGreaterThan(50);
  await api.publish(id, 'Rocks & Sons');
  await expect(review.nfo).toContainText('Rocks & Sons');
  await expect(review.nfo).toBeFocused();
  expect(await along()).toBeGreaterThan(50);
});

test('a value that was typed goes back to what the book says', async ({ signedIn: page }) => {
  const review = new ReviewPage(page);
  await review.open();
  await review.choose(book('lighthouse'));
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac', { timeout: 30_000 });
  await review.fill('Title', 'Something else');
  await expect(review.title).toHaveText('Something else');
  await page.getByRole('button', { name: 'Take Title from the book again' }).click();
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac');
  await expect(review.field('Title')).toHaveValue('The Lighthouse Keeper’s Almanac');
});

test('a finding is mended by its button, which leads to the field, and the book can be asked again', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('inverted'));
  expect((await api.settled(id)).status).toBe('draft');
  const review = new ReviewPage(page);
  await review.of(id);
  const author = review.field('Authors');
  await expect(author).toHaveValue('Example, Ada');
  await expect(page.locator('#origin-authors')).toContainText('from the book');
  const mend = page.locator('#review-findings').getByRole('button', { name: 'Set Authors to “Ada Example”' });
  await mend.click();
  await expect(author).toHaveValue('Ada Example');
  await expect(author).toBeFocused();
  await expect(page.locator('#origin-authors')).toContainText('set by hand');
  await expect(mend).toHaveCount(0);
  await expect(review.name).toContainText('Ada.Example.');
  await page.getByRole('button', { name: 'Take Authors from the book again' }).click();
  await expect(author).toHaveValue('Example, Ada');
  await expect(mend).toBeVisible();
});

test('in a batch the good books go on beside a broken and a protected one', async ({ signedIn: page }) => {
  const review = new ReviewPage(page);
  await review.open();
  const before = await review.rows.count();
  await review.choose(book('lighthouse'), book('protected'), book('empty'), book('truncated'));
  await expect(review.rows).toHaveCount(before + 4, { timeout: 30_000 });
  await expect(review.rows.filter({ hasText: 'Refused' }).first()).toBeVisible({ timeout: 30_000 });
  await expect(review.rows.filter({ hasText: 'The Lighthouse Keeper’s Almanac' }).first()).toContainText('Draft');
  await expect(review.rows.filter({ hasText: 'Being read' })).toHaveCount(0, { timeout: 30_000 });
  await expectAccessible(page);
  await looks(page, 'new-batch');
});

test('on a narrow screen the open book is one jump away for the keys', async ({ signedIn: page, api }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (let books = 0; books < 8; books += 1) await api.upload(book('lighthouse'));
  const id = await api.upload(book('lighthouse'));
  expect((await api.settled(id)).status).toBe('draft');
  const review = new ReviewPage(page);
  await review.of(id);
  await expect(review.title).toBeInViewport();
  // The keys come to the list first, and before it to the jump, which is seen while it has the focus.
  const jump = page.locator('#main a').first();
  await expect(jump).toHaveText('To the open book: The Lighthouse Keeper’s Almanac');
  await jump.focus();
  await expect(jump).toBeInViewport({ ratio: 1 });
  await expectAccessible(page);
  await jump.press('Enter');
  await expect(review.title).toBeInViewport();
  await expect(review.pack).toBeInViewport();
  await page.keyboard.press('Tab');
  await expect(page.locator('#review :focus')).toHaveCount(1);

  // On a wide one it stands beside the list.
  await page.setViewportSize({ width: 1440, height: 900 });
  await review.of(id);
  await expect(jump).toBeHidden();
  await expect(review.title).toBeInViewport();
});

test('on a phone what was found comes before rights and group, the package and the NFO; on a desk it stands beside them', async ({ signedIn: page, api }) => {
  const id = await api.upload(book('lighthouse'));
  await api.settled(id);
  const review = new ReviewPage(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await review.of(id);
  const box = async (selector: string) => {
    const place = await page.locator(selector).boundingBox();
    if (!place) throw new Error(`${selector} is not there`);
    return place;
  };
  const order = ['#review-head', '#review-findings', '#field-rights', '#field-group', '#review-package', '#review-info'];
  const tops: number[] = [];
  for (const part of order) tops.push((await box(part)).y);
  expect(tops).toEqual([...tops].sort((one, other) => one - other));

  await page.setViewportSize({ width: 1440, height: 900 });
  const [fields, findings, made] = [await box('#review-fields'), await box('#review-findings'), await box('#review-package')];
  expect(Math.round(findings.y)).toBe(Math.round(fields.y));
  expect(findings.x).toBeGreaterThan(fields.x + fields.width - 1);
  expect(Math.round(made.x)).toBe(Math.round(findings.x));
  expect(made.y).toBeGreaterThan(findings.y);
});

test('a reload finds the same screen', async ({ signedIn: page }) => {
  const review = new ReviewPage(page);
  await review.open();
  await review.choose(book('lighthouse'));
  await expect(review.title).toHaveText('The Lighthouse Keeper’s Almanac', { timeout: 30_000 });
  await review.fill('Publisher', 'Rocks & Sons');
  await page.reload();
  await expect(review.field('Publisher')).toHaveValue('Rocks & Sons');
  await expect(review.nfo).toContainText('Rocks & Sons');
});

test('rights that are taken back are no longer packed under', async ({ signedIn: page, api, group }) => {
  const id = await api.createGroup(group);
  const release = await api.upload(book('lighthouse'));
  await api.settled(release);
  await api.ready(release, id);
  const review = new ReviewPage(page);
  await review.of(release);
  await review.select('Rights', 'Own work');
  await expect(review.state).toContainText('Choose the rights basis');
  await review.fill('Note on the rights', 'Written by the group.');
  await expect(review.state).toContainText('Ready to pack');
  await review.fill('Note on the rights', '');
  await expect(review.state).not.toContainText('Ready to pack');
  // What was chosen stands in the field: only the note is still to come.
  await expect(review.field('Rights')).toHaveValue('own-work');
  expect((await api.lookup(release)).status).toBe('draft');
  await page.reload();
  await expect(review.state).not.toContainText('Ready to pack');
});
